/** A statement of a policy that grants. */
export interface PermissionStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** Values by condition key, by operator. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** An IAM policy document. */
export interface PermissionDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PermissionStatement[];
}

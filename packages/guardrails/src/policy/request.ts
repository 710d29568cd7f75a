/** Who asks. Members of AWS Organizations unless `accountId` is the management account of the organisation given. */
export interface Principal {
  /** `arn:aws:iam::111122223333:role/Admin`, the root user's ARN, or an assumed role's. */
  readonly arn: string;
  readonly accountId: string;
  /** Service-linked roles are not restricted by service or resource control policies. */
  readonly serviceLinkedRole?: boolean;
  /** An AWS service that calls with its own identity (`cloudtrail.amazonaws.com`), not on behalf of a principal. */
  readonly service?: string;
}

/** One API call, as a policy sees it. */
export interface AccessRequest {
  readonly action: string;
  readonly principal: Principal;
  /** ARN, or `*` for actions without resources. */
  readonly resource: string;
  /** The account that owns the resource; the principal's own where absent. */
  readonly resourceAccountId?: string;
  /**
   * Condition keys by name, any case; a list for multivalued keys. A key that is absent is not in the request, but for
   * those that follow from the principal (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalIsAWSService`,
   * `aws:PrincipalServiceName`): they are filled in unless given, and an empty list says that there is none.
   */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

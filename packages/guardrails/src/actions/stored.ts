/** How the action data is stored: names once, lists where most services have them. */
export interface StoredActionData {
  readonly schema: 1;
  /** Day of the source, `2026-09-26`. */
  readonly asOf: string;
  readonly source: string;
  readonly services: Readonly<Record<string, StoredService>>;
  readonly globalKeys: Readonly<Record<string, ConditionKeyType>>;
  /** Services whose condition keys begin with another word than their actions: `saml` belongs to `sts`. */
  readonly keyPrefixes: Readonly<Record<string, readonly string[]>>;
  /** Services that resource control policies can be about. */
  readonly rcpServices: readonly string[];
}

/** One service. */
export interface StoredService {
  /** Name → access level, resource types (with the keys that come with each), and keys of the action itself. */
  readonly a: Readonly<Record<string, StoredAction>>;
  /** Resource type → ARN pattern, and keys that come with it. */
  readonly r: Readonly<Record<string, readonly [arn: string, ...keys: string[]]>>;
  /** Condition key → type. */
  readonly k: Readonly<Record<string, ConditionKeyType>>;
}

export type StoredAction = readonly [
  access: string,
  resourceTypes: Readonly<Record<string, readonly string[]>>,
  ...keys: string[],
];

/** The types of condition keys; `ArrayOf…` are multivalued. */
export type ConditionKeyType =
  | 'String'
  | 'ARN'
  | 'Bool'
  | 'Date'
  | 'IPAddress'
  | 'Numeric'
  | 'ArrayOfString'
  | 'ArrayOfARN'
  | 'ArrayOfBool';

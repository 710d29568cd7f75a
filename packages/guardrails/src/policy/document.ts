/** One value or several; IAM takes both everywhere. */
export type OneOrMany<T> = T | readonly T[];

/** Condition operator → condition key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMany<string>>>>>;

/** One statement of a service or resource control policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Resource control policies only, and there always `*`. */
  readonly Principal?: '*';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Conditions;
}

/** A policy document as AWS Organizations takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** The Organizations policy types that IAM evaluates. */
export type PolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

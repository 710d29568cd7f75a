import type { Lookup } from '../pattern.ts';

/** Whether one value of a policy fits one value of a request. */
export type Compare = (policyValue: string, value: string, lookup: Lookup) => boolean;

/** One condition operator without its set prefix and `IfExists`. */
export interface Operator {
  readonly compare: Compare;
  /** True when no value may fit: `StringNotEquals` and its like. */
  readonly negated: boolean;
}

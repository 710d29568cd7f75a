import { arnFields, arnMatches } from '../arn.ts';
import { type Lookup, patternMatches, toPattern } from '../pattern.ts';
import type { Compare } from './operator.ts';

const text =
  ({ wildcards, fold = false }: { readonly wildcards: boolean; readonly fold?: boolean }): Compare =>
  (policyValue, value, lookup) => {
    const pattern = toPattern(policyValue, { wildcards, lookup });
    if (pattern === undefined) return false;
    if (!fold) return patternMatches(pattern, value);
    return pattern.join('').toLowerCase() === value.toLowerCase();
  };

export const stringEquals: Compare = text({ wildcards: false });
export const stringEqualsIgnoreCase: Compare = text({ wildcards: false, fold: true });
export const stringLike: Compare = text({ wildcards: true });

/** `ArnEquals` and `ArnLike` are one: both take wildcards, in each field. */
export const arnLike: Compare = (policyValue, value, lookup) => {
  const [wanted, actual] = [arnFields(policyValue), arnFields(value)];
  return wanted !== undefined && actual !== undefined && arnMatches(wanted, actual, lookup);
};

const resolved = (policyValue: string, lookup: Lookup): string | undefined =>
  toPattern(policyValue, { wildcards: false, lookup })?.join('');

/** Booleans, in any case of letters. */
export const bool: Compare = (policyValue, value, lookup) => {
  const wanted = resolved(policyValue, lookup)?.toLowerCase();
  return (wanted === 'true' || wanted === 'false') && wanted === value.toLowerCase();
};

/** Base64, compared as it is written. */
export const binaryEquals: Compare = (policyValue, value, lookup) => resolved(policyValue, lookup) === value;

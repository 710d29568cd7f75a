import type { Conditions } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import { type RequestKeys, variablesOf } from './context.ts';
import { operators } from './operators/index.ts';
import type { Operator } from './operators/operator.ts';

/** A condition operator as it stands in a policy, taken apart. */
export interface OperatorName {
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  /** `StringEquals`, or `Null`. */
  readonly base: string;
  readonly ifExists: boolean;
}

const known = new Map([...Object.keys(operators), 'Null'].map((name) => [name.toLowerCase(), name]));
const sets = { forallvalues: 'ForAllValues', foranyvalue: 'ForAnyValue' } as const;

const form = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/i;

/** Takes an operator apart, in any case of letters; undefined for one that IAM does not know. */
export const parseOperator = (text: string): OperatorName | undefined => {
  const [, set, name = '', ifExists] = form.exec(text) ?? [];
  const base = known.get(name.toLowerCase());
  if (base === undefined) return undefined;
  const prefix = set?.toLowerCase();
  return {
    base,
    ifExists: ifExists !== undefined,
    ...(prefix === 'forallvalues' || prefix === 'foranyvalue' ? { set: sets[prefix] } : {}),
  };
};

/** One key under one operator, and why it holds or not. */
export interface ConditionResult {
  readonly operator: string;
  readonly key: string;
  readonly policyValues: readonly string[];
  /** Undefined when the request lacks the key. */
  readonly requestValue?: string | readonly string[];
  readonly holds: boolean;
}

const whenMissing = ({ set, ifExists }: OperatorName, { negated }: Operator): boolean => {
  // Over no values, "all" holds and "any" does not, with or without IfExists.
  if (set !== undefined) return set === 'ForAllValues';
  return ifExists || negated;
};

const holds = (name: OperatorName, key: string, policyValues: readonly string[], keys: RequestKeys): boolean => {
  const value = keys.get(key.toLowerCase());
  if (name.base === 'Null') return policyValues.some((wanted) => wanted.toLowerCase() === String(value === undefined));
  const operator = operators[name.base];
  if (operator === undefined) return false;
  if (value === undefined) return whenMissing(name, operator);
  const lookup = variablesOf(keys);
  const fits = (one: string): boolean =>
    policyValues.some((wanted) => operator.compare(wanted, one, lookup)) !== operator.negated;
  if (name.set === undefined) return typeof value === 'string' && fits(value);
  const values = typeof value === 'string' ? [value] : value;
  return name.set === 'ForAllValues' ? values.every(fits) : values.some(fits);
};

/**
 * Every key of a condition element against a request. A key with several values under an operator without
 * `ForAllValues` or `ForAnyValue` never holds, nor does an operator that IAM does not know.
 */
export const conditionResults = (conditions: Conditions | undefined, keys: RequestKeys): readonly ConditionResult[] =>
  Object.entries(conditions ?? {}).flatMap(([operator, byKey]) => {
    const name = parseOperator(operator);
    return Object.entries(byKey).map(([key, values]) => {
      const policyValues = listOf(values);
      const requestValue = keys.get(key.toLowerCase());
      return {
        operator,
        key,
        policyValues,
        ...(requestValue === undefined ? {} : { requestValue }),
        holds: name !== undefined && holds(name, key, policyValues, keys),
      };
    });
  });

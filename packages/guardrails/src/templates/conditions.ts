import type { Conditions } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';

/** Both conditions at once; under one operator and key the values are joined. */
export const bothConditions = (a: Conditions, b: Conditions): Conditions => {
  const joined: Record<string, Record<string, readonly string[]>> = {};
  for (const conditions of [a, b]) {
    for (const [operator, keys] of Object.entries(conditions)) {
      for (const [key, values] of Object.entries(keys)) {
        const byKey = joined[operator] ?? {};
        byKey[key] = [...new Set([...(byKey[key] ?? []), ...listOf(values)])];
        joined[operator] = byKey;
      }
    }
  }
  return joined;
};

/** Each key under each operator. */
export const conditionEntries = (
  conditions: Conditions | undefined,
): readonly { readonly operator: string; readonly key: string; readonly values: readonly string[] }[] =>
  Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  );

/** Whether a request without the key passes the operator. Source: IAM user guide, condition operators. */
export const holdsWithout = (operator: string, values: readonly string[]): boolean => {
  if (operator === 'Null') return values.includes('true');
  if (operator.startsWith('ForAllValues:')) return true;
  if (operator.startsWith('ForAnyValue:')) return false;
  return operator.endsWith('IfExists') || operator.includes('Not');
};

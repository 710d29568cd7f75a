import type { Statement } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import { conditionEntries, holdsWithout } from '../conditions.ts';
import {
  condition,
  keysOf,
  onlyWithout,
  type StatementMutant,
  withEntry,
  without,
  withoutKey,
  withValues,
} from './edit.ts';

/** As if one of several values were forgotten; for a value that lets something through, also in one action alone. */
const withoutValue = (
  statement: Statement,
  left: { readonly operator: string; readonly key: string; readonly values: readonly string[] },
  value: string,
): readonly StatementMutant[] => {
  const { operator, key } = left;
  const name = `without the value ${value} of ${operator} ${key}`;
  const shorter = withValues(statement, left);
  if (holdsWithout(operator, left.values))
    return [
      { name, mustFail: true, to: [shorter] },
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...shorter, Action }],
      })),
    ];
  // Requests that lack another key have cases of their own.
  const others = onlyWithout(withValues(statement, { operator, key, values: [value] }));
  return [
    { name, mustFail: true, to: [shorter, ...others.filter(({ Condition }) => Condition?.Null?.[key] === undefined)] },
  ];
};

/** As if a condition, or one of its values, were forgotten. */
export const fewerValues = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => [
    {
      name: `without the condition ${operator} ${key}`,
      mustFail: true,
      to: [{ ...statement, Condition: without(condition(statement), operator, key) }],
    },
    ...(values.length > 1 ? values : []).flatMap((value) =>
      withoutValue(statement, { operator, key, values: values.filter((other) => other !== value) }, value),
    ),
  ]);

/** As if a request without the key were taken the other way, in all actions or in one. */
export const otherWithoutKey = (statement: Statement): readonly StatementMutant[] =>
  keysOf(statement).flatMap((key) => {
    const own = conditionEntries(statement.Condition).filter((entry) => entry.key === key);
    const name = `with requests without ${key} taken the other way`;
    if (own.every(({ operator, values }) => holdsWithout(operator, values)))
      return [{ name, to: [{ ...statement, Condition: withEntry(condition(statement), 'Null', key, ['false']) }] }];
    const also = { ...statement, Condition: withEntry(withoutKey(statement, key), 'Null', key, ['true']) };
    return [
      { name, to: [statement, also] },
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...also, Action }],
      })),
    ];
  });

/** As if a condition were forgotten, but for requests that lack the key: those have a case of their own. */
export const givenButIgnored = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => {
    const name = `with any ${key} taken for one that fits ${operator}`;
    const ignoring = {
      ...statement,
      Condition: withEntry(without(condition(statement), operator, key), 'Null', key, ['false']),
    };
    return [
      ...(holdsWithout(operator, values) ? [] : [{ name, to: [ignoring] }]),
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...ignoring, Action }],
      })),
    ];
  });

/** How far a bound is moved for a mutant: versions go by tenths, all else by whole numbers. */
const steps: Readonly<Record<string, number>> = { NumericGreaterThan: -1, NumericLessThan: 0.05 };

/** As if a bound were a little tighter, or the only value that is right. */
export const otherBounds = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => {
    const step = steps[operator];
    if (step === undefined) return [];
    const unbound = without(condition(statement), operator, key);
    const tighter = withEntry(
      unbound,
      operator,
      key,
      values.map((value) => `${Number(value) + step}`),
    );
    const other = withEntry(withEntry(unbound, 'NumericNotEquals', key, values), 'Null', key, ['false']);
    return [
      { name: `with a tighter bound of ${key}`, to: [{ ...statement, Condition: tighter }] },
      { name: `with any other ${key}`, to: [{ ...statement, Condition: other }] },
    ];
  });

/** As if only requests that lack a key were meant. */
export const onlyWithoutKeys = (statement: Statement): readonly StatementMutant[] =>
  statement.Condition === undefined ? [] : [{ name: 'for requests that lack a key alone', to: onlyWithout(statement) }];

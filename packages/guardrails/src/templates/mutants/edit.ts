import type { Conditions, Statement } from '../../policy/document.ts';
import { conditionEntries, holdsWithout } from '../conditions.ts';

/** A statement with one fault in it, perhaps as several statements. */
export interface StatementMutant {
  readonly name: string;
  /** True where at least one case must notice. */
  readonly mustFail?: boolean;
  readonly to: readonly Statement[];
}

export const without = (conditions: Conditions, operator: string, key: string): Conditions =>
  Object.fromEntries(
    Object.entries(conditions).flatMap(([name, keys]) => {
      const left = Object.entries(keys).filter(([other]) => name !== operator || other !== key);
      return left.length === 0 ? [] : [[name, Object.fromEntries(left)]];
    }),
  );

export const withEntry = (
  conditions: Conditions,
  operator: string,
  key: string,
  values: readonly string[],
): Conditions => ({
  ...conditions,
  [operator]: { ...conditions[operator], [key]: values },
});

export const condition = (statement: Statement): Conditions => statement.Condition ?? {};

export const withValues = (
  statement: Statement,
  { operator, key, values }: { readonly operator: string; readonly key: string; readonly values: readonly string[] },
): Statement => ({ ...statement, Condition: withEntry(condition(statement), operator, key, values) });

export const keysOf = (statement: Statement): readonly string[] => [
  ...new Set(conditionEntries(statement.Condition).map(({ key }) => key)),
];

export const withoutKey = (statement: Statement, key: string): Conditions =>
  conditionEntries(statement.Condition)
    .filter((entry) => entry.key === key)
    .reduce((conditions, { operator }) => without(conditions, operator, key), condition(statement));

export const onlyWithout = (statement: Statement): readonly Statement[] =>
  keysOf(statement)
    .filter((key) =>
      conditionEntries(statement.Condition).every(
        (entry) => entry.key !== key || holdsWithout(entry.operator, entry.values),
      ),
    )
    .map((key) => ({
      ...statement,
      Condition: withEntry(condition(statement), 'Null', key, ['true']),
    }));

export type Actionless = Omit<Statement, 'Action' | 'NotAction'>;

export const rest = ({ Action: _, NotAction: __, ...others }: Statement): Actionless => others;

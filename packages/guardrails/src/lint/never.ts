import { conditionResults } from '../evaluate/condition.ts';
import { operators } from '../evaluate/operators/index.ts';
import type { Conditions } from '../policy/document.ts';
import { type PlacedStatement, type PlacedTest, statementsOf } from './elements.ts';
import type { LintContext, LintFinding, LintRule } from './finding.ts';

const holdsFor = (tests: readonly PlacedTest[], value: string | undefined): boolean => {
  const keys = new Map(value === undefined ? [] : tests.map(({ key }) => [key.toLowerCase(), value] as const));
  return tests.every(({ operator, key, values }) => {
    const condition: Conditions = { [operator]: { [key]: values } };
    return conditionResults(condition, keys).every(({ holds }) => holds);
  });
};

/** Every value that could satisfy the tests of one key, if they can be counted; undefined stands for no value. */
const candidates = (tests: readonly PlacedTest[]): readonly (string | undefined)[] | undefined => {
  const literal = tests.find(
    ({ name, values }) =>
      name?.set === undefined && /^(StringEquals|Bool|Null)$/.test(name?.base ?? '') && !values.join().includes('${'),
  );
  if (literal === undefined || tests.some(({ name }) => name === undefined || name.set !== undefined)) return undefined;
  if (literal.name?.base === 'Bool') return ['true', 'false', undefined];
  if (literal.name?.base === 'StringEquals') return [...literal.values, undefined];
  return literal.values.every((value) => value.toLowerCase() === 'true') ? [undefined] : undefined;
};

const contradictions = ({ tests, path }: PlacedStatement): readonly LintFinding[] => {
  const keys = [...new Set(tests.map(({ key }) => key.toLowerCase()))];
  return keys.flatMap((lower): readonly LintFinding[] => {
    const ofKey = tests.filter(({ key }) => key.toLowerCase() === lower);
    const possible = candidates(ofKey);
    const [first] = ofKey;
    if (
      first === undefined ||
      ofKey.length < 2 ||
      possible === undefined ||
      possible.some((value) => holdsFor(ofKey, value))
    )
      return [];
    return [
      {
        code: 'never-matches',
        path: `${path}.Condition`,
        message: `No value of ${first.key}, and no request without it, satisfies ${ofKey.map(({ operator }) => operator).join(' and ')}.`,
        fix: 'Separate statements match one or the other; one statement matches both.',
      },
    ];
  });
};

const empty = ({ tests }: PlacedStatement): readonly LintFinding[] =>
  tests
    .filter(({ values }) => values.length === 0)
    .map(({ operator, key, path }) => ({
      code: 'never-matches',
      path,
      message: `${operator} of ${key} has no values: ${operators[operator]?.negated === true ? 'it always holds' : 'nothing fits'}.`,
      fix: 'Write the values, or take the test out.',
    }));

/** A key of a service that none of the statement's actions carries. */
const foreignKeys = ({ statement, tests, actions }: PlacedStatement, { data }: LintContext): readonly LintFinding[] => {
  if (statement.NotAction !== undefined || actions.some(({ text }) => text === '*')) return [];
  const carried = new Set(
    actions.flatMap(({ text }) => data.actionsLike(text).flatMap(({ conditionKeys }) => conditionKeys)),
  );
  return tests.flatMap(({ key, path }): readonly LintFinding[] => {
    const facts = data.conditionKey(key);
    if (facts === undefined || facts.global || carried.has(facts.key)) return [];
    // Where the reference gives the key to no action at all, it does not know.
    const service = facts.key.split(':')[0] ?? '';
    if (!data.actionsLike(`${service}:*`).some(({ conditionKeys }) => conditionKeys.includes(facts.key))) return [];
    return [
      {
        code: 'key-not-in-request',
        path,
        message: `No request for ${actions.map(({ text }) => text).join(', ')} carries ${key} (as of ${data.asOf}).`,
        fix: 'Test a key of these actions, or move the test to the statement of those that carry it.',
      },
    ];
  });
};

/** Conditions that no request can satisfy. */
export const neverMatches: LintRule = (context) =>
  statementsOf(context.document).flatMap((statement) => [
    ...empty(statement),
    ...contradictions(statement),
    ...foreignKeys(statement, context),
  ]);

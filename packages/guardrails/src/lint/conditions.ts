import type { ConditionKeyType } from '../actions/stored.ts';
import { arnFields } from '../evaluate/arn.ts';
import { operators } from '../evaluate/operators/index.ts';
import { readBlock } from '../evaluate/operators/ip.ts';
import { readInstant, readNumber } from '../evaluate/operators/order.ts';
import { type PlacedTest, statementsOf } from './elements.ts';
import type { LintContext, LintFinding, LintRule } from './finding.ts';
import { nearest } from './nearest.ts';
import { hasPlaceholder } from './placeholders.ts';

/** What operators of each family are for. Text operators also fit ARNs; keys that hold ARNs are sometimes text. */
const families: readonly (readonly [operator: RegExp, types: readonly ConditionKeyType[], example: string])[] = [
  [/^String/, ['String', 'ARN'], 'StringLike'],
  [/^Arn/, ['ARN', 'String'], 'ArnLike'],
  [/^Bool$/, ['Bool'], 'Bool'],
  [/^Date/, ['Date'], 'DateLessThan'],
  [/^Numeric/, ['Numeric'], 'NumericLessThan'],
  [/IpAddress$/, ['IPAddress'], 'IpAddress'],
  [/^Binary/, [], 'BinaryEquals'],
];

const single = (type: ConditionKeyType): ConditionKeyType | string => type.replace(/^ArrayOf/, '');

const example = (type: ConditionKeyType): string =>
  families.find(([, types]) => types[0] === single(type))?.[2] ?? 'StringLike';

const fits = (base: string, key: string, type: ConditionKeyType): boolean => {
  if (base === 'Null') return true;
  // Seconds since the epoch are a number and a date.
  if (key.toLowerCase() === 'aws:epochtime' && base.startsWith('Numeric')) return true;
  return families.some(([operator, types]) => operator.test(base) && types.some((one) => one === single(type)));
};

const isBool = (value: string): boolean => /^(true|false)$/i.test(value);

/** Whether a value can be of the type that an operator compares; variables may become anything. */
const wellFormed = (base: string, value: string): boolean => {
  if (/^(String|Binary)/.test(base)) return true;
  if (base === 'Null' || (base === 'Bool' && !value.includes('${'))) return isBool(value);
  if (base.startsWith('Numeric')) return !Number.isNaN(readNumber(value));
  if (base.startsWith('Date')) return !Number.isNaN(readInstant(value));
  if (base.endsWith('IpAddress')) return readBlock(value) !== undefined;
  return base === 'Bool' || arnFields(value) !== undefined;
};

const takesNoWildcard = /^String(Not)?Equals|^Bool|^Numeric|^Date|IpAddress$/;
const hasWildcard = (value: string): boolean => /[*?]/.test(value.replace(/\$\{[*?]\}/g, ''));

const operatorFindings = ({ operator, path, values }: PlacedTest): readonly LintFinding[] => {
  const meant = nearest(operator.replace(/^For\w+:|IfExists$/g, ''), [...Object.keys(operators), 'Null']);
  const finding: LintFinding = {
    code: 'unknown-operator',
    path,
    message: `${operator} ${values.join(', ')}: there is no such operator.`,
    fix: meant === undefined ? 'Use an operator of IAM.' : `Write ${meant}, if that is meant.`,
  };
  return [finding];
};

const keyFindings = (test: PlacedTest, base: string, { data }: LintContext): readonly LintFinding[] => {
  const { key, path, operator, name } = test;
  const facts = data.conditionKey(key);
  if (facts === undefined && hasPlaceholder(key)) return [];
  if (facts === undefined)
    return [
      {
        code: 'unknown-condition-key',
        path,
        message: `${key} is no condition key (as of ${data.asOf}), so that ${operator} never sees a value.`,
        fix: 'Correct the key, or take the test out.',
      },
    ];
  const found: LintFinding[] = [];
  // The value of a tag or an attribute may be a number or a date, though the reference calls all of them text.
  const open = facts.type === 'String' && facts.key.toLowerCase() !== key.toLowerCase();
  if (!open && !fits(base, key, facts.type))
    found.push({
      code: 'wrong-operator',
      path,
      message: `${key} is of the type ${facts.type}, for which ${operator} is not made.`,
      fix: `Use ${example(facts.type)} or its like.`,
    });
  if (facts.type.startsWith('ArrayOf') && base !== 'Null' && name?.set === undefined)
    found.push({
      code: 'missing-set-operator',
      path,
      message: `${key} has several values in a request; ${operator} matches one value alone.`,
      fix: `Write ForAnyValue:${operator} or ForAllValues:${operator}.`,
    });
  return found;
};

/** `aws:PrincipalArn` of a session is the role's ARN. Source: IAM User Guide, "AWS global condition context keys". */
const isSession = (key: string, value: string): boolean =>
  key.toLowerCase() === 'aws:principalarn' && /^arn:[^:]*:sts:[^:]*:[^:]*:assumed-role\//.test(value);

const valueFindings = ({ operator, path, key, values }: PlacedTest, base: string): readonly LintFinding[] =>
  values.flatMap((value): readonly LintFinding[] => {
    if (takesNoWildcard.test(base) && hasWildcard(value))
      return [
        {
          code: 'wildcard-in-literal',
          path,
          message: `${operator} takes ${JSON.stringify(value)} as it is written, star and all.`,
          fix: base.startsWith('String')
            ? `Write ${operator.replace(/Equals(IgnoreCase)?/, 'Like')}.`
            : 'Write the values that are meant.',
        },
      ];
    if (isSession(key, value))
      return [
        {
          code: 'never-matches',
          path,
          message: `${value} is a session; ${key} holds the ARN of its role.`,
          fix: 'Write the role: arn:aws:iam::111122223333:role/Name.',
        },
      ];
    if (hasPlaceholder(value) || wellFormed(base, value)) return [];
    return [
      {
        code: 'malformed-value',
        path,
        message: `${JSON.stringify(value)} is nothing that ${operator} can compare with.`,
        fix: base.startsWith('Arn')
          ? 'Write all six fields of an ARN, with * where any will do.'
          : 'Correct the value.',
      },
    ];
  });

/** Operators that do not exist or do not fit their key, keys that do not exist, values that never match. */
export const conditions: LintRule = (context) =>
  statementsOf(context.document).flatMap(({ tests }) =>
    tests.flatMap((test) => {
      const { name } = test;
      if (name === undefined || (name.base === 'Null' && (name.ifExists || name.set !== undefined)))
        return operatorFindings(test);
      return [...keyFindings(test, name.base, context), ...valueFindings(test, name.base)];
    }),
  );

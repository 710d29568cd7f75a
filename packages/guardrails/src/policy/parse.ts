import { RemediationError } from '@remedykit/core';
import type { Conditions, OneOrMany, PolicyDocument, Statement } from './document.ts';

/** A fault of the form of a policy, and where it is. */
export interface StructureFault {
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

type Report = (path: string, message: string, fix: string) => void;
type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** IAM takes `true` and `5` for `"true"` and `"5"` in conditions. */
const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

const texts = (value: unknown, path: string, report: Report): OneOrMany<string> => {
  const one = scalar(value);
  if (one !== undefined) return one;
  const many = Array.isArray(value) ? value.map(scalar) : [undefined];
  if (many.includes(undefined)) report(path, 'is neither text nor a list of texts.', 'Write text, or a list of texts.');
  return many.filter((text) => text !== undefined);
};

const conditions = (value: unknown, path: string, report: Report): Conditions => {
  const entries = (fields: unknown, at: string): [string, unknown][] => {
    if (isObject(fields)) return Object.entries(fields);
    report(at, 'is no object.', 'Write operator, then key, then values.');
    return [];
  };
  return Object.fromEntries(
    entries(value, path).map(([operator, byKey]) => [
      operator,
      Object.fromEntries(
        entries(byKey, `${path}.${operator}`).map(([key, values]) => [
          key,
          texts(values, `${path}.${operator}.${key}`, report),
        ]),
      ),
    ]),
  );
};

const elements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

const oneOf = (fields: Fields, path: string, [a, b]: readonly [string, string], report: Report): void => {
  if (a in fields === b in fields) report(path, `must have ${a} or ${b}, and not both.`, `Keep one of ${a} and ${b}.`);
};

const statement = (value: unknown, path: string, report: Report): Statement => {
  const fields = isObject(value) ? value : {};
  if (!isObject(value)) report(path, 'is no object.', 'Write a statement with Effect, Action and Resource.');
  for (const name of Object.keys(fields).filter((key) => !elements.includes(key)))
    report(`${path}.${name}`, `${name} is no element of a statement.`, `Use one of ${elements.join(', ')}.`);
  const { Sid, Effect } = fields;
  if (Effect !== 'Allow' && Effect !== 'Deny')
    report(`${path}.Effect`, `Effect is ${JSON.stringify(Effect)}.`, 'Write "Allow" or "Deny".');
  if (Sid !== undefined && !(typeof Sid === 'string' && /^[A-Za-z0-9]*$/.test(Sid)))
    report(`${path}.Sid`, 'Sid holds other characters than letters and digits.', 'Use letters and digits alone.');
  oneOf(fields, path, ['Action', 'NotAction'], report);
  oneOf(fields, path, ['Resource', 'NotResource'], report);
  const list = (name: 'Action' | 'NotAction' | 'Resource' | 'NotResource') => {
    if (!(name in fields)) return {};
    const found = texts(fields[name], `${path}.${name}`, report);
    if (Array.isArray(fields[name]) && fields[name].length === 0)
      report(
        `${path}.${name}`,
        'is an empty list, which AWS refuses.',
        'Name at least one, or leave the statement out.',
      );
    return { [name]: found };
  };
  return {
    ...(typeof Sid === 'string' ? { Sid } : {}),
    Effect: Effect === 'Allow' ? 'Allow' : 'Deny',
    ...(fields.Principal === '*' ? { Principal: '*' } : {}),
    ...list('Action'),
    ...list('NotAction'),
    ...list('Resource'),
    ...list('NotResource'),
    ...('Condition' in fields ? { Condition: conditions(fields.Condition, `${path}.Condition`, report) } : {}),
  };
};

/** A document as far as it can be read, and what is wrong with its form. */
export interface ReadPolicy {
  readonly document: PolicyDocument;
  readonly faults: readonly StructureFault[];
}

/** Reads a policy document, one statement without a list included; never throws. */
export const readPolicy = (input: unknown): ReadPolicy => {
  const faults: StructureFault[] = [];
  const report: Report = (path, message, fix) => void faults.push({ path, message, fix });
  const fields = isObject(input) ? input : {};
  if (!isObject(input)) report('', 'The policy is no object.', 'Write a document with Version and Statement.');
  if (isObject(input) && fields.Version !== '2012-10-17')
    report('Version', `Version is ${JSON.stringify(fields.Version)}.`, 'Write "2012-10-17": else variables are text.');
  const { Statement: found } = fields;
  const list: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  if (isObject(input) && list.length === 0) report('Statement', 'There is no statement.', 'Write at least one.');
  const statements = list.map((one, index) => statement(one, `Statement[${index}]`, report));
  for (const [index, { Sid }] of statements.entries()) {
    if (Sid !== undefined && Sid !== '' && statements.findIndex((other) => other.Sid === Sid) < index)
      report(`Statement[${index}].Sid`, `The Sid ${Sid} is there twice.`, 'Give each statement a Sid of its own.');
  }
  return { document: { Version: '2012-10-17', Statement: statements }, faults };
};

/**
 * Reads a policy document.
 * @throws `POLICY_INVALID` when its form is wrong; the message names the first fault and where it is
 */
export const parsePolicyDocument = (input: unknown, where = 'policy'): PolicyDocument => {
  const { document, faults } = readPolicy(input);
  const [first] = faults;
  if (first === undefined) return document;
  throw new RemediationError({
    code: 'POLICY_INVALID',
    message: `${where}: ${first.path} ${first.message} ${first.fix}`,
  });
};

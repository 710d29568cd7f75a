import type { ActionData } from '../actions/facts.ts';
import { arnFields } from '../evaluate/arn.ts';
import { conditionResults, parseOperator } from '../evaluate/condition.ts';
import { requestKeys } from '../evaluate/context.ts';
import { actionMatches } from '../evaluate/match-action.ts';
import { arnsOverlap } from '../lint/overlap.ts';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import type { AccessRequest } from '../policy/request.ts';
import { caseAccount, exampleOf } from '../templates/glob.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

/** Actions that all patterns treat alike are one class; this many of each are asked for. */
const ofEachClass = 3;
const values = 6;

const statementsOf = (documents: readonly PolicyDocument[]): readonly Statement[] =>
  documents.flatMap(({ Statement: statements }) => statements);

/** Some documented actions of each class, and those that are named without a wildcard. */
const actionsOf = (statements: readonly Statement[], data: ActionData): readonly string[] => {
  const patterns = [
    ...new Set(statements.flatMap(({ Action, NotAction }) => [...listOf(Action), ...listOf(NotAction)])),
  ];
  const named = patterns.filter((pattern) => !/[*?]/.test(pattern) && data.actionsLike(pattern).length === 0);
  // What no pattern but the widest is about tells nothing more than a few actions do.
  const narrow = patterns.filter((pattern) => pattern !== '*');
  const classes = new Map<string, string[]>();
  const covered = new Map(
    narrow.map((pattern) => [pattern, new Set(data.actionsLike(pattern).map(({ action }) => action))]),
  );
  for (const { action, resourceTypes } of data.actionsLike('*')) {
    const by = narrow.flatMap((pattern, index) => (covered.get(pattern)?.has(action) === true ? [index] : []));
    const key = `${by.join()} ${by.length === 0 ? '' : resourceTypes.join()}`;
    const found = classes.get(key) ?? [];
    if (found.length < ofEachClass) found.push(action);
    classes.set(key, found);
  }
  return [...named, ...[...classes.values()].flat()];
};

/** Resources that an action can have: examples of those that the policies name, and one that none of them does. */
const resourcesOf = (action: string, statements: readonly Statement[], data: ActionData): readonly string[] => {
  const [facts] = data.actionsLike(action);
  const [service = ''] = action.split(':');
  const types = (facts?.resourceTypes ?? []).flatMap((type) => data.resourceArn(service, type) ?? []);
  if (types.length === 0) return ['*'];
  const named = [
    ...new Set(statements.flatMap(({ Resource, NotResource }) => [...listOf(Resource), ...listOf(NotResource)])),
  ].filter((resource) => arnFields(resource) !== undefined && types.some((type) => arnsOverlap(type, resource)));
  const filled = (arn: string): string =>
    exampleOf(
      arn
        .replace(/\$\{Partition\}/g, 'aws')
        .replace(/\$\{Region\}/g, 'eu-west-1')
        .replace(/\$\{Account\}/g, caseAccount)
        .replace(/\$\{[^}]*\}/g, 'other'),
    );
  return [...new Set([...named.map(exampleOf), ...types.slice(0, 2).map(filled)])];
};

/** Texts that may satisfy a test, or just miss it. */
const candidates = (operator: string, written: readonly string[]): readonly string[] => {
  const base = parseOperator(operator)?.base ?? '';
  const block = (text: string): string => text.replace(/\/.*$/, '');
  const number = (text: string): readonly string[] => [text, `${Number(text) + 1}`, `${Number(text) - 1}`];
  if (base === 'Bool' || base === 'Null') return ['true', 'false'];
  if (base.endsWith('IpAddress')) return [...written.slice(0, values).map(block), '198.51.100.7', '2001:db8::7'];
  if (base.startsWith('Numeric')) return written.slice(0, values).flatMap(number);
  if (base.startsWith('Date')) return [...written.slice(0, values), '2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
  const like = base.endsWith('Like');
  const example = (text: string): string => {
    if (base.startsWith('Arn') || text.startsWith('arn:')) return exampleOf(text);
    return text.replace(/\$\{([^}]*)\}|[*?]/g, (found, inner?: string) => {
      if (inner !== undefined) return /^[*?$]$/.test(inner) ? inner : 'red';
      return like ? (found === '*' ? 'x' : '1') : found;
    });
  };
  const examples = written.slice(0, values).map(example);
  return [...examples, base.startsWith('Arn') ? `arn:aws:iam::${caseAccount}:role/other` : 'other'];
};

interface KeyValues {
  readonly key: string;
  readonly many: boolean;
  readonly candidates: readonly (string | undefined)[];
}

/** Each key of the conditions, with values to try: undefined stands for its absence. */
const keysOf = (statements: readonly Statement[], data: ActionData): readonly KeyValues[] => {
  const found = new Map<string, { readonly key: string; readonly tried: Set<string> }>();
  for (const { Condition = {} } of statements)
    for (const [operator, byKey] of Object.entries(Condition))
      for (const [key, written] of Object.entries(byKey)) {
        const one = found.get(key.toLowerCase()) ?? { key, tried: new Set<string>() };
        for (const text of candidates(operator, listOf(written))) one.tried.add(text);
        found.set(key.toLowerCase(), one);
      }
  return [...found.values()].map(({ key, tried }) => ({
    key,
    many: data.conditionKey(key)?.type.startsWith('ArrayOf') === true,
    candidates: [...tried, undefined],
  }));
};

const contextOf = (entries: readonly (readonly [KeyValues, string | undefined])[]): Context =>
  Object.fromEntries(
    entries.flatMap(([{ key, many }, value]) =>
      // `aws:PrincipalArn` follows from the principal, so that its absence has to be said.
      value === undefined ? (/^aws:principal/i.test(key) ? [[key, []]] : []) : [[key, many ? [value] : value]],
    ),
  );

/**
 * Contexts near a statement: one that satisfies it if any does, and from there each of its keys with every other value. Keys of
 * the other statements are as nobody set them, and once each with every value.
 */
const contextsOf = (statement: Statement, all: readonly KeyValues[]): readonly Context[] => {
  const own = new Set(
    Object.values(statement.Condition ?? {}).flatMap((byKey) => Object.keys(byKey).map((key) => key.toLowerCase())),
  );
  const keys = all.filter(({ key }) => own.has(key.toLowerCase()));
  const holdsWith = (key: KeyValues, value: string | undefined): number => {
    const context = contextOf([[key, value]]);
    const known = requestKeys({ action: '', resource: '*', principal: { arn: '', accountId: '' }, context });
    return conditionResults(statement.Condition, known).filter(
      (result) => result.key.toLowerCase() === key.key.toLowerCase() && !result.holds,
    ).length;
  };
  const satisfying = keys.map((key): readonly [KeyValues, string | undefined] => {
    const [best] = key.candidates.toSorted((a, b) => holdsWith(key, a) - holdsWith(key, b));
    return [key, best];
  });
  const changed = [...keys, ...all.filter((key) => !keys.includes(key))].flatMap((key) =>
    key.candidates.map((value) => contextOf([...satisfying.filter(([other]) => other !== key), [key, value]])),
  );
  return [contextOf(satisfying), ...changed];
};

const aboutAction = ({ Action, NotAction }: Statement, action: string): boolean =>
  NotAction === undefined
    ? listOf(Action).some((pattern) => actionMatches(pattern, action))
    : !listOf(NotAction).some((pattern) => actionMatches(pattern, action));

/**
 * Requests that tell policies apart: for every class of actions that the policies treat alike, on resources that they name and on
 * others, in contexts that satisfy a statement or just miss it. Made from the policies alone, the same ones each time.
 */
export const exampleRequests = function* (
  documents: readonly PolicyDocument[],
  data: ActionData,
): Generator<AccessRequest> {
  const statements = statementsOf(documents);
  const keys = keysOf(statements, data);
  const contexts = new Map(statements.map((statement) => [statement, contextsOf(statement, keys)]));
  const principal = { arn: `arn:aws:iam::${caseAccount}:role/Developer`, accountId: caseAccount };
  for (const action of actionsOf(statements, data)) {
    const about = statements.filter((statement) => aboutAction(statement, action));
    // Without any key, too: where nothing is said of an action, an allowance may be missing.
    const asked = new Map(
      [{}, ...about.flatMap((statement) => contexts.get(statement) ?? [])].map((one) => [JSON.stringify(one), one]),
    );
    for (const resource of resourcesOf(action, about, data))
      for (const context of asked.values()) yield { action, resource, principal, context };
  }
};

import { parseOperator } from '../evaluate/condition.ts';
import type { Conditions, OneOrMany, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import { actionCovers, resourceCovers, withoutCovered } from './covers.ts';

/** Where a statement came from. */
export interface Source {
  /** The guardrail's id, or the name of the document. */
  readonly policy?: string;
  /** The Sid that the statement had there. */
  readonly sid?: string;
  /** Place in the order in which statements were given. */
  readonly order: number;
}

/** One key under one operator. */
export interface Test {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What a list of actions or resources says: these, or all but these. */
export interface Scope {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** A statement in one form: lists sorted, without what another entry covers, conditions in order. */
export interface Part {
  readonly effect: Statement['Effect'];
  readonly principal?: '*';
  readonly actions: Scope;
  readonly resources: Scope;
  readonly tests: readonly Test[];
  readonly sources: readonly Source[];
}

const textOf = ({ operator, key }: Test): string => `${operator.toLowerCase()} ${key.toLowerCase()}`;

const testsOf = (conditions: Conditions | undefined): readonly Test[] =>
  Object.entries(conditions ?? {})
    .flatMap(([operator, byKey]) =>
      Object.entries(byKey).map(([key, values]) => {
        const name = parseOperator(operator);
        // An operator that IAM does not know stays as it is written.
        const canonical =
          name === undefined
            ? operator
            : `${name.set === undefined ? '' : `${name.set}:`}${name.base}${name.ifExists ? 'IfExists' : ''}`;
        return { operator: canonical, key, values: [...new Set(listOf(values))].toSorted() };
      }),
    )
    .toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));

const scopeOf = (
  plain: OneOrMany<string> | undefined,
  not: OneOrMany<string> | undefined,
  covers: (outer: string, inner: string) => boolean,
): Scope => ({ negated: not !== undefined, values: withoutCovered(listOf(not ?? plain), covers) });

/** Reads a statement into its one form; white space inside values stays. */
export const partOf = (statement: Statement, source: Source): Part => {
  const { Effect, Principal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return {
    effect: Effect,
    ...(Principal === undefined ? {} : { principal: Principal }),
    actions: scopeOf(Action, NotAction, actionCovers),
    resources: scopeOf(Resource, NotResource, resourceCovers),
    tests: testsOf(Condition),
    sources: [source],
  };
};

/** A scope over other values. */
export const scope = (negated: boolean, values: readonly string[], of: 'actions' | 'resources'): Scope => ({
  negated,
  values: withoutCovered(values, of === 'actions' ? actionCovers : resourceCovers),
});

const short = (values: readonly string[]): OneOrMany<string> => {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
};

/** An operator in a case of letters of its own for each number: `StringEquals`, `stringEquals`, `STringEquals`, … */
const spellingOf = (operator: string, number: number): string => {
  let left = number;
  return operator.replace(/[A-Za-z]/g, (letter) => {
    const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
    const flip = left % 2 === 1;
    left = Math.floor(left / 2);
    return flip ? other : letter;
  });
};

/**
 * The tests as a condition element. A key that stands several times under one operator is several tests, and all must hold: then
 * each has a spelling of the operator to itself, which IAM reads in any case of letters.
 */
const conditionOf = (tests: readonly Test[]): Conditions => {
  const found = new Map<string, Map<string, OneOrMany<string>>>();
  for (const { operator, key, values } of tests) {
    let name = operator;
    for (let number = 1; found.get(name)?.has(key) === true; number += 1) name = spellingOf(operator, number);
    found.set(name, (found.get(name) ?? new Map()).set(key, short(values)));
  }
  return Object.fromEntries([...found].map(([operator, byKey]) => [operator, Object.fromEntries(byKey)]));
};

/** Writes a part as a statement, as shortly as JSON can. */
export const statementOf = ({ effect, principal, actions, resources, tests }: Part, sid?: string): Statement => ({
  ...(sid === undefined || sid === '' ? {} : { Sid: sid }),
  Effect: effect,
  ...(principal === undefined ? {} : { Principal: principal }),
  [actions.negated ? 'NotAction' : 'Action']: short(actions.values),
  [resources.negated ? 'NotResource' : 'Resource']: short(resources.values),
  ...(tests.length === 0 ? {} : { Condition: conditionOf(tests) }),
});

/** Parts of one key have the same effect, principal and conditions. */
export const conditionKey = ({ effect, principal, tests }: Part): string =>
  JSON.stringify([effect, principal ?? '', tests.map((test) => [textOf(test), test.values])]);

/** Equal texts mean equal scopes. Actions are compared without regard to case. */
export const scopeKey = ({ negated, values }: Scope, of: 'actions' | 'resources'): string =>
  JSON.stringify([negated, of === 'actions' ? values.map((value) => value.toLowerCase()) : values]);

/** The tests of one operator and key have one text. */
export const testKey = (test: Test): string => textOf(test);

/** Sources of several parts, each once, in the order in which they were given. */
export const joinSources = (...parts: readonly Part[]): readonly Source[] =>
  [
    ...new Map(parts.flatMap(({ sources }) => sources.map((source) => [source.order, source] as const))).values(),
  ].toSorted((a, b) => a.order - b.order);

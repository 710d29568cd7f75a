import type { Statement } from '../policy/document.ts';
import { tooLong } from './error.ts';
import { type Part, statementOf } from './part.ts';

/** Characters of a document beside its statements; each statement but the first brings a comma. */
export const documentCharacters: number = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;

const half = <T>(values: readonly T[]): readonly [readonly T[], readonly T[]] => {
  const middle = Math.ceil(values.length / 2);
  return [values.slice(0, middle), values.slice(middle)];
};

/**
 * The parts, those that are too long by themselves halved until they fit. Lists of actions and resources can be halved: "one of
 * these" is "one of the first" or "one of the rest". What is excepted by NotAction or NotResource, and conditions, cannot.
 * @throws `POLICY_TOO_LONG` for what can be halved no more
 */
export const splitTooLong = (part: Part, most: number, lengthOf: (part: Part) => number): readonly Part[] => {
  if (lengthOf(part) <= most) return [part];
  const { actions, resources } = part;
  const halves = ((): readonly Part[] => {
    if (!actions.negated && actions.values.length > 1)
      return half(actions.values).map((values) => ({ ...part, actions: { negated: false, values } }));
    if (!resources.negated && resources.values.length > 1)
      return half(resources.values).map((values) => ({ ...part, resources: { negated: false, values } }));
    const names = part.sources.map(({ policy, sid = 'a statement without Sid' }) => `${policy ?? 'a policy'} (${sid})`);
    throw tooLong(
      `A statement of ${names.join(', ')} has ${lengthOf(part)} characters, and ${most} are left for it in a policy. It cannot be split: shorten its exceptions or conditions.`,
    );
  })();
  return halves.flatMap((one) => splitTooLong(one, most, lengthOf));
};

/** A statement that has its place. */
export interface Placed {
  readonly part: Part;
  readonly statement: Statement;
}

/** Characters of a document of statements. */
export const charactersOfAll = (statements: readonly Statement[]): number =>
  documentCharacters + statements.reduce((sum, statement) => sum + JSON.stringify(statement).length + 1, -1);

/** Longest first, each into the first policy with room for it. Within a policy the order is that in which they were given. */
export const fillPolicies = (placed: readonly Placed[], most: number): readonly (readonly Placed[])[] => {
  const lengthOf = ({ statement }: Placed): number => JSON.stringify(statement).length;
  const bins: Placed[][] = [];
  for (const one of placed.toSorted((a, b) => lengthOf(b) - lengthOf(a))) {
    const bin = bins.find((found) => charactersOfAll([...found, one].map(({ statement }) => statement)) <= most);
    if (bin === undefined) bins.push([one]);
    else bin.push(one);
  }
  return bins.map((bin) => placed.filter((one) => bin.includes(one)));
};

/** Characters of a part with a Sid. */
export const lengthWith =
  (sidOf: (part: Part) => string) =>
  (part: Part): number =>
    JSON.stringify(statementOf(part, sidOf(part))).length;

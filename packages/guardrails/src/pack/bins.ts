import type { Statement } from '../policy/document.ts';
import { tooLong } from './error.ts';
import { type Part, statementOf } from './part.ts';

/** Characters of a document beside its statements; each statement but the first brings a comma. */
export const documentCharacters: number = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;

/** How many values from the start fit; at least one, and never all. */
const fittingCount = (count: number, fits: (count: number) => boolean): number => {
  let [most, least] = [count - 1, 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
};

/**
 * The parts, those that are too long by themselves split until they fit. Lists of actions and resources can be split: "one of
 * these" is "one of the first" or "one of the rest". What is excepted by NotAction or NotResource, and conditions, cannot.
 * @throws `POLICY_TOO_LONG` for what can be split no more
 */
export const splitTooLong = (part: Part, most: number, lengthOf: (part: Part) => number): readonly Part[] => {
  if (lengthOf(part) <= most) return [part];
  const lists = (['actions', 'resources'] as const)
    .filter((of) => !part[of].negated && part[of].values.length > 1)
    .toSorted((a, b) => JSON.stringify(part[b].values).length - JSON.stringify(part[a].values).length);
  const [longest] = lists;
  if (longest === undefined) {
    const names = part.sources.map(({ policy, sid = 'a statement without Sid' }) => `${policy ?? 'a policy'} (${sid})`);
    throw tooLong(
      `A statement of ${names.join(', ')} has ${lengthOf(part)} characters, and ${most} are left for it in a policy. It cannot be split: shorten its exceptions or conditions.`,
    );
  }
  const { values } = part[longest];
  const piece = (list: readonly string[]): Part => ({ ...part, [longest]: { negated: false, values: list } });
  const count = fittingCount(values.length, (first) => lengthOf(piece(values.slice(0, first))) <= most);
  return [values.slice(0, count), values.slice(count)].flatMap((list) => splitTooLong(piece(list), most, lengthOf));
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

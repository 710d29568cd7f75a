import type { ActionData } from '../actions/facts.ts';
import { actionMatches } from '../evaluate/match-action.ts';
import { actionCovers } from './covers.ts';
import type { Part } from './part.ts';
import { serviceOf } from './reach.ts';

const quote = 3;

/** Wildcards that a name could be written with: its start, its end, both, or a word. */
const candidatesFor = (action: string): readonly string[] => {
  const service = serviceOf(action);
  const [head = '', ...rest] = action.slice(service.length + 1).split('*');
  const tail = rest.length === 0 ? head : (rest.at(-1) ?? '');
  // Whole words at the end, as people read them: `*EventSourceMapping`.
  const ends = [...tail.matchAll(/[A-Z]/g)].map(({ index }) => tail.slice(index));
  const words = [...head.matchAll(/[A-Z][a-z0-9]+/g), ...tail.matchAll(/[A-Z][a-z0-9]+/g)].map(([word]) => word);
  const starts = Array.from({ length: head.length }, (_, index) => head.slice(0, index + 1));
  return [
    ...starts.map((start) => `${service}:${start}*`),
    ...ends.map((end) => `${service}:*${end}`),
    ...words.map((word) => `${service}:*${word}*`),
    ...starts.flatMap((start) => ends.map((end) => `${service}:${start}*${end}`)),
  ];
};

const lengthOf = (values: readonly string[]): number => values.reduce((sum, value) => sum + value.length + quote, 0);

/** The shortest cover found: at each step the wildcard that replaces most for its length. */
const coverOf = (values: readonly string[], admitted: (wildcard: string) => boolean): readonly string[] => {
  const candidates = [...new Set([...values, ...values.flatMap(candidatesFor)])]
    .map((wildcard) => ({ wildcard, covers: values.filter((value) => actionCovers(wildcard, value)) }))
    .filter(({ wildcard, covers }) => values.includes(wildcard) || (covers.length > 0 && admitted(wildcard)));
  const worth = (wildcard: string, covers: readonly string[]): number => lengthOf(covers) / (wildcard.length + quote);
  let left = values;
  const chosen: string[] = [];
  while (left.length > 0) {
    const [best] = candidates
      .map(({ wildcard, covers }) => ({ wildcard, covers: covers.filter((value) => left.includes(value)) }))
      .filter(({ covers }) => covers.length > 0)
      .toSorted(
        (a, b) => worth(b.wildcard, b.covers) - worth(a.wildcard, a.covers) || (a.wildcard < b.wildcard ? -1 : 1),
      );
    if (best === undefined) break;
    chosen.push(best.wildcard);
    left = left.filter((value) => !best.covers.includes(value));
  }
  return chosen;
};

/**
 * Writes the actions of a denial with wildcards that cover the same documented actions and no other, as of the action data. All
 * that the list covered stays covered, actions that AWS does not have yet included; of those the wildcards may cover more, which
 * a denial may and an allowance or an exception may not: those stay as they are.
 */
export const withWildcards = (part: Part, data: ActionData): Part => {
  const { effect, actions } = part;
  if (effect !== 'Deny' || actions.negated) return part;
  const services = [...new Set(actions.values.map(serviceOf))];
  const values = services.flatMap((service) => {
    const own = actions.values.filter((action) => serviceOf(action) === service);
    const documented = data.actionsLike(`${service}:*`).map(({ action }) => action);
    if (documented.length === 0) return own;
    const foreign = documented.filter((action) => !own.some((pattern) => actionMatches(pattern, action)));
    const short = coverOf(own, (wildcard) => !foreign.some((action) => actionMatches(wildcard, action)));
    return lengthOf(short) < lengthOf(own) ? short : own;
  });
  return { ...part, actions: { negated: false, values: values.toSorted() } };
};

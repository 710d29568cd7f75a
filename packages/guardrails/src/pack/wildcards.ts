import type { ActionData } from '../actions/facts.ts';
import { actionMatches } from '../evaluate/match-action.ts';
import { compilePattern, patternMatches } from '../evaluate/pattern.ts';
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

/** A wildcard, and the length of what it would replace of the values that are left. */
interface Candidate {
  readonly wildcard: string;
  readonly covers: readonly string[];
  left: number;
}

/** The shortest cover found that touches nothing foreign: at each step the wildcard that replaces most for its length. */
const coverOf = (values: readonly string[], foreign: readonly string[]): readonly string[] => {
  const own = new Set(values);
  const lower = values.map((value) => [value, value.toLowerCase()] as const);
  const forbidden = foreign.map((action) => action.toLowerCase());
  const candidates = [...new Set([...values, ...values.flatMap(candidatesFor)])].flatMap((wildcard): Candidate[] => {
    // Compiled once: there are thousands of these, each compared with every action of the service.
    const pattern = compilePattern(wildcard.toLowerCase());
    const covers = lower.flatMap(([value, text]) =>
      (/[*?$]/.test(text) ? actionCovers(wildcard, value) : patternMatches(pattern, text)) ? [value] : [],
    );
    const left = lengthOf(covers);
    // An action by itself replaces its own length: what replaces less is never the best.
    if (
      !own.has(wildcard) &&
      (left < wildcard.length + quote || forbidden.some((text) => patternMatches(pattern, text)))
    )
      return [];
    return [{ wildcard, covers, left }];
  });
  const covering = new Map(values.map((value) => [value, [] as Candidate[]]));
  for (const candidate of candidates) for (const value of candidate.covers) covering.get(value)?.push(candidate);
  const worth = ({ wildcard, left }: Candidate): number => left / (wildcard.length + quote);
  const chosen: string[] = [];
  while (covering.size > 0) {
    let best: Candidate | undefined;
    for (const one of candidates) {
      if (one.left === 0) continue;
      const more = best === undefined ? 1 : worth(one) - worth(best);
      if (more > 0 || (more === 0 && best !== undefined && one.wildcard < best.wildcard)) best = one;
    }
    if (best === undefined) break;
    chosen.push(best.wildcard);
    for (const value of best.covers) {
      // Each value is replaced once: what is left to the others is less by it.
      for (const other of covering.get(value) ?? []) other.left -= value.length + quote;
      covering.delete(value);
    }
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
    const short = coverOf(own, foreign);
    return lengthOf(short) < lengthOf(own) ? short : own;
  });
  return { ...part, actions: { negated: false, values: values.toSorted() } };
};

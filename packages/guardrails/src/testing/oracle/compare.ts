import fc from 'fast-check';
import { parseOperator } from '../../evaluate/condition.ts';
import { type Evaluation, evaluate } from '../../evaluate/evaluate.ts';
import { type Pair, pairs } from './generate.ts';
import { explainedRules } from './rules.ts';
import { simulate } from './simulate.ts';

/** A pair on which the evaluators differ and no documented rule says why. */
export interface Disagreement extends Pair {
  readonly ours: Evaluation;
  readonly theirs: Evaluation['verdict'];
}

/** What a comparison over generated pairs found. */
export interface Comparison {
  readonly generatedPairs: number;
  /** Share of the pairs that a statement with a condition denies explicitly. */
  readonly deniedShare: number;
  /** Share of the pairs on which a documented rule bears, whether the evaluators differ there or not. */
  readonly explainedShare: number;
  readonly disagreements: readonly Disagreement[];
  /** How often each rule bore on a pair on which the evaluators differ. */
  readonly explainedRules: Readonly<Record<string, number>>;
  /** The forms of operators that stood in the condition of a statement that denied, `ForAnyValue:StringLike`. */
  readonly operators: ReadonlySet<string>;
}

/** What the comparison of one pair gives. */
interface Compared {
  readonly ours: Evaluation;
  readonly theirs: Evaluation['verdict'];
  readonly rules: readonly string[];
}

const comparePair = async ({ request, policies }: Pair): Promise<Compared> => ({
  ours: evaluate(request, policies),
  theirs: (await simulate(request, policies)).verdict,
  rules: explainedRules.flatMap(({ id, applies }) => (applies(request, policies) ? [id] : [])),
});

const decidedByCondition = ({ deniedBy }: Evaluation): boolean =>
  deniedBy.some(({ conditions }) => conditions.length > 0);

/** Compares both evaluators over generated pairs, the same ones for the same seed. */
export const comparePairs = async (
  count: number,
  seed: number,
  from: fc.Arbitrary<Pair> = pairs,
): Promise<Comparison> => {
  const disagreements: Disagreement[] = [];
  const counts: Record<string, number> = Object.fromEntries(explainedRules.map(({ id }) => [id, 0]));
  const operators = new Set<string>();
  let [denied, explained] = [0, 0];
  for (const pair of fc.sample(from, { numRuns: count, seed })) {
    const { ours, theirs, rules } = await comparePair(pair);
    if (decidedByCondition(ours)) denied += 1;
    if (rules.length > 0) explained += 1;
    for (const { operator } of ours.deniedBy.flatMap(({ conditions }) => conditions)) operators.add(operator);
    if (ours.verdict === theirs) continue;
    if (rules.length === 0) disagreements.push({ ...pair, ours, theirs });
    for (const id of rules) counts[id] = (counts[id] ?? 0) + 1;
  }
  return {
    generatedPairs: count,
    deniedShare: denied / count,
    explainedShare: explained / count,
    disagreements,
    explainedRules: counts,
    operators: new Set([...operators].filter((operator) => parseOperator(operator) !== undefined)),
  };
};

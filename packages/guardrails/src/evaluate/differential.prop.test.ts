import { expect, it } from 'vitest';
import { comparePairs } from '../testing/oracle/compare.ts';
import { cornerPairs } from '../testing/oracle/generate.ts';
import { explainedRules } from '../testing/oracle/rules.ts';
import { operators } from './operators/index.ts';

const runs = process.env.REMEDYKIT_RUNS;
const count = Math.max(5_000, Number(runs ?? 0));
// The same pairs each time, but for a long run, which may find what nobody has seen.
const seed = runs === undefined ? 20_261_124 : Date.now() % 2 ** 31;

it(`agrees with the second evaluator on generated pairs of request and policies (seed ${seed})`, {
  timeout: 120_000 + 20 * count,
}, async () => {
  const found = await comparePairs(count, seed);
  expect(found.disagreements.slice(0, 3)).toEqual([]);
  expect(found.disagreements).toHaveLength(0);
  expect(found.generatedPairs).toBe(count);
  expect(found.deniedShare).toBeGreaterThanOrEqual(0.2);
  expect(found.explainedShare).toBeLessThanOrEqual(0.02);
  const decided = new Set([...found.operators].map((name) => name.replace(/^For\w+:|IfExists$/g, '')));
  expect([...Object.keys(operators), 'Null'].filter((name) => !decided.has(name))).toEqual([]);
  for (const form of [/^ForAnyValue:/, /^ForAllValues:/, /IfExists$/])
    expect([...found.operators].some((name) => form.test(name))).toBe(true);
});

it('each documented rule is needed: without it, the evaluators would disagree', { timeout: 120_000 }, async () => {
  const { explainedRules: counts, disagreements } = await comparePairs(1_500, 7, cornerPairs);
  expect(disagreements).toEqual([]);
  expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
});

it('the rules are at most ten, and each names its source', () => {
  expect(explainedRules.length).toBeLessThanOrEqual(10);
  expect(new Set(explainedRules.map(({ id }) => id)).size).toBe(explainedRules.length);
  for (const { source } of explainedRules) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
});

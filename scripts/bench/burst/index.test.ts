import { describe, expect, it } from 'vitest';
import { runBurst } from './index.ts';

const quiet = (): void => {};

describe.each([
  ['a standard queue', false, 3],
  ['a FIFO queue with one writer per network ACL', true, 1.5],
] as const)('a thousand findings at once through %s', (_, fifo, mostCalls) => {
  it.each([1, 2])(
    'G1, G4, G38: no decision is lost, no slot is double, no foreign rule is touched (seed %i)',
    async (seed) => {
      const figures = await runBurst(quiet, { fifo, seed });
      expect(figures).toMatchObject({
        findings: 1_000,
        attackers: 200,
        lostDecisions: 0,
        duplicateSlots: 0,
        foreignRulesTouched: 0,
        effective: 75,
        expectedEffective: 75,
      });
      expect(figures.refused).toBe(figures.attackers - figures.effective);
      expect(figures.callsPerFinding).toBeLessThanOrEqual(mostCalls);
    },
  );
});

it('is the same burst for the same seed, and another for another', async () => {
  const one = await runBurst(quiet, { fifo: true, seed: 7 });
  expect(await runBurst(quiet, { fifo: true, seed: 7 })).toEqual(one);
  expect(await runBurst(quiet, { fifo: true, seed: 8 })).not.toEqual(one);
});

it('without faults, the calls are fewer', async () => {
  const faulty = await runBurst(quiet, { fifo: true, seed: 1 });
  const calm = await runBurst(quiet, { fifo: true, seed: 1, faultShare: 0 });
  expect(calm.callsPerFinding).toBeLessThan(faulty.callsPerFinding);
});

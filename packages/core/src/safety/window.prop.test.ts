import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addToWindow, countWithin, emptyWindow } from './window.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const bucketMs = 1_000;
const lengthMs = 10_500;

const events = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 4_000 }), count: fc.nat(5) }), {
  minLength: 1,
  maxLength: 60,
});

it('never counts less than what happened, more than one bucket too long, or grows without bound', () => {
  fc.assert(
    fc.property(events, fc.nat(20_000), (steps, laterMs) => {
      let now = 0;
      let window = emptyWindow(bucketMs);
      const history: { at: number; count: number }[] = [];
      for (const { afterMs, count } of steps) {
        now += afterMs;
        window = addToWindow(window, new Date(now), count, lengthMs);
        history.push({ at: now, count });
        expect(window.buckets.length).toBeLessThanOrEqual(lengthMs / bucketMs + 2);
      }
      const asked = now + laterMs;
      const since = (from: number): number => history.reduce((sum, { at, count }) => sum + (at > from ? count : 0), 0);
      const counted = countWithin(window, new Date(asked), lengthMs);
      expect(counted).toBeGreaterThanOrEqual(since(asked - lengthMs));
      expect(counted).toBeLessThanOrEqual(since(asked - lengthMs - bucketMs));
    }),
    { numRuns },
  );
});

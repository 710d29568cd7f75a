import { createMemoryStore } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitWindow } from './limits.ts';
import { reserveUsers } from './reservations.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const accountId = '111122223333';
const start = Date.parse('2026-11-24T10:00:00Z');

const users = fc.uniqueArray(
  fc.integer({ min: 0, max: 9 }).map((n) => `AIDA${n}`),
  { maxLength: 6 },
);
/** Workers that come at the same time, and how many minutes after those before. */
const arrivals = fc.array(
  fc.record({ minutes: fc.integer({ min: 0, max: 900 }), workers: fc.array(users, { minLength: 1, maxLength: 3 }) }),
  { minLength: 1, maxLength: 12 },
);

describe("the day's limit", () => {
  it('holds in any 24 hours, over any runs that are resumed or fall together, and is used up', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 0, max: 5 }), async (steps, most) => {
        const store = createMemoryStore();
        const granted: { at: number; userId: string }[] = [];
        let time = start;
        for (const { minutes, workers } of steps) {
          time += minutes * 60_000;
          const request = { accountId, most, journal: [], now: new Date(time) };
          const answers = await Promise.all(workers.map((userIds) => reserveUsers(store, { ...request, userIds })));
          for (const answer of answers) for (const userId of answer) granted.push({ at: time, userId });
        }
        for (const { at } of granted) {
          const within = granted.filter((other) => other.at <= at && other.at > at - limitWindow);
          expect(new Set(within.map(({ userId }) => userId)).size).toBeLessThanOrEqual(most);
        }
        // Of the first who come, as many as there is room for.
        const asked = new Set(steps[0]?.workers.flat());
        const first = granted.filter(({ at }) => at === start + (steps[0]?.minutes ?? 0) * 60_000);
        expect(new Set(first.map(({ userId }) => userId)).size).toBeGreaterThanOrEqual(Math.min(asked.size, most));
      }),
      { numRuns },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { checkPagerDutyEvent } from '../testing/pagerduty-server.ts';
import { pagerDutyBudget } from './limits.ts';
import { renderPagerDutyEvent } from './render.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

describe('any message', () => {
  it(
    'N12, N14: is an event that PagerDuty takes, within the budget, without a link but its own',
    () => {
      fc.assert(
        fc.property(anyMessage, (message) => {
          const event = { routing_key: 'k'.repeat(32), ...renderPagerDutyEvent(message) };
          expect(checkPagerDutyEvent(event)).toEqual([]);
          expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(pagerDutyBudget.bytes);
          const { payload } = { payload: {}, ...event };
          const text = JSON.stringify(payload);
          expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\\ud[89a-f]/iu);
          // What steps lead to is ours, and encoded.
          expect(text.replace(/ – https:\/\/[^\s"\\]+/g, '')).not.toMatch(/:\/\/|evil\.example/);
        }),
        { numRuns },
      );
    },
    10_000 + 100 * numRuns,
  );
});

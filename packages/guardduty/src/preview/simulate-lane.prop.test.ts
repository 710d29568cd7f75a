import { hours, minutes } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleLane, sampleSighting } from './sample-sightings.ts';
import { simulateLane } from './simulate-lane.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const host = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((last) => `198.51.100.${last}/32`),
  fc.integer({ min: 0, max: 9 }).map((net) => (net === 0 ? '2001:db8::/64' : `2001:db8:${net}::/64`)),
);

const sighting = fc
  .record({
    host,
    after: fc.integer({ min: 0, max: 20 * 24 * 60 }).map((count) => minutes(count)),
    spoofable: fc.boolean(),
    severity: fc.integer({ min: 1, max: 9 }),
    sightings: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ host: cidr, after, spoofable, ...request }) =>
    sampleSighting(cidr, after, { ...request, spoofable, holds: spoofable ? hours(1) : hours(24) }),
  );

describe('simulateLane', () => {
  it('never holds more than fits, ends every deny that it wrote, and says of each sighting what became of it', () => {
    fc.assert(
      fc.property(
        fc.array(sighting, { maxLength: 120 }).map((all) => all.toSorted((a, b) => a.at - b.at)),
        fc.integer({ min: 0, max: 12 }),
        (sightings, capacity) => {
          let [placed, ended] = [0, 0];
          const fills = simulateLane(sightings, sampleLane(capacity), {
            onPlaced() {
              placed += 1;
            },
            onEnded(_, ms) {
              ended += 1;
              expect(ms).toBeGreaterThan(0);
            },
          });
          expect(placed).toBe(sightings.length);
          expect(ended).toBe(fills.reduce((sum, { written }) => sum + written, 0));
          for (const { peak, days } of fills) {
            expect(peak).toBeLessThanOrEqual(capacity);
            for (const [, held] of days) expect(held).toBeGreaterThan(0);
            expect(days.map(([day]) => day)).toEqual(days.map(([day]) => day).toSorted());
          }
        },
      ),
      { numRuns },
    );
  });
});

import { expect, it } from 'vitest';
import { addTo, days, hours, minutes, seconds, systemClock, toInstant } from './time.ts';

it('durations are milliseconds', () => {
  expect([seconds(1), minutes(1), hours(1), days(1)]).toEqual([1_000, 60_000, 3_600_000, 86_400_000]);
  expect(hours(0.5)).toBe(minutes(30));
});

it('instants are ISO 8601 in UTC, also across a change of offset', () => {
  expect(toInstant(new Date('2026-03-29T02:30:00+02:00'))).toBe('2026-03-29T00:30:00.000Z');
  expect(addTo('2026-03-28T12:00:00.000Z', days(1))).toBe('2026-03-29T12:00:00.000Z');
  expect(addTo(new Date('2026-11-24T10:00:00Z'), -hours(1))).toBe('2026-11-24T09:00:00.000Z');
});

it('the clock of the machine gives the time', () => {
  const before = Date.now();
  expect(systemClock().getTime()).toBeGreaterThanOrEqual(before);
});

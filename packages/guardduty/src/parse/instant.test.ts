import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant } from './instant.ts';

describe('readInstant', () => {
  it.each([
    ['2026-11-24T09:30:00.123Z', '2026-11-24T09:30:00.123Z'],
    ['2026-11-24T09:30:00Z', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24T09:30:00.123456789Z', '2026-11-24T09:30:00.123Z'],
    ['2026-11-24T09:30:00', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24 09:30:00', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24 09:30:00 UTC', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24T09:30:00+02:00', '2026-11-24T07:30:00.000Z'],
    ['2026-11-24T09:30:00-0530', '2026-11-24T15:00:00.000Z'],
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
    [1_700_000_000, '2023-11-14T22:13:20.000Z'],
    [1_700_000_000.5, '2023-11-14T22:13:20.500Z'],
    [1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    [new Date(1_700_000_000_123), '2023-11-14T22:13:20.123Z'],
  ])('reads %j as %s', (value, expected) => {
    expect(readInstant(value)).toBe(expected);
  });

  it.each([
    'x',
    '',
    '2026-02-30T00:00:00Z',
    '0075-01-01T00:00:00Z',
    '2026-11-24T24:30:00Z',
    '11/24/2026',
    0,
    -1,
    1e300,
    Number.NaN,
    '99999999999999999999',
    null,
    {},
    true,
    new Date(Number.NaN),
  ])('reads %j as no time', (value) => {
    expect(readInstant(value)).toBeUndefined();
  });

  it('gives an instant that Date reads back, or nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const instant = readInstant(value);
        if (instant !== undefined) expect(new Date(instant).toISOString()).toBe(instant);
      }),
    );
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { addDays, ageInDays, latestDay, latestInstant, midnightFrom, utcDay } from './days.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('whole UTC days', () => {
  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin'])('I38: are the same in %s', (name) => {
    process.env.TZ = name;
    expect(utcDay('2026-03-29T23:30:00Z')).toBe('2026-03-29T00:00:00.000Z');
    expect(utcDay('2026-03-30T01:30:00+02:00')).toBe('2026-03-29T00:00:00.000Z');
    expect(addDays('2026-03-28T00:00:00.000Z', 2)).toBe('2026-03-30T00:00:00.000Z');
    expect(ageInDays('2026-03-28T12:00:00Z', '2026-03-30T00:00:00Z')).toBe(2);
  });

  it('I38: an age counts midnights, so it changes once a day and for all at the same time', () => {
    expect(ageInDays('2026-01-01T23:59:59Z', '2026-01-02T00:00:00Z')).toBe(1);
    expect(ageInDays('2026-01-01T00:00:00Z', '2026-01-01T23:59:59Z')).toBe(0);
    expect(ageInDays('2026-01-01T15:00:00Z', new Date('2026-04-01T00:00:00Z'))).toBe(90);
    expect(ageInDays('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')).toBe(-1);
  });

  it('an instant within a day is not before the next midnight', () => {
    expect(midnightFrom('2026-12-01T00:00:00Z')).toBe('2026-12-01T00:00:00.000Z');
    expect(midnightFrom('2026-12-01T00:00:00.001Z')).toBe('2026-12-02T00:00:00.000Z');
  });

  it('the latest wins, whatever its place and spelling', () => {
    expect(latestDay('2026-01-02T00:00:00.000Z', undefined, '2026-01-01T00:00:00.000Z')).toBe(
      '2026-01-02T00:00:00.000Z',
    );
    expect(latestDay('2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z')).toBe('2026-01-03T00:00:00.000Z');
    expect(latestInstant('2026-01-02T00:00:00Z', '2026-01-02T00:30:00+01:00', undefined)).toBe('2026-01-02T00:00:00Z');
    expect(latestInstant('2026-01-02T00:00:00Z', '2026-01-02T00:00:00.500Z')).toBe('2026-01-02T00:00:00.500Z');
  });
});

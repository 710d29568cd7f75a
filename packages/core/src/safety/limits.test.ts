import { describe, expect, it } from 'vitest';
import { allowance } from './limits.ts';

const misuse = expect.objectContaining({ code: 'OPTION_INVALID' });

describe('allowance', () => {
  it.each([
    [{ max: 25 }, 25],
    [{ max: 0 }, 0],
    [{ max: 25, maxPercent: 5, of: 5_000 }, 25],
    [{ max: 25, maxPercent: 5, of: 100 }, 5],
    [{ max: 25, maxPercent: 5, of: 101 }, 6],
    [{ max: 25, maxPercent: 5, of: 1 }, 1],
    [{ max: 25, maxPercent: 0, of: 5_000 }, 0],
    [{ max: 0, maxPercent: 100, of: 5_000 }, 0],
    [{ max: 25, maxPercent: 5, of: 0 }, 0],
    [{ max: 2.9 }, 2],
  ])('%j allows %i', (limit, expected) => expect(allowance(limit)).toBe(expected));

  it('refuses what is no limit', () => {
    expect(() => allowance({ max: -1 })).toThrow(misuse);
    expect(() => allowance({ max: Number.POSITIVE_INFINITY })).toThrow(misuse);
    expect(() => allowance({ max: 1, maxPercent: 5 })).toThrow(misuse);
    expect(() => allowance({ max: 1, maxPercent: Number.NaN, of: 3 })).toThrow(misuse);
  });

  it.each([
    [{ max: -1 }, 'allowance: max must be'],
    [{ max: 1, maxPercent: -1, of: 3 }, 'allowance: maxPercent must be'],
    [{ max: 1, maxPercent: 5 }, 'allowance: maxPercent needs `of`'],
    [{ max: 1, maxPercent: 5, of: -1 }, 'allowance: of must be'],
  ])('says what is wrong with %j', (limit, message) => expect(() => allowance(limit)).toThrow(message));
});

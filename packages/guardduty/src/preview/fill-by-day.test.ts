import { describe, expect, it } from 'vitest';
import { createFillByDay } from './fill-by-day.ts';

const at = (text: string): number => Date.parse(`${text}Z`);

describe('createFillByDay', () => {
  it('gives the most of each day, and no day with none', () => {
    const fill = createFillByDay();
    fill.note(2, at('2026-09-01T23:00'), at('2026-09-03T01:00'));
    fill.note(5, at('2026-09-02T10:00'), at('2026-09-02T11:00'));
    fill.note(0, at('2026-09-04T00:00'), at('2026-09-09T00:00'));
    fill.note(1, at('2026-09-10T10:00'), at('2026-09-10T10:00'));
    expect(fill.days()).toEqual([
      ['2026-09-01', 2],
      ['2026-09-02', 5],
      ['2026-09-03', 2],
      ['2026-09-10', 1],
    ]);
  });

  it('does not count what ends at midnight on the new day', () => {
    const fill = createFillByDay();
    fill.note(1, at('2026-09-01T00:00'), at('2026-09-02T00:00'));
    expect(fill.days()).toEqual([['2026-09-01', 1]]);
  });

  it('keeps days in order across years and before 1970', () => {
    const fill = createFillByDay();
    fill.note(1, at('2026-01-01T00:00'), at('2026-01-01T01:00'));
    fill.note(3, at('1969-12-31T10:00'), at('1969-12-31T11:00'));
    expect(fill.days()).toEqual([
      ['1969-12-31', 3],
      ['2026-01-01', 1],
    ]);
  });
});

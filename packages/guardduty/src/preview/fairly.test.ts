import { describe, expect, it } from 'vitest';
import { fairly } from './fairly.ts';
import type { PreviewOutcome } from './report.ts';

const rows = (...counts: readonly (readonly [PreviewOutcome, number])[]) =>
  counts.flatMap(([outcome, count]) => Array.from({ length: count }, (_, index) => ({ outcome, index })));

describe('fairly', () => {
  it('leaves every outcome its part, the first rows of each, in order', () => {
    const picked = fairly(rows(['blocked', 50], ['not-blocked', 1], ['refused', 9]), 10);
    expect(picked).toEqual(rows(['blocked', 7], ['not-blocked', 1], ['refused', 2]));
  });

  it('gives all where there is room, and none where there is none', () => {
    const all = rows(['blocked', 3], ['refused', 2]);
    expect(fairly(all, 5)).toEqual(all);
    expect(fairly(all, 0)).toEqual([]);
    expect(fairly(all, 3)).toEqual(rows(['blocked', 3]));
  });
});

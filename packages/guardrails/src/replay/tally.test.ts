import { describe, expect, it } from 'vitest';
import { createTally } from './tally.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T00:00:00Z`;

describe('createTally', () => {
  it('counts by key, with the first and the last time, the most frequent first', () => {
    const tally = createTally<string>(10);
    for (const [key, when] of [
      ['b', 5],
      ['a', 9],
      ['b', 2],
      ['b', 7],
      ['c', 1],
    ] as const)
      tally.add(key, day(when), () => key);
    expect(tally.top(2)).toEqual([
      { row: 'b', events: 3, firstSeen: day(2), lastSeen: day(7) },
      { row: 'a', events: 1, firstSeen: day(9), lastSeen: day(9) },
    ]);
    expect([tally.size, tally.givenUp]).toEqual([3, 0]);
  });
  it('holds a bounded number of keys, keeps what is frequent whenever it begins, and says what it gave up', () => {
    const tally = createTally<string>(50);
    for (let index = 0; index < 10_000; index += 1) {
      tally.add(`once-${index}`, day(1), () => 'once');
      if (index % 3 === 0) tally.add('early', day(1), () => 'early');
      if (index > 5_000) tally.add('late', day(2), () => 'late');
      expect(tally.size).toBeLessThanOrEqual(100);
    }
    expect(tally.top(2).map(({ row, events }) => [row, events])).toEqual([
      ['late', 4_999],
      ['early', 3_334],
    ]);
    expect(tally.size + tally.givenUp).toBe(10_002);
  });
  it('makes a row once', () => {
    let made = 0;
    const tally = createTally<number>(10);
    for (let turn = 0; turn < 3; turn += 1)
      tally.add('a', day(1), () => {
        made += 1;
        return made;
      });
    expect([made, tally.top(1)[0]?.row]).toEqual([1, 1]);
  });
});

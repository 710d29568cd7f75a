import { addTo } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { releasedLately, releasedNotice } from './released.ts';
import { sampleNow as now } from './sample-ledger.ts';

const later = (ms: number): Date => new Date(now.getTime() + ms);

describe('rule numbers that were taken out', () => {
  it('keep each their own age, however many are taken out after them', () => {
    let notices = [releasedNotice([], [10, 12], now)];
    notices = [releasedNotice(notices, [11], later(20_000))];
    expect(notices[0]?.about).toBe('released/0:11;20000:10,12');
    expect([...releasedLately(notices, later(30_000))].toSorted()).toEqual([10, 11, 12]);
    // An entry that stands there half a minute after its deny was taken out is an orphan, and is told.
    expect([...releasedLately(notices, later(30_001))]).toEqual([11]);
    notices = [releasedNotice(notices, [14], later(40_000))];
    expect(notices[0]?.about).toBe('released/0:14;20000:11');
  });

  it('are as young as the latest time that they were taken out', () => {
    const notices = [releasedNotice([releasedNotice([], [10, 12], now)], [12], later(10_000))];
    expect(notices[0]?.about).toBe('released/0:12;10000:10');
  });

  it('are never cut: the oldest batches go whole', () => {
    const numbers = Array.from({ length: 78 }, (_, n) => 10_000 + n);
    let notices = [releasedNotice([], numbers, now)];
    for (let n = 1; n < 40; n += 1) notices = [releasedNotice(notices, [20_000 + n], later(n))];
    expect(notices[0]?.about.length).toBeLessThanOrEqual(640);
    const known = releasedLately(notices, later(40));
    expect(known.size).toBe(39);
    expect([...known].every((number) => number > 20_000 && number < 20_040)).toBe(true);
  });

  it('that are taken out again leave no empty batch behind', () => {
    const notices = [releasedNotice([releasedNotice([], [10], now)], [10], later(10_000))];
    expect(notices[0]?.about).toBe('released/0:10');
  });

  it('of one batch stay whole, however many', () => {
    const numbers = Array.from({ length: 200 }, (_, n) => 10_000 + n);
    const notice = releasedNotice([], numbers, now);
    expect(notice.about).toBe(`released/0:${numbers.join(',')}`);
  });

  it('are none where the notice is not one of ours', () => {
    expect(releasedLately([{ about: 'released/x:10', at: addTo(now, 0) }], now).size).toBe(0);
    expect(releasedLately([{ about: 'flood/0:10', at: addTo(now, 0) }], now).size).toBe(0);
  });
});

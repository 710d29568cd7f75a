import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../time.ts';
import { addToWindow, countWithin, emptyWindow, type RollingWindow, remainingWithin } from './window.ts';

const at = (time: string): Date => new Date(`2026-11-24T${time}Z`);
const hour = hours(1);

const filled = (...events: [time: string, count: number][]): RollingWindow =>
  events.reduce((window, [time, count]) => addToWindow(window, at(time), count, hour), emptyWindow(minutes(5)));

describe('rolling window', () => {
  it('counts what happened within the length', () => {
    const window = filled(['10:01:00', 2], ['10:02:00', 1], ['10:31:00', 4]);
    expect(window.buckets).toEqual([
      { start: '2026-11-24T10:00:00.000Z', count: 3 },
      { start: '2026-11-24T10:30:00.000Z', count: 4 },
    ]);
    expect(countWithin(window, at('10:59:00'), hour)).toBe(7);
  });

  it('counts a bucket that is partly inside as a whole, and no longer', () => {
    const window = filled(['10:01:00', 3]);
    expect(countWithin(window, at('11:04:59.999'), hour)).toBe(3);
    expect(countWithin(window, at('11:05:00'), hour)).toBe(0);
  });

  it('drops what is older than the length', () => {
    expect(filled(['10:01:00', 3], ['11:05:00', 1]).buckets).toEqual([{ start: '2026-11-24T11:05:00.000Z', count: 1 }]);
  });

  it('counts what lies in the future and moves it to now at the next write', () => {
    const window = filled(['12:00:00', 3]);
    expect(countWithin(window, at('10:00:00'), hour)).toBe(3);
    expect(addToWindow(window, at('10:00:00'), 1, hour).buckets).toEqual([
      { start: '2026-11-24T10:00:00.000Z', count: 4 },
    ]);
  });

  it('counts a bucket whose start cannot be read: a limit does not open because of it', () => {
    const window: RollingWindow = { bucketMs: minutes(5), buckets: [{ start: 'soon', count: 3 }] };
    expect(remainingWithin(window, 3, at('10:00:00'), hour)).toBe(0);
    expect(addToWindow(window, at('10:00:00'), 0, hour).buckets).toEqual([
      { start: '2026-11-24T10:00:00.000Z', count: 3 },
    ]);
  });

  it('leaves nothing of a limit of zero, and never less than nothing', () => {
    expect(remainingWithin(emptyWindow(minutes(5)), 0, at('10:00:00'), hour)).toBe(0);
    expect(remainingWithin(filled(['10:00:00', 9]), 5, at('10:00:00'), hour)).toBe(0);
    expect(remainingWithin(filled(['10:00:00', 4]), 5, at('10:00:00'), hour)).toBe(1);
    expect(remainingWithin(filled(['10:00:00', 4]), Number.NaN, at('10:00:00'), hour)).toBe(0);
  });

  it('keeps nothing when nothing happened', () => {
    expect(filled(['10:00:00', 0]).buckets).toEqual([]);
  });

  it('refuses to count backwards', () => {
    expect(() => filled(['10:00:00', -1])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => emptyWindow(0)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => filled(['10:00:00', -1])).toThrow(/^addToWindow: count must be/);
    expect(() => emptyWindow(0)).toThrow(/^emptyWindow: bucketMs must be/);
  });

  it('puts the buckets in order of their start, whatever their order was', () => {
    const window: RollingWindow = {
      bucketMs: minutes(5),
      buckets: [
        { start: '2026-11-24T10:10:00.000Z', count: 1 },
        { start: '2026-11-24T10:00:00.000Z', count: 2 },
        { start: '2026-11-24T10:05:00.000Z', count: 3 },
      ],
    };
    expect(addToWindow(window, at('10:10:00'), 1, hour).buckets.map(({ count }) => count)).toEqual([2, 3, 2]);
  });
});

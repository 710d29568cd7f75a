import { describe, expect, it } from 'vitest';
import { createPacer } from './pace.ts';

describe('createPacer', () => {
  it('lets a burst go at once, then one each interval', () => {
    const pacer = createPacer({ everyMs: 1000, burst: 3 });
    const waits: number[] = [];
    let now = 50_000;
    for (let request = 0; request < 6; request += 1) {
      const waitMs = pacer.waitMs(now);
      waits.push(waitMs);
      now += waitMs;
      pacer.take(now);
    }
    expect(waits).toEqual([0, 0, 0, 1000, 1000, 1000]);
  });

  it('earns the burst again by being silent, and no more than that', () => {
    const pacer = createPacer({ everyMs: 1000, burst: 2 });
    for (const now of [0, 0]) pacer.take(now);
    expect(pacer.waitMs(0)).toBe(1000);
    expect(pacer.waitMs(1000)).toBe(0);
    for (const now of [600_000, 600_000]) pacer.take(now);
    expect(pacer.waitMs(600_000)).toBe(1000);
  });

  it('does not fall silent when the clock is set back', () => {
    const pacer = createPacer({ everyMs: 1000, burst: 3 });
    pacer.take(500_000);
    expect(pacer.waitMs(100_000)).toBe(10_000);
    pacer.take(110_000);
    expect(pacer.waitMs(111_000)).toBeLessThanOrEqual(10_000);
    expect(pacer.waitMs(130_000)).toBe(0);
  });
});

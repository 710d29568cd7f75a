import { describe, expect, it } from 'vitest';
import { createVirtualTime } from './virtual-time.ts';

const start = new Date('2026-11-24T10:00:00.000Z');

describe('createVirtualTime', () => {
  it('wakes sleepers in the order of their instants, then of falling asleep', async () => {
    const { sleep, run } = createVirtualTime(start);
    const order: string[] = [];
    const nap = async (name: string, ms: number) => {
      await sleep(ms);
      order.push(name);
    };
    await run(Promise.all([nap('late', 20), nap('first', 10), nap('second', 10)]));
    expect(order).toEqual(['first', 'second', 'late']);
  });

  it('lets hours pass at once, and never goes back', async () => {
    const { now, sleep, run } = createVirtualTime(start);
    await run(sleep(3_600_000));
    expect(now().toISOString()).toBe('2026-11-24T11:00:00.000Z');
    await run(sleep(-5));
    expect(now().toISOString()).toBe('2026-11-24T11:00:00.000Z');
  });

  it('gives what the work gives or throws', async () => {
    const { sleep, run } = createVirtualTime(start);
    expect(await run(sleep(1).then(() => 7))).toBe(7);
    await expect(run(sleep(1).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
  });

  it('says so when everybody waits for something that never comes', async () => {
    await expect(createVirtualTime(start).run(new Promise(() => {}))).rejects.toThrow('never comes');
  });
});

import { describe, expect, it } from 'vitest';
import { mapConcurrent } from './concurrency.ts';

describe('mapConcurrent', () => {
  it('keeps the order of the items and runs no more than the limit at a time', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrent([5, 1, 4, 2, 3], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30].map((value) => ({ ok: true, value })));
    expect(most).toBe(2);
  });

  it('loses nothing when some items fail, at once or later', async () => {
    const error = new Error('no');
    const results = await mapConcurrent([0, 1, 2, 3], 2, (item) => {
      if (item === 0) throw error;
      return item === 2 ? Promise.reject(error) : item;
    });
    expect(results).toEqual([
      { ok: false, error },
      { ok: true, value: 1 },
      { ok: false, error },
      { ok: true, value: 3 },
    ]);
  });

  it('takes no items', async () => {
    await expect(mapConcurrent([], 3, () => 1)).resolves.toEqual([]);
  });

  it.each([0, -1, 0.5, Number.POSITIVE_INFINITY])('refuses a limit of %s and calls nothing', async (limit) => {
    let called = false;
    const result = mapConcurrent([1], limit, () => {
      called = true;
    });
    await expect(result).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(called).toBe(false);
  });
});

import { minutes } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { expect, it } from 'vitest';
import { createCached } from './cached.ts';

const setUp = () => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  const cached = createCached<number>(clock.now);
  let reads = 0;
  const get = (key = 'a') =>
    cached(key, async () => {
      reads += 1;
      return reads;
    });
  return { clock, cached, get };
};

it('keeps an answer for five minutes', async () => {
  const { clock, get } = setUp();
  expect(await get()).toBe(1);
  clock.advance(minutes(5) - 1);
  expect(await get()).toBe(1);
  clock.advance(1);
  expect(await get()).toBe(2);
});

it('reads anew when the clock was set back', async () => {
  const { clock, get } = setUp();
  await get();
  clock.advance(-1);
  expect(await get()).toBe(2);
});

it('shares a reading that is under way, and keeps keys apart', async () => {
  const { get } = setUp();
  expect(await Promise.all([get(), get(), get('b')])).toEqual([1, 1, 2]);
});

it('tells everybody who waits of a failure, and does not keep it', async () => {
  const { cached, get } = setUp();
  const fails = () => cached('a', () => Promise.reject(new Error('no')));
  const [first, second] = await Promise.allSettled([fails(), fails()]);
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
  expect(await get()).toBe(1);
});

it('a late failure does not forget a newer answer', async () => {
  const { clock, cached, get } = setUp();
  let fail: (error: Error) => void = () => {};
  const slow = cached('a', () => new Promise<number>((_, reject) => (fail = reject)));
  clock.advance(minutes(5));
  expect(await get()).toBe(1);
  fail(new Error('late'));
  await expect(slow).rejects.toThrow('late');
  expect(await get()).toBe(1);
});

it('gives the time of the reading', async () => {
  const { clock } = setUp();
  const at = await createCached<Date>(clock.now)('a', async (time) => time);
  expect(at).toEqual(clock.now());
});

it('forgets old answers when there are many, and no fresh one', async () => {
  const { clock, get } = setUp();
  await get('old');
  clock.advance(minutes(4));
  for (let key = 0; key < 300; key += 1) await get(`key ${key}`);
  clock.advance(minutes(1));
  await get('one more');
  expect(await get('key 0')).toBe(2);
});

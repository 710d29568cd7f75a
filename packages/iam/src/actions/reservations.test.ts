import { createMemoryStore, type Json, type StateStore } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { readReservations, reserveUsers } from './reservations.ts';

const accountId = '111122223333';
const key = `iam/${accountId}/limits`;
const at = (time: string): Date => new Date(`2026-11-24T${time}:00.000Z`);
const hour = (time: string): string => at(time).toISOString();
const request = { accountId, most: 9, journal: [], now: at('10:30') };

const stored = async (document: Json): Promise<StateStore> => {
  const store = createMemoryStore();
  await store.putIfAbsent(key, document);
  return store;
};

describe('what is kept of reservations', () => {
  it('nothing before the first', async () => {
    expect(await readReservations(createMemoryStore(), accountId)).toEqual({ buckets: [] });
  });

  it('the latest hour of each user, hours and users in order, and no empty hour', async () => {
    const store = createMemoryStore();
    await reserveUsers(store, { ...request, userIds: ['c', 'a'] });
    expect((await readReservations(store, accountId)).buckets).toEqual([{ start: hour('10:00'), users: ['a', 'c'] }]);
    await reserveUsers(store, { ...request, now: at('11:30'), userIds: ['b'] });
    await reserveUsers(store, { ...request, now: at('12:30'), userIds: ['a'] });
    expect((await readReservations(store, accountId)).buckets).toEqual([
      { start: hour('10:00'), users: ['c'] },
      { start: hour('11:00'), users: ['b'] },
      { start: hour('12:00'), users: ['a'] },
    ]);
    await reserveUsers(store, { ...request, now: at('13:30'), userIds: ['b'] });
    expect((await readReservations(store, accountId)).buckets).toEqual([
      { start: hour('10:00'), users: ['c'] },
      { start: hour('12:00'), users: ['a'] },
      { start: hour('13:00'), users: ['b'] },
    ]);
  });

  it('the same, however it was stored', async () => {
    const store = await stored({ schema: 1, buckets: [{ start: hour('09:00'), users: ['z', 'a'] }] });
    await reserveUsers(store, { ...request, userIds: ['b'] });
    expect((await readReservations(store, accountId)).buckets).toEqual([
      { start: hour('09:00'), users: ['a', 'z'] },
      { start: hour('10:00'), users: ['b'] },
    ]);
  });
});

describe('what reserving costs', () => {
  it('one read and one write, and no write where there is nothing new', async () => {
    const store = createFaultyStore(createMemoryStore());
    const expected = { get: 1, putIfAbsent: 1, compareAndSet: 0, delete: 0, list: 0 };
    await reserveUsers(store, { ...request, userIds: ['a', 'b'] });
    expect(store.calls).toEqual(expected);
    await reserveUsers(store, { ...request, userIds: ['b'] });
    await reserveUsers(store, { ...request, most: 2, userIds: ['c'] });
    expect(store.calls).toEqual({ ...expected, get: 3 });
    await reserveUsers(store, { ...request, userIds: ['b', 'c'] });
    expect(store.calls).toEqual({ ...expected, get: 4, compareAndSet: 1 });
  });

  /** A store in which others are faster, the first `times` times. */
  const fought = (times: number) => {
    const inner = createMemoryStore();
    let writes = 0;
    const store: StateStore = {
      ...inner,
      putIfAbsent: async (name, value) => {
        writes += 1;
        return writes <= times ? { ok: false } : inner.putIfAbsent(name, value);
      },
    };
    return { store, writes: () => writes };
  };

  it('ten attempts against others who are faster, and no more', async () => {
    const won = fought(9);
    expect([...(await reserveUsers(won.store, { ...request, userIds: ['a'] }))]).toEqual(['a']);
    expect(won.writes()).toBe(10);
    const lost = fought(10);
    await expect(reserveUsers(lost.store, { ...request, userIds: ['a'] })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      retryable: true,
    });
    expect(lost.writes()).toBe(10);
  });
});

describe('a document that cannot be read', () => {
  const bucket = (start: Json, users: Json = ['a']): Json => ({ schema: 1, buckets: [{ start, users }] });

  it.each<Json>([
    null,
    'x',
    [],
    { schema: '2' },
    { schema: 0, buckets: [] },
    { schema: 1, buckets: [], more: 1 },
    bucket('x'),
    bucket('2026-11-24'),
    bucket('2026-11-24T10:00:00Z'),
    bucket(7),
    bucket(hour('10:00'), 'a'),
    bucket(hour('10:00'), ['']),
    bucket(hour('10:00'), ['a'.repeat(129)]),
  ])('%j is broken, and trying again does not help', async (document) => {
    const store = await stored(document);
    const error = { code: 'LIMITS_INVALID', retryable: false };
    await expect(readReservations(store, accountId)).rejects.toMatchObject(error);
    await expect(reserveUsers(store, { ...request, userIds: ['a'] })).rejects.toMatchObject(error);
  });

  it('of a newer library waits for that library', async () => {
    const error = { code: 'LIMITS_NEWER', retryable: true };
    await expect(readReservations(await stored({ schema: 2 }), accountId)).rejects.toMatchObject(error);
  });
});

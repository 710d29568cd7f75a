import { createMemoryStore, hours, toJson } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createFakeEc2 } from '../../testing/fake-ec2/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { refreshOwnAddresses } from './refresh.ts';
import { createStoredOwnAddresses, ownAddressesKey } from './stored.ts';

const target = { accountId: fakeWorld.accountId, region: fakeWorld.region };
const other = { accountId: '444455556666', region: 'us-east-1' };
const start = new Date('2026-11-24T10:00:00.000Z');

const setUp = () => {
  const store = createFaultyStore(createMemoryStore());
  const clock = createTestClock(start);
  const ec2 = createFakeEc2({ now: clock.now, pageSize: 2 });
  const refresh = (options: Partial<Parameters<typeof refreshOwnAddresses>[0]> = {}) =>
    refreshOwnAddresses({ store, ec2, targets: [target], now: clock.now, ...options });
  return { store, clock, ec2, refresh };
};

const reading =
  (asOf: Date, ...cidrs: string[]) =>
  async () => ({ cidrs, asOf });

describe('a snapshot in the store', () => {
  it('G23: gives what was read of EC2, and when', async () => {
    const { store, clock, ec2, refresh } = setUp();
    ec2.addAddress({ publicIp: '198.51.100.20' });
    for (let host = 1; host <= 5; host += 1) ec2.addInterface({ publicIp: `203.0.113.${host}` });
    expect(await refresh()).toMatchObject({ done: true, steps: [{ status: 'applied', reason: 'refreshed' }] });
    clock.advance(hours(1));
    const own = await createStoredOwnAddresses({ store })(target);
    expect(own.asOf).toEqual(start);
    expect(own.cidrs).toHaveLength(7);
    expect(own.cidrs).toEqual(expect.arrayContaining(['192.0.2.200', '198.51.100.20', '203.0.113.5']));
  });

  it('is refreshed as a whole: what is no longer ours goes', async () => {
    const { store, clock, ec2, refresh } = setUp();
    await refresh();
    ec2.removeInterface(fakeWorld.networkInterfaceId);
    clock.advance(hours(1));
    await refresh();
    expect(await createStoredOwnAddresses({ store })(target)).toEqual({ cidrs: [], asOf: clock.now() });
  });

  it('holds schema 1 and nothing but the account, the Region, the time and the addresses', async () => {
    const { store, refresh } = setUp();
    await refresh();
    expect((await store.get(ownAddressesKey(target)))?.value).toEqual({
      schema: 1,
      ...target,
      asOf: start.toISOString(),
      cidrs: ['192.0.2.200'],
    });
  });

  it('G26: is an error where there is none, or where it cannot be read, never nobody', async () => {
    const { store, refresh } = setUp();
    const read = createStoredOwnAddresses({ store });
    await expect(read(target)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_MISSING', retryable: true });
    await refresh();
    await expect(read(other)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_MISSING' });
    store.failNext('get');
    await expect(read(target)).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
  });

  it.each([
    ['another account', { schema: 1, ...other, asOf: start.toISOString(), cidrs: [] }],
    ['no schema', { ...target, asOf: start.toISOString(), cidrs: [] }],
    ['an address that is none', { schema: 1, ...target, asOf: start.toISOString(), cidrs: ['010.0.0.1'] }],
    ['a time that is none', { schema: 1, ...target, asOf: 'today', cidrs: [] }],
    ['a field too many', { schema: 1, ...target, asOf: start.toISOString(), cidrs: [], more: 1 }],
    ['null', null],
  ])('G26: that fails its checks protects nobody and is an error: %s; a refresh mends it', async (_, value) => {
    const { store, refresh } = setUp();
    await store.putIfAbsent(ownAddressesKey(target), value);
    const read = createStoredOwnAddresses({ store });
    await expect(read(target)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_INVALID' });
    expect(await refresh()).toMatchObject({ steps: [{ status: 'applied' }] });
    expect((await read(target)).cidrs).toEqual(['192.0.2.200']);
  });

  it('that a newer version wrote is neither read nor replaced', async () => {
    const { store, refresh } = setUp();
    const newer = { schema: 2, ranges: {} };
    await store.putIfAbsent(ownAddressesKey(target), newer);
    await expect(createStoredOwnAddresses({ store })(target)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_NEWER' });
    const { steps } = await refresh();
    expect(steps).toMatchObject([{ status: 'failed', reason: 'own-addresses-newer', retryable: true }]);
    expect((await store.get(ownAddressesKey(target)))?.value).toEqual(newer);
  });
});

describe('the union of several accounts', () => {
  it('holds the addresses of all, and is as old as the oldest', async () => {
    const { store, clock, refresh } = setUp();
    await refresh({ targets: [other], read: reading(start, '198.51.100.1', '198.51.100.2') });
    clock.advance(hours(3));
    await refresh({ read: reading(clock.now(), '198.51.100.2', '203.0.113.1') });
    const own = await createStoredOwnAddresses({ store, targets: [target, other] })(target);
    expect(own.asOf).toEqual(start);
    expect(own.cidrs.toSorted()).toEqual(['198.51.100.1', '198.51.100.2', '203.0.113.1']);
  });

  it('holds the finding’s own account too, listed or not', async () => {
    const { store, refresh } = setUp();
    await refresh({ targets: [other], read: reading(start, '198.51.100.1') });
    const read = createStoredOwnAddresses({ store, targets: [other] });
    await expect(read(target)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_MISSING' });
    await refresh();
    expect((await read(target)).cidrs.toSorted()).toEqual(['192.0.2.200', '198.51.100.1']);
  });

  it('G26: never leaves one out in silence', async () => {
    const { store, refresh } = setUp();
    await refresh();
    const read = createStoredOwnAddresses({ store, targets: [target, other] });
    await expect(read(target)).rejects.toThrow(ownAddressesKey(other));
    await store.putIfAbsent(ownAddressesKey(other), { schema: 1 });
    await expect(read(target)).rejects.toMatchObject({ code: 'OWN_ADDRESSES_INVALID' });
  });

  it('reads all pages of the store, and nobody else’s documents', async () => {
    const { store, refresh } = setUp();
    const targets = Array.from({ length: 250 }, (_, index) => ({
      accountId: String(200_000_000_000 + index),
      region: 'eu-west-1',
    }));
    await refresh({
      targets,
      read: async ({ accountId }) => ({ cidrs: [`198.51.100.${Number(accountId) % 256}`], asOf: start }),
    });
    await store.putIfAbsent('own-addresses/999999999999/eu-west-1', { schema: 1 });
    const own = await createStoredOwnAddresses({ store, targets })(targets[0] ?? target);
    expect(own.cidrs.length).toBe(250);
  });
});

describe('refreshOwnAddresses', () => {
  it('never replaces a newer reading by an older one', async () => {
    const { store, refresh } = setUp();
    await refresh({ read: reading(start, '198.51.100.1') });
    const before = new Date(start.getTime() - 1);
    expect(await refresh({ read: reading(before, '198.51.100.2') })).toMatchObject({
      steps: [{ status: 'already-applied', reason: 'newer-stored' }],
    });
    expect((await createStoredOwnAddresses({ store })(target)).cidrs).toEqual(['198.51.100.1']);
  });

  it('tries again when somebody else wrote in between, and does not take him back', async () => {
    const { store, refresh } = setUp();
    await refresh({ read: reading(start, '198.51.100.1') });
    const later = new Date(start.getTime() + hours(1));
    const racing = {
      ...store,
      compareAndSet: async (...[key, value]: Parameters<typeof store.compareAndSet>) => {
        const stored = await store.get(key);
        const document = { schema: 1, ...target, asOf: later.toISOString(), cidrs: ['198.51.100.9'] };
        if (JSON.stringify(stored?.value) !== JSON.stringify(document))
          await store.compareAndSet(key, toJson(document), stored?.version ?? '');
        return store.compareAndSet(key, value, stored?.version ?? '');
      },
    };
    const { steps } = await refresh({ store: racing, read: reading(start, '198.51.100.2') });
    expect(steps).toMatchObject([{ status: 'already-applied', reason: 'newer-stored' }]);
    expect((await createStoredOwnAddresses({ store })(target)).cidrs).toEqual(['198.51.100.9']);
  });

  it('gives up on a document that others change at every attempt', async () => {
    const { store, refresh } = setUp();
    await refresh();
    const contended = {
      ...store,
      compareAndSet: async () => ({ ok: false as const }),
      putIfAbsent: async () => ({ ok: false as const }),
    };
    const { steps } = await refresh({ store: contended });
    expect(steps).toMatchObject([{ status: 'failed', reason: 'own-addresses-contended', retryable: true }]);
  });

  it('stores all or nothing: more than fit are an error, and the old document stays', async () => {
    const { store, refresh } = setUp();
    await refresh();
    const many = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    const { steps } = await refresh({ read: reading(start, ...many) });
    expect(steps).toMatchObject([{ status: 'failed', reason: 'own-addresses-too-many' }]);
    expect((await createStoredOwnAddresses({ store })(target)).cidrs).toEqual(['192.0.2.200']);
    const fit = many.slice(0, 11_000);
    expect(await refresh({ read: reading(start, ...fit) })).toMatchObject({ steps: [{ status: 'applied' }] });
    expect((await createStoredOwnAddresses({ store })(target)).cidrs).toHaveLength(11_000);
  });

  it('a target that fails takes no other with it, keeps its document and asks for a retry', async () => {
    const { store, ec2, refresh } = setUp();
    await refresh();
    ec2.failNext('DescribeAddresses', { code: 'RequestLimitExceeded' });
    const { steps, done } = await refresh({ targets: [target, other] });
    expect(steps.map(({ status }) => status).toSorted()).toEqual(['applied', 'failed']);
    expect(steps.find(({ status }) => status === 'failed')).toMatchObject({ reason: 'throttled', retryable: true });
    expect(done).toBe(true);
    expect((await createStoredOwnAddresses({ store })(target)).cidrs).toEqual(['192.0.2.200']);
  });

  it('stops before the time runs out, and says so', async () => {
    const { refresh } = setUp();
    expect(await refresh({ remainingTimeMs: () => 14_999 })).toEqual({ steps: [], done: false });
    expect(await refresh({ remainingTimeMs: () => 15_000 })).toMatchObject({
      done: true,
      steps: [{ status: 'applied' }],
    });
  });

  it('asks the client of each account and Region', async () => {
    const { refresh } = setUp();
    const asked: unknown[] = [];
    const ec2 = (one: { accountId: string; region: string }) => {
      asked.push(one);
      return createFakeEc2();
    };
    await refresh({ ec2, targets: [target, other] });
    expect(asked).toEqual([target, other]);
  });
});

import { createMemoryStore, minutes, toJson } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { expect, it } from 'vitest';
import { createAccountDenies } from './account-denies.ts';
import { emptyLedger, type LedgerId, ledgerKey } from './ledger.ts';
import { sampleNow as now, sampleLedgerId } from './sample-ledger.ts';

const other: LedgerId = { ...sampleLedgerId, region: 'eu-north-1' };
const foreign: LedgerId = { ...sampleLedgerId, accountId: '444455556666' };

const stage = async (...ledgers: [LedgerId, number][]) => {
  const clock = createTestClock(now);
  const store = createFaultyStore(createMemoryStore());
  const put = async (id: LedgerId, count: number): Promise<void> => {
    const denies = { bucketMs: 900_000, buckets: [{ start: now.toISOString(), count }] };
    await store.putIfAbsent(ledgerKey(id), toJson({ ...emptyLedger(id), denies }));
  };
  for (const [id, count] of ledgers) await put(id, count);
  return { clock, store, put, denies: createAccountDenies(store, clock.now) };
};

it('sums the ledgers of the account in every Region, but not the one in question or those of others', async () => {
  const { denies } = await stage([sampleLedgerId, 3], [other, 4], [foreign, 9]);
  expect(await denies.elsewhere(sampleLedgerId)).toBe(4);
  expect(await denies.elsewhere(other)).toBe(3);
  expect(await denies.elsewhere({ ...sampleLedgerId, direction: 'egress' })).toBe(7);
});

it('reads once a minute, and once for all who ask at the same time', async () => {
  const { clock, store, put, denies } = await stage([sampleLedgerId, 3]);
  await Promise.all([denies.elsewhere(other), denies.elsewhere(other)]);
  await put(other, 4);
  clock.advance(minutes(1) - 1);
  expect(await denies.elsewhere(sampleLedgerId)).toBe(0);
  expect(store.calls.list).toBe(1);
  clock.advance(1);
  expect(await denies.elsewhere(sampleLedgerId)).toBe(4);
  expect(store.calls.list).toBe(2);
});

it('is not stopped by a ledger that is set aside, and keeps no failure', async () => {
  const { store, denies } = await stage([other, 4]);
  await store.putIfAbsent(`${ledgerKey(sampleLedgerId)}x`, { schema: 1 });
  store.failNext('list', { prefix: 'nacl/' });
  await expect(denies.elsewhere(sampleLedgerId)).rejects.toThrow();
  expect(await denies.elsewhere(sampleLedgerId)).toBe(4);
});

import { createMemoryStore, minutes, type StateStore, toJson } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { expect, it } from 'vitest';
import { createAccountDenies } from './account-denies.ts';
import { emptyLedger, type LedgerId, ledgerKey } from './ledger.ts';
import { sampleNow as now, sampleLedgerId } from './sample-ledger.ts';

const stage = async (count: number) => {
  const memory = createMemoryStore();
  const denies = { bucketMs: 900_000, buckets: [{ start: now.toISOString(), count: 1 }] };
  for (let n = 0; n < count; n += 1) {
    const id: LedgerId = { ...sampleLedgerId, networkAclId: `acl-${n}` };
    await memory.putIfAbsent(ledgerKey(id), toJson({ ...emptyLedger(id), denies }));
  }
  let lists = 0;
  const list: StateStore['list'] = (prefix, options) => {
    lists += 1;
    return memory.list(prefix, { ...options, limit: 2 });
  };
  const clock = createTestClock(now);
  return { memory, clock, lists: () => lists, account: createAccountDenies({ list }, clock.now) };
};

it('reads every page of the ledgers of an account, each once', async () => {
  const { account, lists } = await stage(5);
  expect(await account.elsewhere(sampleLedgerId)).toBe(5);
  expect(lists()).toBe(3);
});

it('leaves out a ledger that cannot be read, and no other', async () => {
  const { account, memory } = await stage(3);
  await memory.putIfAbsent(ledgerKey({ ...sampleLedgerId, networkAclId: 'acl-1x' }), { schema: 1, slots: 'none' });
  expect(await account.elsewhere(sampleLedgerId)).toBe(3);
});

it('reads again after the clock was set back', async () => {
  const { account, lists, clock } = await stage(1);
  await account.elsewhere(sampleLedgerId);
  clock.set(new Date(now.getTime() - minutes(5)));
  await account.elsewhere(sampleLedgerId);
  expect(lists()).toBe(2);
});

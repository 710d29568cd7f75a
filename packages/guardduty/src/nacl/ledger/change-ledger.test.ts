import { createMemoryStore, minutes, type StateStore } from '@remedykit/core';
import { expect, it } from 'vitest';
import { sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';

/** A store that takes the first claim, loses the answer, and reports a conflict, as when somebody wrote in between. */
const forgetfulStore = (): StateStore => {
  const store = createMemoryStore();
  let lost = false;
  return {
    ...store,
    async putIfAbsent(key, value) {
      const result = await store.putIfAbsent(key, value);
      if (lost || !key.startsWith('nacl/')) return result;
      lost = true;
      const current = await store.get(key);
      return current ? { ok: false, current } : { ok: false };
    },
  };
};

it('finds a claim whose answer was lost again as its own, and does not wait for itself', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({ store: forgetfulStore() }, world);
  const outcome = await blocker.block(sshBruteForce({ from: '198.51.100.7', at: testTime }));
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(deniesIn(world.ec2)).toHaveLength(1);
  expect(await blocker.list()).toMatchObject([{ status: 'active' }]);
});

it('G9: begins no write after its lease, whatever the caller says of the time that is left', async () => {
  const world = createTestWorld();
  world.store.hooks.afterEach = (operation) => {
    if (operation === 'putIfAbsent') world.clock.advance(minutes(20));
  };
  const blocker = createTestBlocker({}, world);
  const attack = sshBruteForce({ from: '198.51.100.7', at: testTime });
  const outcome = await blocker.block(attack, { remainingTimeMs: () => 30_000 });
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'out-of-time' }]);
  expect(world.ec2.calls['ec2:CreateNetworkAclEntry']).toBeUndefined();
});

import { hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';
import type { Ec2 } from '../options.ts';

// A worker is frozen between reading the network ACL and reading its ledger: the two tell of different times.

const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });

it('G9: a worker that was frozen lets go of no deny that others made meanwhile', async () => {
  const world = createTestWorld();
  const other = createTestBlocker({}, world);
  await other.block(attack(2));
  world.clock.advance(minutes(5));
  let isFrozen = false;
  const send = async (command: { readonly constructor: { readonly name: string } }, options: never) => {
    const answer: unknown = await world.ec2.send(command as never, options);
    if (command.constructor.name === 'DescribeNetworkAclsCommand' && !isFrozen) {
      isFrozen = true;
      await other.unblock({ address: '198.51.100.2', reason: 'r', requestedBy: 'a.smith', suppressFor: hours(9) });
      await other.block(attack(5));
      world.clock.advance(minutes(20));
    }
    return answer;
  };
  // The SDK's `send` is overloaded; this one answers in its promise form.
  const worker = createTestBlocker({ ec2: { send } as unknown as Ec2, functionTimeout: hours(1) }, world);
  const outcome = await worker.block(attack(5, world.clock.now()));
  expect(isFrozen).toBe(true);
  expect(outcome.threats).toMatchObject([{ outcome: 'extended', entries: [{ ruleNumber: 10 }] }]);
  expect(await other.list()).toMatchObject([{ ruleNumber: 10, cidr: '198.51.100.5/32', status: 'active' }]);
  expect(deniesIn(world.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.5/32']);
});

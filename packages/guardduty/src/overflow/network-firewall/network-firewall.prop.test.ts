import { addTo, hours } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFakeNetworkFirewall } from '../../testing/fake-network-firewall.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { testTime } from '../../testing/test-blocker.ts';
import { createNetworkFirewallOverflow } from './network-firewall.ts';
import { readRules } from './rules.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const left = { remainingTimeMs: () => 600_000 };
const target = { accountId: fakeWorld.accountId, region: fakeWorld.region, vpcId: '', networkAclId: '', subnetIds: [] };

const command = fc.oneof(
  fc.record({
    kind: fc.constant('block' as const),
    n: fc.integer({ min: 1, max: 9 }),
    hour: fc.integer({ min: 1, max: 48 }),
  }),
  fc.record({ kind: fc.constant('sweep' as const), hour: fc.integer({ min: 0, max: 24 }) }),
);
const faults = fc.array(
  fc.record({
    operation: fc.constantFrom('DescribeRuleGroup', 'UpdateRuleGroup'),
    code: fc.constantFrom('ThrottlingException', 'InternalServerError', 'TimeoutError', 'InvalidTokenException'),
    after: fc.constantFrom('before' as const, 'effect' as const),
  }),
  { maxLength: 6 },
);

it('workers that change one group at once lose nobody, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(command, { maxLength: 6 }), { minLength: 2, maxLength: 3 }),
      faults,
      fc.scheduler(),
      async (workers, armed, scheduler) => {
        const client = createFakeNetworkFirewall();
        // A code of Network Firewall that says "not done" cannot come after the effect.
        for (const { operation, code, after } of armed) {
          const is = code === 'TimeoutError' || code === 'InternalServerError' ? after : 'before';
          client.failNext(operation, { code, after: is });
        }
        client.onCall(() => scheduler.schedule(Promise.resolve()));
        const promised = new Map<string, string>();
        const latestSweep = { at: testTime.toISOString() };
        const run = async (commands: (typeof workers)[number]): Promise<void> => {
          const overflow = createNetworkFirewallOverflow({
            client,
            ruleGroups: client.ruleGroups,
            attempts: 40,
            now: () => testTime,
            sleep: async () => undefined,
          });
          for (const one of commands) {
            if (one.kind === 'sweep') {
              const now = new Date(testTime.getTime() + hours(one.hour));
              if (now.toISOString() > latestSweep.at) latestSweep.at = now.toISOString();
              expect((await overflow.sweep({ ...left, now, heldBack: async () => undefined })).failed).toEqual([]);
              continue;
            }
            const cidr = `198.51.100.${one.n}/32`;
            const expiresAt = addTo(testTime, hours(one.hour));
            const answer = await overflow.block(
              {
                id: cidr,
                threat: { cidr, family: 4, egress: false, protocol: '-1' },
                target,
                expiresAt,
                findingId: 'f',
                findingType: 't',
                spoofable: false,
                reason: 'quota',
                because: '',
              },
              left,
            );
            expect(answer.status).not.toBe('not-blocked');
            if ((promised.get(cidr) ?? '') < expiresAt) promised.set(cidr, expiresAt);
          }
        };
        const all = Promise.all(workers.map(run));
        await scheduler.waitFor(all);
        const rules = readRules({ StatefulRules: client.rulesOf() as never });
        const held = new Map((rules.foreign ? [] : rules.denies).map(({ cidr, expiresAt }) => [cidr, expiresAt]));
        // Nobody twice, and everybody who was promised a later end than any sweep's time until that end.
        expect(rules).toMatchObject({ denies: { length: held.size } });
        for (const [cidr, expiresAt] of promised) {
          if (expiresAt > latestSweep.at) expect(held.get(cidr)).toBe(expiresAt);
        }
      },
    ),
    { numRuns },
  );
});

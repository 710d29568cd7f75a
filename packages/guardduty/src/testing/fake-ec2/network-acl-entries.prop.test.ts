import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeWorld } from '../fake-world.ts';
import { createFakeEc2 } from './index.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const NetworkAclId = fakeWorld.networkAclId;

const operation = fc.record({
  kind: fc.constantFrom('create', 'create', 'replace', 'delete'),
  RuleNumber: fc.integer({ min: 0, max: 12 }),
  Egress: fc.boolean(),
  host: fc.integer({ min: 0, max: 255 }),
  ipv6: fc.boolean(),
});

it('keeps quota and uniqueness, and what succeeded is what is there, under any sequence of operations', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 60 }),
      fc.integer({ min: 2, max: 6 }),
      async (operations, entryQuota) => {
        const ec2 = createFakeEc2({ entryQuota });
        const expected = new Map([
          ['100-false', '0.0.0.0/0'],
          ['100-true', '0.0.0.0/0'],
          ['32767-false', '0.0.0.0/0'],
          ['32767-true', '0.0.0.0/0'],
        ]);
        for (const { kind, RuleNumber, Egress, host, ipv6 } of operations) {
          const cidr = ipv6 ? `2001:db8::${host.toString(16)}/128` : `198.51.100.${host}/32`;
          const entry = {
            NetworkAclId,
            RuleNumber,
            Egress,
            RuleAction: 'deny' as const,
            Protocol: '-1',
            ...(ipv6 ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
          };
          const sent =
            kind === 'create'
              ? ec2.send(new CreateNetworkAclEntryCommand(entry))
              : kind === 'replace'
                ? ec2.send(new ReplaceNetworkAclEntryCommand(entry))
                : ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber, Egress }));
          const done = await sent.then(
            () => true,
            () => false,
          );
          if (done && kind === 'delete') expected.delete(`${RuleNumber}-${Egress}`);
          if (done && kind !== 'delete')
            expected.set(`${RuleNumber}-${Egress}`, ipv6 ? cidr.replace('::0/', '::/') : cidr);
        }
        const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({}));
        const entries = NetworkAcls?.[0]?.Entries ?? [];
        const keys = entries.map((one) => `${one.RuleNumber}-${one.Egress}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(new Map(entries.map((one, index) => [keys[index], one.CidrBlock ?? one.Ipv6CidrBlock]))).toEqual(
          expected,
        );
        for (const egress of [true, false]) {
          for (const family of ['CidrBlock', 'Ipv6CidrBlock'] as const) {
            const count = entries.filter((one) => one.Egress === egress && one[family] !== undefined).length;
            expect(count).toBeLessThanOrEqual(entryQuota);
          }
        }
      },
    ),
    { numRuns },
  );
});

import { createAccountCredentials } from '@remedykit/core/sts';
import { expect, it } from 'vitest';
import { parseFinding } from '../../parse/index.ts';
import { createFakeEc2, type FakeEc2 } from '../../testing/fake-ec2/index.ts';
import { sshBruteForceEvent } from '../../testing/finding-events.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';
import type { Ec2 } from '../options.ts';

const accounts = ['111122223333', '444455556666'] as const;
const regions = ['eu-west-1', 'us-east-1'] as const;
const administrator = '777788889999';

/** Two accounts with two Regions each, reached by a role in each account. */
const createOrganisation = () => {
  const world = createTestWorld();
  const places = new Map<string, FakeEc2>();
  for (const accountId of accounts) {
    for (const region of regions) {
      places.set(`${accountId}/${region}`, createFakeEc2({ accountId, region, now: world.clock.now }));
    }
  }
  const assumed: Record<string, unknown>[] = [];
  const sts = {
    send: async ({ input }: { input: { RoleArn?: string; ExternalId?: string } }) => {
      assumed.push({ ...input });
      return {
        Credentials: {
          AccessKeyId: input.RoleArn,
          SecretAccessKey: 'secret',
          SessionToken: 'token',
          Expiration: new Date(world.clock.now().getTime() + 3_600_000),
        },
      };
    },
  };
  const credentials = createAccountCredentials({
    sts: sts as never,
    roleName: 'remedykit-network',
    externalId: 'o-a1b2c3d4e5',
    now: world.clock.now,
  });
  const used: string[] = [];
  /** What `new EC2Client({ region, credentials })` does: credentials are asked for at each request. */
  const ec2 = (target: { accountId: string; region: string }): Ec2 => {
    const place = places.get(`${target.accountId}/${target.region}`);
    if (place === undefined) throw new Error(`no client for ${target.accountId}/${target.region}`);
    const provider = credentials(target);
    const send = async (command: never) => {
      const { accessKeyId } = await provider();
      used.push(`${accessKeyId} in ${target.region}`);
      return place.send(command);
    };
    return { send: send as Ec2['send'] };
  };
  const blocker = createTestBlocker({ accounts: [...accounts], ec2 }, world);
  const denied = (): Record<string, number> =>
    Object.fromEntries([...places].map(([place, fake]) => [place, deniesIn(fake).length]));
  return { blocker, assumed, used, denied, world };
};

it('G30, G47, G48: each finding is acted on in its own account and Region, by the role there, with the ExternalId', async () => {
  const { blocker, assumed, used, denied } = createOrganisation();
  const events = [
    sshBruteForceEvent({ from: '198.51.100.1', at: testTime, accountId: accounts[0], region: regions[0] }),
    sshBruteForceEvent({ from: '198.51.100.2', at: testTime, accountId: accounts[1], region: regions[1] }),
    sshBruteForceEvent({ from: '198.51.100.3', at: testTime, accountId: accounts[1], region: regions[0] }),
  ];
  // All of them as the administrator's account hands them over.
  const outcomes = await blocker.block(events.map((event) => parseFinding({ ...event, account: administrator })));
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['blocked', 'blocked', 'blocked']);
  expect(denied()).toEqual({
    [`${accounts[0]}/${regions[0]}`]: 1,
    [`${accounts[0]}/${regions[1]}`]: 0,
    [`${accounts[1]}/${regions[0]}`]: 1,
    [`${accounts[1]}/${regions[1]}`]: 1,
  });
  const roleOf = (accountId: string) => `arn:aws:iam::${accountId}:role/remedykit-network`;
  // One role per account, whatever the Region, and nobody's but those of the findings.
  expect(assumed.map(({ RoleArn, ExternalId }) => [RoleArn, ExternalId]).toSorted()).toEqual(
    accounts.map((accountId) => [roleOf(accountId), 'o-a1b2c3d4e5']),
  );
  expect(new Set(used)).toEqual(
    new Set([
      `${roleOf(accounts[0])} in ${regions[0]}`,
      `${roleOf(accounts[1])} in ${regions[1]}`,
      `${roleOf(accounts[1])} in ${regions[0]}`,
    ]),
  );
});

it('G48: an account that is not listed is asked nothing, and no role of it is assumed', async () => {
  const { blocker, assumed } = createOrganisation();
  const outcome = await blocker.block(
    sshBruteForce({ from: '198.51.100.1', at: testTime, accountId: administrator, region: regions[0] }),
  );
  expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'account-not-listed' }]);
  expect(assumed).toEqual([]);
});

it('a role that cannot be assumed fails the findings of its account alone', async () => {
  const { world } = createOrganisation();
  const reachable = createFakeEc2({ accountId: accounts[1], now: world.clock.now });
  const blocker = createTestBlocker(
    {
      accounts: [...accounts],
      ec2: ({ accountId }) =>
        accountId === accounts[1]
          ? reachable
          : { send: (() => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }))) as Ec2['send'] },
    },
    world,
  );
  const outcomes = await blocker.block(
    accounts.map((accountId, n) => sshBruteForce({ from: `198.51.100.${n + 1}`, at: testTime, accountId })),
  );
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['failed', 'blocked']);
});

it('findings of the management account are refused and told, before AWS is asked anything', async () => {
  const blocker = createTestBlocker({ managementAccountId: '111122223333' });
  const outcome = await blocker.block(sshBruteForce({ from: '198.51.100.7', at: testTime }));
  expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'management-account', announce: true }]);
  expect(blocker.ec2.calls).toEqual({});
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('the management account is acted on where a person acknowledged it, and other accounts either way', async () => {
  for (const options of [
    { managementAccountId: '111122223333', acknowledgeManagementAccount: true },
    { managementAccountId: '999988887777' },
  ]) {
    const blocker = createTestBlocker(options);
    await blocker.block(sshBruteForce({ from: '198.51.100.7', at: testTime }));
    expect(deniesIn(blocker.ec2)).toHaveLength(1);
  }
});

import { hours, mapConcurrent, minutes } from '@remedykit/core';
import { createVirtualTime, type VirtualTime } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createIamCalls } from '../aws/calls.ts';
import { benchPopulation, createFakeIam, type FakeIam, type FakeIamOptions } from '../testing/index.ts';
import { gatherInventory, type Inventory, type InventoryOptions } from './gather.ts';
import { gatherLive, gatherServiceSpecific } from './live.ts';

const start = new Date('2026-11-24T10:00:00Z');

const accountWith = (options: FakeIamOptions = {}): { iam: FakeIam; time: VirtualTime } => {
  const time = createVirtualTime(start);
  return { iam: createFakeIam({ now: time.now, ...options }), time };
};

const gather = (iam: FakeIam, time: VirtualTime, options: Partial<InventoryOptions> = {}): Promise<Inventory> =>
  time.run(gatherInventory({ iam, accountId: iam.accountId, ...time, random: () => 0.5, ...options }));

const names = ({ users }: Inventory): string[] => users.map(({ user }) => user.userName).sort();

const later = (time: VirtualTime, ms: number): Promise<void> => time.run(time.sleep(ms));

describe('gatherInventory of a whole account', () => {
  it('I1, I39: 5,000 users are read in at most 10 requests, and a second time in 8', async () => {
    const { iam, time } = accountWith();
    benchPopulation(iam, { users: 5_000, measuredAt: start });
    const first = await gather(iam, time);
    expect(first.users).toHaveLength(5_000);
    expect(first.users.filter(({ reported }) => reported === undefined)).toEqual([]);
    expect(first.calls.detection).toBeLessThanOrEqual(10);
    expect(first.calls.detection + first.calls.polls).toBe(iam.calls().total);
    expect((await gather(iam, time)).calls).toEqual({ detection: 8, polls: 0 });
  });

  it('I1: pages that are shorter than asked for lose nobody', async () => {
    const { iam, time } = accountWith({ pageSize: 7 });
    iam.addUsers(150, (index) => ({ name: `user-${index}`, createdAt: '2026-01-01T00:00:00Z' }));
    expect(names(await gather(iam, time))).toEqual(iam.users.map(({ name }) => name).sort());
  });

  it('I5: users who came, left or were renewed within the 4 hours of a report are told from the others', async () => {
    const { iam, time } = accountWith();
    for (const name of ['ada', 'bea', 'cleo']) iam.addUser({ name, password: { createdAt: '2026-01-01T00:00:00Z' } });
    await gather(iam, time);
    await later(time, hours(1));
    iam.removeUser('bea');
    iam.removeUser('cleo');
    iam.addUser({ name: 'cleo' });
    iam.addUser({ name: 'dora' });
    const { users } = await gather(iam, time);
    expect(
      Object.fromEntries(users.map(({ user, reported }) => [user.userName, reported?.password.enabled ?? 'read live'])),
    ).toEqual({ ada: true, cleo: 'read live', dora: 'read live' });
  });

  it('I21: throttling, faults of the service and lost answers at every call leave the inventory whole', async () => {
    const operations = [
      'GetAccountSummary',
      'GenerateCredentialReport',
      'GetCredentialReport',
      'GetAccountAuthorizationDetails',
    ];
    for (const operation of operations) {
      for (const code of ['Throttling', 'ServiceFailure', 'TimeoutError', 'ECONNRESET']) {
        const { iam, time } = accountWith();
        iam.addUser({ name: 'ada', createdAt: '2026-01-01T00:00:00Z' });
        iam.failNext(operation, { code, times: 2, after: 'effect' });
        expect(names(await gather(iam, time)), `${operation} ${code}`).toEqual(['ada']);
      }
    }
  });

  it('I19: the same failures without end give an error, never an inventory', async () => {
    for (const operation of ['GetAccountSummary', 'GetCredentialReport', 'GetAccountAuthorizationDetails']) {
      for (const code of ['Throttling', 'AccessDenied', 'ServiceFailure']) {
        const { iam, time } = accountWith();
        iam.addUser({ name: 'ada', createdAt: '2026-01-01T00:00:00Z' });
        iam.failNext(operation, { code, times: Number.POSITIVE_INFINITY });
        await expect(gather(iam, time), `${operation} ${code}`).rejects.toBeInstanceOf(Error);
      }
    }
  });

  it('I21: without capacity for a new report the kept one serves, and the inventory says so', async () => {
    const { iam, time } = accountWith({ report: { expiresAfterMs: hours(24) } });
    iam.addUser({ name: 'ada', createdAt: '2026-01-01T00:00:00Z' });
    await gather(iam, time);
    await later(time, hours(6));
    iam.failNext('GenerateCredentialReport', { code: 'LimitExceeded', times: Number.POSITIVE_INFINITY });
    const { report } = await gather(iam, time);
    expect(report).toMatchObject({ freshness: 'kept', keptBecause: 'LimitExceeded' });
    expect(report.ageMs).toBeGreaterThan(hours(5.9));
  });

  it('I22, I23: a report that takes 10 minutes is waited for in some dozen polls', async () => {
    const { iam, time } = accountWith({ report: { takesMs: minutes(10) } });
    iam.addUser({ name: 'ada', createdAt: '2026-01-01T00:00:00Z' });
    const { calls } = await gather(iam, time, { report: { timeoutMs: minutes(20) } });
    expect(calls.detection).toBe(4);
    expect(calls.polls).toBeGreaterThan(10);
    expect(calls.polls).toBeLessThan(70);
  });
});

describe('gatherLive of many users', () => {
  it('I39: a rate that IAM does not bear is found and kept to, and nobody is lost', async () => {
    const { iam, time } = accountWith({ throttle: { read: { burst: 20, perSecond: 30 } } });
    // As long as an answer of IAM takes.
    iam.before(() => time.sleep(100));
    iam.addUsers(200, (index) => ({
      name: `user-${index}`,
      keys: [{ createdAt: '2026-01-01T00:00:00Z' }],
    }));
    const calls = createIamCalls({ iam, ...time, random: () => 0.5, attempts: 10 });
    const users = iam.users.map(({ name, userId }) => ({ userName: name, userId }));
    const read = await time.run(
      mapConcurrent(users, 32, (user) => gatherLive(calls, user, { accessKeys: true }, time)),
    );
    expect(read.filter((one) => !one.ok || one.value.kind !== 'live')).toEqual([]);
    expect(calls.limit()).toBeLessThan(8);
    // Some are throttled and sent again; far fewer than all.
    expect(calls.counts().ListAccessKeys).toBeLessThan(400);
  });

  it('says of each what IAM holds', async () => {
    const { iam, time } = accountWith({ pageSize: 1 });
    iam.addUser({
      name: 'ada',
      path: '/people/',
      password: { createdAt: '2026-01-01T00:00:00Z', mfa: 'virtual', resetRequired: true },
      mfa: ['fido'],
      keys: [
        {
          createdAt: '2026-01-01T00:00:00Z',
          lastUsed: { at: '2026-03-01T00:00:00Z', service: 's3', region: 'eu-west-1' },
        },
        { createdAt: '2026-02-01T00:00:00Z', active: false },
      ],
      serviceSpecific: [{ createdAt: '2026-01-01T00:00:00Z' }],
      certificates: [{ createdAt: '2026-01-02T00:00:00Z' }],
      sshKeys: [{ createdAt: '2026-01-03T00:00:00Z', active: false }],
    });
    const held = iam.user('ada');
    const calls = createIamCalls({ iam, ...time });
    const what = {
      identity: true,
      loginProfile: true,
      mfaDevices: true,
      accessKeys: true,
      lastUsed: true,
      serviceSpecific: true,
      certificates: true,
      sshKeys: true,
    };
    const result = await gatherLive(calls, { userName: 'ada', userId: held.userId }, what, time);
    expect(result).toMatchObject({
      kind: 'live',
      credentials: {
        loginProfile: { createdAt: held.password?.createdAt, passwordResetRequired: true },
        mfaDevices: held.mfa.map(({ serial }) => serial),
      },
    });
    const credentials = result.kind === 'live' ? result.credentials : undefined;
    expect(credentials?.accessKeys?.map(({ id, active, lastUse }) => [id, active, lastUse.kind]).sort()).toEqual(
      held.keys.map(({ id, active }) => [id, active, active ? 'used' : 'unknown']).sort(),
    );
    expect(credentials?.others?.map(({ kind, id }) => [kind, id])).toEqual([
      ['service-specific', held.serviceSpecific[0]?.id],
      ['signing-certificate', held.certificates[0]?.id],
      ['ssh-key', held.sshKeys[0]?.id],
    ]);
    expect((await gatherServiceSpecific(calls)).get('ada')).toEqual(
      credentials?.others?.filter(({ kind }) => kind === 'service-specific'),
    );
  });

  it('tells a user without a password from a user who is gone, and both from one of the same name', async () => {
    const { iam, time } = accountWith();
    const ada = iam.addUser({ name: 'ada' });
    const calls = createIamCalls({ iam, ...time });
    const read = () =>
      gatherLive(calls, { userName: 'ada', userId: ada.userId }, { identity: true, loginProfile: true }, time);
    expect(await read()).toMatchObject({ kind: 'live', credentials: { loginProfile: null } });
    iam.removeUser('ada');
    expect(await read()).toEqual({ kind: 'user-gone' });
    iam.addUser({ name: 'ada', password: { createdAt: '2026-01-01T00:00:00Z' } });
    expect(await read()).toEqual({ kind: 'user-gone' });
  });
});

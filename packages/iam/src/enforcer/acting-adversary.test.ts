import { type AuditSink, minutes } from '@remedykit/core';
import { createRecordingSink } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  createActingWorld,
  deliver,
  dueOf,
  enrolment,
  holding,
  owner,
  runUntil,
  skippedOf,
} from '../testing/acting-world.ts';
import { createFakeIam } from '../testing/fake-iam/index.ts';
import { createTestWorld, daysBefore, type TestWorld } from '../testing/test-enforcer.ts';
import type { CredentialRun } from './outcome.ts';

const keyRule = { accessKeys: { warnAtDays: [80], deactivateAtDays: 90 } };

/** Every action that is told, in a line: `ana applied of run-1`. */
const told = ({ accounts }: CredentialRun): string[] =>
  accounts
    .flatMap(({ actions }) =>
      actions.map(({ subject, status, runId = 'this run' }) => `${subject} ${status} of ${runId}`),
    )
    .sort();

/** Users with an old key who were warned, on the day of the deadline. */
const createWorld = async (...names: string[]): Promise<TestWorld> => {
  const world = createTestWorld(keyRule);
  for (const name of names)
    world.iam.addUser({ name, tags: { owner: `${name}@example.com` }, keys: [{ createdAt: daysBefore(80) }] });
  await world.enforcer.run();
  await deliver(world);
  world.goToDay(10);
  return world;
};

const keysOf = ({ iam }: TestWorld): boolean[] => iam.users.flatMap(({ keys }) => keys.map(({ active }) => active));

/** Time until the first key is deactivated, and then none. */
const untilFirst =
  ({ iam }: TestWorld): (() => number) =>
  () =>
    iam.calls().byAction['iam:UpdateAccessKey'] === undefined ? 60_000 : 0;

/** A sink that fails from some record of the guard on. */
const failingAt = (count: number): AuditSink => {
  const { sink } = createRecordingSink();
  let seen = 0;
  return (record) => {
    if ('decider' in record && record.decider === 'credentials/guard') seen += 1;
    return seen >= count ? Promise.reject(new Error('disk full')) : sink(record);
  };
};

describe('what a run did is told', () => {
  it('by the next run, where a call that went on with it did not come to its end', async () => {
    const world = await createWorld('ana', 'bo', 'cleo');
    const enforcer = world.createEnforcer({ newId: () => 'run-x', concurrency: 1 });
    const first = await enforcer.run({ remainingTimeMs: untilFirst(world) });
    expect(first.done).toBe(false);
    const done = keysOf(world).filter((active) => !active).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(3);
    expect(told(first).filter((line) => line.includes('applied'))).toHaveLength(done);

    const dying = world.createEnforcer({ newId: () => 'other', audit: failingAt(1), concurrency: 1 });
    await expect(dying.run()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(keysOf(world).filter((active) => !active).length).toBeGreaterThan(done);

    const next = await world.enforcer.run();
    const all = [...told(first), ...told(next)]
      .filter((line) => line.includes('applied'))
      .map((line) => line.split(' ')[0]);
    expect([...all].sort()).toEqual(['ana', 'bo', 'cleo']);
  });

  it('where its effect was seen only by a later run, after people were told that nobody knows', async () => {
    const world = await createWorld('ana');
    world.iam.failNext('UpdateAccessKey', { code: 'TimeoutError', after: 'effect' });
    world.iam.failNext('ListAccessKeys', { code: 'AccessDenied', times: 1, when: () => keysOf(world)[0] === false });
    const first = await world.enforcer.run();
    expect(told(first)).toEqual(['ana failed of this run']);
    expect(keysOf(world)).toEqual([false]);
    world.goToDay(11);
    expect(told(await world.enforcer.run())).toEqual([expect.stringMatching(/^ana applied of id-/)]);
    world.goToDay(12);
    expect(told(await world.enforcer.run())).toEqual([]);
  });

  it('where another account fails after it', async () => {
    const world = await createWorld('ana');
    const other = createFakeIam({ now: world.clock.now, accountId: '444455556666' });
    // The account that was looked at longest ago comes first.
    world.goToDay(5);
    await world.createEnforcer({ accounts: ['444455556666'], iam: other }).run();
    world.goToDay(10);
    other.addUser({ name: 'zoe', tags: { owner: 'zoe@example.com' }, keys: [{ createdAt: daysBefore(80) }] });
    const both = (audit?: AuditSink) =>
      world.createEnforcer({
        accounts: ['111122223333', '444455556666'],
        iam: ({ accountId }) => (accountId === '111122223333' ? world.iam : other),
        ...(audit === undefined ? {} : { audit }),
      });
    let isFirst = true;
    const sink: AuditSink = async (record) => {
      if (JSON.stringify(record).includes('444455556666') && isFirst) throw new Error('disk full');
    };
    await expect(both(sink).run()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(keysOf(world)).toEqual([false]);
    isFirst = false;
    world.goToDay(11);
    expect(told(await both().run())).toEqual([expect.stringMatching(/^ana applied of id-/)]);
  });

  it('after a long weekend', async () => {
    const world = await createWorld('ana');
    await expect(world.createEnforcer({ audit: failingAt(1) }).run()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(keysOf(world)).toEqual([false]);
    world.goToDay(14);
    expect(told(await world.enforcer.run())).toEqual([expect.stringMatching(/^ana applied of id-/)]);
  });
});

describe('a dry-run beside an enforcer that acts', () => {
  it('goes on with no run of it, and writes nothing', async () => {
    const world = await createWorld('ana', 'bo');
    const first = await world.createEnforcer({ concurrency: 1 }).run({ remainingTimeMs: untilFirst(world) });
    expect(first.done).toBe(false);
    const before = await world.store.list('iam/', { limit: 1000 });
    const preview = await world.createEnforcer({ mode: 'dry-run' }).run();
    expect(preview.runId).not.toBe(first.runId);
    expect((await world.store.list('iam/', { limit: 1000 })).documents).toEqual(before.documents);
    expect((await world.enforcer.run()).runId).toBe(first.runId);
  });
});

it('who confirms that it is the user locks nobody out for good', async () => {
  const world = createActingWorld();
  const boundary = 'arn:aws:iam::111122223333:policy/edge';
  world.iam.addPolicy({ name: 'edge', document: { Version: '2012-10-17', Statement: [] } });
  world.iam.addUser({ name: 'ana', tags: owner('ana'), password: { createdAt: daysBefore(100) }, boundary });
  await runUntil(world, 0, 14);
  const subject = 'arn:aws:iam::111122223333:user/ana';
  const said = { subject, reason: 'she called', requestedBy: 'sec', until: new Date('2026-02-01') };
  const confirmed = await world.enforcer.resolve({ ...said, decision: 'confirm' });
  expect(dueOf(confirmed)).toEqual(['ana boundary']);
  expect(world.iam.user('ana').attachedPolicies).toEqual([]);
  await world.enforcer.resolve({ ...said, decision: 'act' });
  expect(world.iam.user('ana').attachedPolicies).toEqual([enrolment.arn]);
});

it('two cases of one key are one change, also where IAM still lists it as active, and it is restored whole', async () => {
  const world = createTestWorld({
    mode: 'enforce',
    accessKeys: { warnAtDays: [80], deactivateAtDays: 90, unusedAfterDays: 90 },
  });
  world.iam.addUser({ name: 'ana', tags: owner('ana'), keys: [{ createdAt: daysBefore(85) }] });
  await runUntil(world, 0, 9);
  world.goToDay(10);
  world.iam.staleReads({ forMs: 300_000 });
  const run = await world.enforcer.run();
  world.iam.staleReads(false);
  expect(keysOf(world)).toEqual([false]);
  expect(world.iam.calls().byAction['iam:UpdateAccessKey']).toBe(1);
  expect(told(run)).toEqual(['ana already-applied of this run', 'ana applied of this run']);
  const undone = await world.enforcer.restore(run.runId, {
    reason: 'needed',
    requestedBy: 'sec',
    exemptUntil: new Date('2026-02-01'),
  });
  expect(undone.steps.map(({ status, reason }) => [status, reason])).toEqual([['applied', 'restored']]);
  expect(keysOf(world)).toEqual([true]);
});

it('no more changes are begun once what was done cannot be recorded', async () => {
  const world = await createWorld('ana', 'bo', 'cleo');
  const enforcer = world.createEnforcer({ concurrency: 1, audit: failingAt(1) });
  await expect(enforcer.run()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  expect(keysOf(world).filter((active) => !active)).toHaveLength(1);
});

it('I25: mails that were sent are told of, and open cases, where it cannot be read what is to be done', async () => {
  let asked = 0;
  const isPrivileged = async (): Promise<boolean> => {
    // Once for the mail of the deadline, and not any more.
    asked += 1;
    if (world.clock.now() >= new Date('2026-01-15') && asked > 1) throw new Error('directory is down');
    return false;
  };
  const world = createActingWorld({
    mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'deny', isPrivileged },
  });
  world.iam.addUser({
    name: 'ana',
    tags: owner('ana'),
    password: { createdAt: daysBefore(100) },
    keys: [{ createdAt: daysBefore(76) }],
  });
  await runUntil(world, 0, 13);
  asked = 0;
  const run = await runUntil(world, 14, 14);
  expect(skippedOf(run)).toEqual(['ana read-failed']);
  expect(run.accounts.flatMap(({ open }) => open.map(({ rule, action }) => `${rule} ${action}`))).toEqual([
    'mfa act',
    'key-age act',
  ]);
  expect(run.accounts.flatMap(({ mails }) => mails.map(({ stage, status }) => `${stage} ${status}`))).toEqual([
    '0 sent',
  ]);
  expect(world.iam.user('ana').attachedPolicies).toEqual([]);
  expect(run.steps.filter(({ status }) => status === 'failed')).toHaveLength(1);
});

it('who has signed in since the report was made is not held for a password that nobody uses', async () => {
  const world = createActingWorld(holding);
  const password = { createdAt: daysBefore(100), lastUsed: daysBefore(90) };
  world.iam.addUser({ name: 'ana', tags: owner('ana'), password });
  world.iam.addUser({ name: 'bo', tags: owner('bo'), password });
  await runUntil(world, 0, 13);
  world.goToDay(14);
  await world.createEnforcer({ mode: 'dry-run' }).run();
  world.clock.advance(minutes(90));
  world.iam.signIn('ana');
  const run = await world.enforcer.run();
  expect(actionsOf(run)).toEqual([
    'ana attach-policy enrolment: applied mfa-missing',
    'bo attach-policy hold: applied hold-unused',
  ]);
});

it('what was read before the clock jumped back is read again before it is acted on', async () => {
  const world = createActingWorld();
  for (const name of ['ana', 'bo'])
    world.iam.addUser({ name, tags: owner(name), password: { createdAt: daysBefore(100), lastUsed: daysBefore(1) } });
  await runUntil(world, 0, 13);
  world.goToDay(14);
  const { sink } = world.audit;
  let isLate = false;
  const run = await world
    .createEnforcer({
      concurrency: 1,
      audit: async (record) => {
        await sink(record);
        if (!('decider' in record) || record.decider !== 'credentials/console' || isLate) return;
        // Between the first user and the second.
        isLate = true;
        world.clock.advance(-minutes(30));
        world.iam.enableMfa('bo');
      },
    })
    .run();
  expect(actionsOf(run)).toEqual([
    'ana attach-policy enrolment: applied mfa-missing',
    'bo attach-policy enrolment: skipped no-longer-due',
  ]);
});

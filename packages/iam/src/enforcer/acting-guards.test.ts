import {
  assertComplete,
  createMemoryStore,
  hours,
  isRemediationError,
  minutes,
  pause,
  type StateStore,
} from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import {
  actionsOf,
  createActingWorld,
  deliver,
  deployPolicies,
  enrolment,
  owner,
  runUntil,
  skippedOf,
  titleOf,
  writesOf,
} from '../testing/acting-world.ts';
import { createFakeIam, type FakeIam } from '../testing/fake-iam/index.ts';
import { createTestWorld, daysBefore, type TestWorld } from '../testing/test-enforcer.ts';
import type { CredentialRun } from './outcome.ts';

const password = { createdAt: daysBefore(100), lastUsed: daysBefore(2) };

/** Users whose keys are due on day 10. */
const addKeyUsers = ({ iam }: Pick<TestWorld, 'iam'>, ...names: readonly string[]): void => {
  for (const name of names) iam.addUser({ name, tags: owner(name), keys: [{ createdAt: daysBefore(80) }] });
};
const activeOf = ({ users }: FakeIam): string[] =>
  users.flatMap(({ name, keys }) => (keys.some(({ active }) => active) ? [name] : []));

/** Whether a retry is asked for. */
const isRetried = (run: CredentialRun): boolean => {
  try {
    assertComplete(run);
    return false;
  } catch (error) {
    if (isRemediationError(error) && error.retryable) return true;
    throw error;
  }
};

describe('the two policies are not as they must be', () => {
  it.each([
    ['missing', 'policy-drift'],
    ['of another content', 'policy-drift'],
    ['not readable', 'policy-unread'],
  ])('%s: nobody is attached, that is told, and keys are deactivated all the same', async (how, reason) => {
    const world = how === 'missing' ? createTestWorld() : createActingWorld();
    const { iam } = world;
    // Due on the same day.
    iam.addUser({ name: 'key', tags: owner('key'), keys: [{ createdAt: daysBefore(76) }] });
    iam.addUser({ name: 'bo', tags: owner('bo'), password });
    await runUntil(world, 0, 13);
    if (how === 'of another content')
      iam.addPolicyVersion(enrolment.arn, {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      });
    if (how === 'not readable') iam.failNext('GetPolicy', { code: 'AccessDenied', times: Number.POSITIVE_INFINITY });
    const run = await runUntil(world, 14, 14);
    expect(actionsOf(run).sort()).toEqual([
      `bo attach-policy enrolment: refused ${reason}`,
      'key deactivate: applied due',
    ]);
    expect(iam.user('bo').attachedPolicies).toEqual([]);
    expect(titleOf(run)).toContain('1 change REFUSED');
    expect(runSummaryMessage(run)).toMatchObject({ severity: 'high', undone: true });
    expect(iam.log.filter(({ operation }) => operation === 'AttachUserPolicy')).toEqual([]);
  });
});

describe('limits', () => {
  it.each([
    ['users', { maxUsersPerDay: 2, maxPercentPerDay: 100 }, [2, 2, 1, 0]],
    ['percent, rounded up', { maxUsersPerDay: 1_000, maxPercentPerDay: 21 }, [2, 2, 1, 0]],
    ['the smaller of both', { maxUsersPerDay: 1, maxPercentPerDay: 100 }, [1, 1, 1, 1]],
    ['no users', { maxUsersPerDay: 0, maxPercentPerDay: 100 }, [0, 0, 0, 0]],
    ['no percent', { maxUsersPerDay: 1_000, maxPercentPerDay: 0 }, [0, 0, 0, 0]],
  ])('by %s hold over the runs of a day, and each day has its own', async (_what, limits, perDay) => {
    const world = createActingWorld({ limits });
    const { iam } = world;
    addKeyUsers(world, 'a', 'b', 'c', 'd', 'e');
    for (let index = 0; index < 4; index += 1) iam.addUser({ name: `quiet-${index}` });
    await runUntil(world, 0, 9);
    const done: number[] = [];
    for (const day of [10, 11, 12, 13]) {
      const before = activeOf(iam).length;
      const run = await runUntil(world, day, day);
      const left = activeOf(iam).length;
      if (left > 0) expect(actionsOf(run)).toContainEqual(expect.stringMatching(/deactivate: refused limit-users$/));
      for (const later of [hours(5), hours(5)]) {
        world.clock.advance(later);
        await world.createEnforcer().run();
      }
      expect(activeOf(iam)).toHaveLength(left);
      done.push(before - left);
    }
    expect(done).toEqual(perDay);
  });
});

it('a break-glass ARN that no user has is told loudly: a slip in it would protect nobody', async () => {
  const arn = (path: string): string => `arn:aws:iam::111122223333:user/${path}`;
  const foreign = 'arn:aws:iam::444455556666:user/glass';
  const world = createActingWorld({ breakGlass: [arn('Staff/glass'), arn('glass'), foreign] });
  world.iam.addUser({ name: 'glass', path: '/staff/' });
  const faults = (await world.enforcer.run()).accounts.flatMap((one) => one.faults);
  expect(faults).toMatchObject([{ reason: 'break-glass-unknown', subject: arn('glass'), announce: true }]);
});

it('break-glass users and our own principals are never acted on, and that is told', async () => {
  const arn = (name: string): string => `arn:aws:iam::111122223333:user/${name}`;
  const world = createActingWorld({ breakGlass: [arn('glass'), arn('glass-2')], ownPrincipals: [arn('own')] });
  addKeyUsers(world, 'glass', 'own', 'other');
  world.iam.addUser({ name: 'glass-2', tags: owner('glass-2'), password });
  const run = await runUntil(world, 0, 10);
  expect(actionsOf(run).sort()).toEqual([
    'glass deactivate: refused break-glass',
    'other deactivate: applied due',
    'own deactivate: refused own-principal',
  ]);
  expect(titleOf(run)).toContain('2 changes REFUSED');
  expect(actionsOf(await runUntil(world, 11, 14))).toContain('glass-2 attach-policy enrolment: refused break-glass');
  expect(activeOf(world.iam)).toEqual(['glass', 'own']);
  expect(world.iam.user('glass-2').attachedPolicies).toEqual([]);
});

describe('a pause', () => {
  const dueWhilePaused = async (scope: 'new-denies' | 'all-writes') => {
    const world = createActingWorld();
    world.iam.addUser({ name: 'bo', tags: owner('bo'), password });
    world.iam.addUser({ name: 'key', tags: owner('key'), keys: [{ createdAt: daysBefore(75) }] });
    await runUntil(world, 0, 14);
    world.iam.enableMfa('bo');
    world.goToDay(15);
    const { store, clock } = world;
    await pause(store, { scope, reason: 'quarter-end', requestedBy: 'a.smith', until: hours(2) }, { now: clock.now });
    return { world, run: await world.enforcer.run() };
  };

  it('of new denies stops them, and lets who complies be free', async () => {
    const { world, run } = await dueWhilePaused('new-denies');
    expect(actionsOf(run).sort()).toEqual([
      'bo detach-policy enrolment: applied complies',
      'key deactivate: refused paused',
    ]);
    expect(activeOf(world.iam)).toEqual(['key']);
    world.clock.advance(hours(3));
    expect(actionsOf(await world.enforcer.run())).toEqual(['key deactivate: applied due']);
  });

  it('of all writes stops everything', async () => {
    const { world, run } = await dueWhilePaused('all-writes');
    expect(actionsOf(run).sort()).toEqual([
      'bo detach-policy enrolment: refused paused',
      'key deactivate: refused paused',
    ]);
    expect(world.iam.user('bo').attachedPolicies).toEqual([enrolment.arn]);
  });
});

/** A store that counts what is written to it. */
const countingStore = (): StateStore & { readonly writes: () => number } => {
  const store = createMemoryStore();
  let writes = 0;
  const counted =
    <Args extends readonly unknown[], Answer>(write: (...args: Args) => Answer) =>
    (...args: Args): Answer => {
      writes += 1;
      return write(...args);
    };
  return {
    ...store,
    putIfAbsent: counted(store.putIfAbsent),
    compareAndSet: counted(store.compareAndSet),
    delete: counted(store.delete),
    writes: () => writes,
  };
};

it('a dry-run plans all of it, writes nothing, and says so in a preview', async () => {
  const store = countingStore();
  const world = createActingWorld({ store, limits: { maxUsersPerDay: 2, maxPercentPerDay: 100 } });
  const { iam, mailer } = world;
  iam.addUser({ name: 'key', tags: owner('key'), keys: [{ createdAt: daysBefore(76) }] });
  for (const name of ['bo', 'cy']) iam.addUser({ name, tags: owner(name), password });
  await runUntil(world, 0, 13);
  world.goToDay(14);
  const before = { store: store.writes(), mails: mailer.mails.length };
  iam.resetCalls();
  const dry = await world.createEnforcer({ mode: 'dry-run' }).run();
  expect(before.store).toBeGreaterThan(0);
  expect({ store: store.writes(), mails: mailer.mails.length }).toEqual(before);
  expect(writesOf(iam)).toBe(0);
  expect(actionsOf(dry)).toEqual([
    'bo attach-policy enrolment: planned mfa-missing',
    'cy attach-policy enrolment: planned mfa-missing',
    'key deactivate: refused limit-users',
  ]);
  expect(runSummaryMessage(dry)).toMatchObject({ preview: true });
  expect(titleOf(dry)).toContain('2 would be denied until MFA');
  // What is planned is what is done.
  const run = await world.enforcer.run();
  expect(actionsOf(run)).toEqual(actionsOf(dry).map((line) => line.replace('planned', 'applied')));
});

describe('what could exempt somebody cannot be read: skip and report', () => {
  it('I16: the list of exemptions: nobody is acted on, and the run is tried again', async () => {
    let isBroken = false;
    const exemptions = async () => {
      if (isBroken) throw new Error('the list is away');
      return [];
    };
    const world = createActingWorld({ exemptions });
    addKeyUsers(world, 'ana');
    await runUntil(world, 0, 9);
    isBroken = true;
    const run = await runUntil(world, 10, 10);
    expect(run.accounts[0]?.error?.message).toContain('the list is away');
    expect(titleOf(run)).toContain('1 fault');
    expect(activeOf(world.iam)).toEqual(['ana']);
    expect(isRetried(run)).toBe(true);
    isBroken = false;
    expect(actionsOf(await world.enforcer.run())).toEqual(['ana deactivate: applied due']);
  });

  it('I17: tags and groups, when they are too old and the reading again fails', async () => {
    const world = createActingWorld();
    const { iam } = world;
    addKeyUsers(world, 'ana');
    await runUntil(world, 0, 9);
    world.goToDay(10);
    let isSlow = true;
    iam.before(({ operation }) => {
      if (operation !== 'ListAccessKeys' || !isSlow) return;
      isSlow = false;
      world.clock.advance(minutes(11));
      iam.failNext('GetAccountAuthorizationDetails', { code: 'ServiceFailure', times: Number.POSITIVE_INFINITY });
    });
    const run = await world.enforcer.run();
    expect(isSlow).toBe(false);
    expect(activeOf(iam)).toEqual(['ana']);
    expect(writesOf(iam)).toBe(0);
    expect(skippedOf(run).concat(actionsOf(run))).toContainEqual(expect.stringMatching(/^ana .*read-failed$/));
    expect(isRetried(run)).toBe(true);
  });

  it('I17: whoever was exempted by a tag meanwhile is left alone', async () => {
    const key = 'remedykit:exempt';
    const world = createActingWorld({
      exemptByTag: { key, acknowledge: 'whoever-may-tag-users-may-exempt-them' },
    });
    const { iam } = world;
    addKeyUsers(world, 'ana', 'ben');
    await runUntil(world, 0, 9);
    world.goToDay(10);
    let isSlow = true;
    iam.before(({ operation }) => {
      if (operation !== 'ListAccessKeys' || !isSlow) return;
      isSlow = false;
      world.clock.advance(minutes(11));
      iam.tag('ana', { [key]: '2026-03-31 legacy bridge' });
    });
    const run = await world.enforcer.run();
    expect(actionsOf(run)).toEqual(['ana deactivate: skipped no-longer-due', 'ben deactivate: applied due']);
    expect(activeOf(iam)).toEqual(['ana']);
  });

  it('whether the user is privileged, or the password policy: the user is left out, others are not', async () => {
    let isAway = false;
    const isPrivileged = async ({ userName }: { readonly userName: string }): Promise<boolean> => {
      if (isAway && userName === 'bo') throw new Error('the directory is away');
      return false;
    };
    const mfa = { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'deny', isPrivileged } as const;
    const world = createActingWorld({ mfa });
    for (const name of ['bo', 'cy']) world.iam.addUser({ name, tags: owner(name), password });
    await runUntil(world, 0, 13);
    isAway = true;
    const run = await runUntil(world, 14, 14);
    expect(skippedOf(run)).toEqual(['bo read-failed']);
    expect(actionsOf(run)).toEqual(['cy attach-policy enrolment: applied mfa-missing']);
    expect(world.iam.user('bo').attachedPolicies).toEqual([]);
    expect(isRetried(run)).toBe(true);

    const other = createActingWorld();
    other.iam.addUser({ name: 'bo', tags: owner('bo'), password });
    await runUntil(other, 0, 13);
    other.iam.failNext('GetAccountPasswordPolicy', { code: 'AccessDenied', times: Number.POSITIVE_INFINITY });
    const denied = await runUntil(other, 14, 14);
    expect(skippedOf(denied)).toEqual(['bo read-failed']);
    expect(other.iam.user('bo').attachedPolicies).toEqual([]);
  });

  it.each(['Throttling', 'AccessDenied'])(
    'I15: the last use of a key (%s): it is left out, told, and active',
    async (code) => {
      const accessKeys = { warnAtDays: [355], deactivateAtDays: 365, unusedAfterDays: 45 };
      const world = createActingWorld({ accessKeys });
      world.iam.addUser({ name: 'ana', tags: owner('ana'), keys: [{ createdAt: daysBefore(200) }] });
      await runUntil(world, 0, 9);
      world.iam.failNext('GetAccessKeyLastUsed', { code, times: Number.POSITIVE_INFINITY });
      const run = await runUntil(world, 10, 30);
      expect(skippedOf(run)).toEqual(['ana read-failed']);
      expect(activeOf(world.iam)).toEqual(['ana']);
    },
  );
});

it('I25, I26: what IAM refuses for one user is told as failed, is active, and stops nobody else', async () => {
  const world = createActingWorld();
  const { iam } = world;
  addKeyUsers(world, 'ana', 'ben', 'cy');
  await runUntil(world, 0, 9);
  iam.failNext('UpdateAccessKey', { code: 'AccessDenied', when: ({ UserName }) => UserName === 'ben' });
  const run = await runUntil(world, 10, 10);
  expect(actionsOf(run)).toEqual([
    'ana deactivate: applied due',
    'ben deactivate: failed write-failed',
    'cy deactivate: applied due',
  ]);
  expect(titleOf(run)).toContain('1 change FAILED');
  expect(titleOf(run)).toContain('2 deactivated');
  expect(activeOf(iam)).toEqual(['ben']);
  expect(actionsOf(await runUntil(world, 11, 11))).toEqual(['ben deactivate: applied due']);
});

it('I24: a bounce that comes back between reading and acting: the warning counts no more, and nothing is done', async () => {
  const world = createActingWorld();
  const { iam, mailer, enforcer } = world;
  addKeyUsers(world, 'ana');
  await runUntil(world, 0, 9);
  world.goToDay(10);
  let bounced = 0;
  iam.before(async ({ operation }) => {
    if (operation !== 'ListAccessKeys' || bounced > 0) return;
    for (const mail of mailer.mails) {
      bounced += 1;
      await enforcer.recordMailEvent(mailer.eventOf(mail, 'Bounced'));
    }
  });
  const run = await enforcer.run();
  expect(bounced).toBeGreaterThan(0);
  expect(actionsOf(run)).toEqual(['ana deactivate: skipped no-longer-due']);
  expect(activeOf(iam)).toEqual(['ana']);
  expect(writesOf(iam)).toBe(0);
});

describe('a run that ends for want of time', () => {
  const other = '444455556666';

  it('is gone on with under its id, over several accounts, and shares the limit', async () => {
    const world = createActingWorld({
      accounts: ['111122223333', other],
      limits: { maxUsersPerDay: 8, maxPercentPerDay: 100 },
    });
    const second = createFakeIam({ now: world.clock.now, accountId: other });
    deployPolicies(second);
    const accounts: Readonly<Record<string, FakeIam>> = { '111122223333': world.iam, [other]: second };
    const iam = ({ accountId }: { readonly accountId: string }): FakeIam => accounts[accountId] ?? world.iam;
    const names = Array.from({ length: 12 }, (_, index) => `user-${String(index).padStart(2, '0')}`);
    for (const one of Object.values(accounts)) addKeyUsers({ iam: one }, ...names);
    const healthy = world.createEnforcer({ iam });
    for (let day = 0; day < 10; day += 1) {
      world.goToDay(day);
      await healthy.run();
      await deliver(world);
    }
    world.goToDay(10);
    const runs: CredentialRun[] = [];
    do {
      // A new worker each time, which knows only what is stored.
      let left = minutes(1);
      const remainingTimeMs = (): number => {
        left -= 1_000;
        return left;
      };
      runs.push(await world.createEnforcer({ iam, concurrency: 1 }).run({ remainingTimeMs }));
    } while (runs.at(-1)?.done === false && runs.length < 20);
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.at(-1)?.done).toBe(true);
    expect(runs.slice(0, -1).every((run) => isRetried(run))).toBe(true);
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1);
    const applied = runs.flatMap(actionsOf).filter((line) => line.includes(': applied'));
    expect(applied).toHaveLength(16);
    for (const one of Object.values(accounts)) expect(activeOf(one)).toHaveLength(4);
    const [{ runId } = { runId: '' }] = runs;
    const exemptUntil = new Date(world.clock.now().getTime() + hours(240));
    const request = { reason: 'CHG-1', requestedBy: 'a.smith', exemptUntil };
    const restored = await world.createEnforcer({ iam }).restore(runId, request);
    expect(restored.steps.filter(({ status }) => status === 'applied')).toHaveLength(16);
    for (const one of Object.values(accounts)) expect(activeOf(one)).toHaveLength(12);
  });
});

it('I30: enforcers side by side keep nothing of one another', async () => {
  const worlds = [createActingWorld(), createActingWorld()] as const;
  for (const world of worlds) addKeyUsers(world, 'ana');
  const [one, other] = worlds;
  await runUntil(one, 0, 10);
  const run = await runUntil(other, 0, 0);
  expect(activeOf(one.iam)).toEqual([]);
  expect(actionsOf(run)).toEqual([]);
  expect(activeOf(other.iam)).toEqual(['ana']);
  expect(actionsOf(await one.enforcer.run())).toEqual([]);
});

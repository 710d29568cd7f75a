import { createMemoryStore, days, minutes, type StateStore } from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { listAccount, statusOf } from '../actions/journal.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import { createFakeIam, type FakeIam } from '../testing/fake-iam/index.ts';
import { createFakeMailer, type FakeMailer } from '../testing/fake-mailer.ts';
import { createReach, type Reach } from '../testing/model/reach.ts';
import type { FaultKind } from '../testing/model/story.ts';
import { type CredentialEnforcer, createCredentialEnforcer } from './enforcer.ts';

// A worker that acts, answers or undoes dies before and after each single call of IAM, store and mailer; others run after it.

const accountId = '111122223333';
const start = new Date('2026-01-01T10:00:00.000Z');
const before = (count: number): Date => new Date(start.getTime() - days(count));
const { enrolment, hold } = mfaPolicies({ accountId });
const mostUsers = 2;

interface Worker {
  readonly enforcer: CredentialEnforcer;
  readonly reach: Reach;
}

/** One account, and what changed in it. */
interface World {
  readonly clock: TestClock;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly store: StateStore;
  /** Writes that changed something: the call, the user and the day. */
  readonly effects: string[];
  createWorker(at?: number, fault?: FaultKind): Worker;
}

const createWorld = (): World => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ now: clock.now, report: { takesPolls: 0 } });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const owned = (name: string) => ({ name, tags: { owner: `${name}@example.com` } });
  const password = { createdAt: before(100), lastUsed: before(1) };
  iam.addUser({ ...owned('ana'), keys: [{ createdAt: before(80) }] });
  iam.addUser({ ...owned('bo'), password });
  iam.addUser({ ...owned('pri'), password, attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  const mailer = createFakeMailer({ now: clock.now });
  const store = createMemoryStore();
  const effects: string[] = [];
  const state = (): string => JSON.stringify(iam.users);
  let ids = 0;
  return {
    clock,
    iam,
    mailer,
    store,
    effects,
    createWorker(at, fault) {
      const reach = createReach(
        { iam, store, mailer },
        {
          time: { sleep: async () => undefined },
          random: () => 0,
          faultOf: (request) => (request === at ? fault : undefined),
          onWrite: async ({ name, input }) => {
            const was = state();
            return () => {
              if (state() !== was) effects.push(`${name} ${input.UserName} ${input.PolicyArn ?? input.Status}`);
            };
          },
        },
      );
      const enforcer = createCredentialEnforcer({
        mode: 'enforce',
        accounts: [accountId],
        iam: reach.iam,
        store: reach.store,
        mailer: reach.mailer,
        allowedRecipientDomains: ['example.com'],
        fallbackRecipient: 'security@example.com',
        rolloutDate: start,
        limits: { maxUsersPerDay: mostUsers, maxPercentPerDay: 100 },
        breakGlass: [],
        ownPrincipals: [],
        mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'deny', enrolAfterDeny: 'hold' },
        accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
        minimumWarningDays: 10,
        undeliverable: 'report',
        concurrency: 1,
        audit: () => undefined,
        now: clock.now,
        newId: () => `id-${++ids}`,
        sleep: async () => undefined,
        random: () => 0.5,
      });
      return { enforcer, reach };
    },
  };
};

/** Healthy runs on the day of the first warnings, and on each day from that on which time is up; every mail arrives. */
const worldOn = async (day: number, prepare: (world: World) => Promise<void>): Promise<World> => {
  const world = createWorld();
  const { enforcer } = world.createWorker();
  for (const at of [0, 14, 15].filter((one) => one < day)) {
    world.clock.set(new Date(start.getTime() + days(at)));
    await enforcer.run();
    for (const mail of world.mailer.mails) await enforcer.recordMailEvent(world.mailer.eventOf(mail, 'Delivered'));
  }
  world.clock.set(new Date(start.getTime() + days(day)));
  await prepare(world);
  return world;
};

const journalOf = async ({ store }: World) => (await listAccount(store, accountId)).entries;

const runsOf = async (world: World): Promise<string[]> => [
  ...new Set((await journalOf(world)).map(({ runId }) => runId).reverse()),
];

const request = (world: World) => ({
  reason: 'a story',
  requestedBy: 'a.smith',
  exemptUntil: new Date(world.clock.now().getTime() + days(20)),
});

const restoreAll = async (world: World): Promise<void> => {
  const { enforcer } = world.createWorker();
  for (const runId of await runsOf(world)) await enforcer.restore(runId, request(world));
};

const confirm = async ({ enforcer }: Worker, { clock }: World): Promise<void> => {
  const until = new Date(clock.now().getTime() + days(3));
  const subject = `arn:aws:iam::${accountId}:user/pri`;
  await enforcer.resolve({ subject, decision: 'confirm', reason: 'seen', requestedBy: 'a.smith', until });
};

/** Time for so much of a run that only a part of it is done: it ends after some calls. */
const shortTime = (calls: number): (() => number) => {
  let left = calls;
  return () => {
    left -= 1;
    return left > 0 ? minutes(1) : 1;
  };
};

interface Deed {
  readonly name: string;
  readonly day: number;
  readonly prepare?: (world: World) => Promise<void>;
  /** What the mortal does. */
  readonly act: (worker: Worker, world: World) => Promise<unknown>;
  /** Somebody asks again after the death; runs go on by themselves. */
  readonly again?: Deed['act'];
  /** What changes on that day, in the order of the names. */
  readonly effects: readonly string[];
}

const run: Deed['act'] = ({ enforcer }) => enforcer.run();
const healthyRun = async (world: World): Promise<void> => {
  await world.createWorker().enforcer.run();
};

const allDenied = [
  'AttachUserPolicy bo arn:aws:iam::111122223333:policy/remedykit/mfa-enrolment',
  'UpdateAccessKey ana Inactive',
];

const deeds: readonly Deed[] = [
  { name: 'deactivation and denial, one user beyond the limit', day: 14, act: run, effects: allDenied },
  {
    name: 'a hold',
    day: 15,
    act: run,
    effects: ['AttachUserPolicy pri arn:aws:iam::111122223333:policy/remedykit/mfa-hold'],
  },
  {
    name: 'a swap after a confirmation',
    day: 16,
    act: confirm,
    again: confirm,
    effects: [
      'AttachUserPolicy pri arn:aws:iam::111122223333:policy/remedykit/mfa-enrolment',
      'DetachUserPolicy pri arn:aws:iam::111122223333:policy/remedykit/mfa-hold',
    ],
  },
  {
    name: 'a release',
    day: 16,
    prepare: async ({ iam }) => void iam.enableMfa('bo', 'virtual'),
    act: run,
    effects: ['DetachUserPolicy bo arn:aws:iam::111122223333:policy/remedykit/mfa-enrolment'],
  },
  {
    name: 'a restore',
    day: 15,
    act: async ({ enforcer }, world) => enforcer.restore((await runsOf(world))[0] ?? '', request(world)),
    again: async ({ enforcer }, world) => enforcer.restore((await runsOf(world)).at(-1) ?? '', request(world)),
    effects: [
      'AttachUserPolicy pri arn:aws:iam::111122223333:policy/remedykit/mfa-hold',
      'DetachUserPolicy bo arn:aws:iam::111122223333:policy/remedykit/mfa-enrolment',
      'UpdateAccessKey ana Active',
    ],
  },
  {
    name: 'a run that goes on with one that had no time',
    day: 14,
    prepare: async (world) => {
      const { enforcer } = world.createWorker();
      const part = await enforcer.run({ remainingTimeMs: shortTime(12) });
      expect(part.done).toBe(false);
    },
    act: run,
    effects: allDenied,
  },
];

/** Two healthy runs after it: at once, and when nobody can be at work any more. */
const goOn = async (world: World, { again }: Deed): Promise<void> => {
  if (again !== undefined) await again(world.createWorker(), world);
  await healthyRun(world);
  world.clock.advance(minutes(16));
  await healthyRun(world);
};

const stateOf = ({ iam }: World): unknown =>
  iam.users.map(({ name, keys, attachedPolicies, mfa }) => [
    name,
    keys.map(({ active }) => active),
    [...attachedPolicies].sort(),
    mfa.length,
  ]);

/** What stands in the journal, whoever did it. */
const standing = async (world: World): Promise<string[]> =>
  (await journalOf(world))
    .filter((entry) => statusOf(entry) !== 'failed')
    .map((entry) => `${entry.stepId} ${statusOf(entry)}`)
    .sort();

describe.each(deeds)('a worker that dies on the day of $name', (deed) => {
  const { day, prepare = async () => undefined, act, effects } = deed;
  it('leaves nothing that those after it do not finish, once, within the limit, and it can be undone', async () => {
    const calm = await worldOn(day, prepare);
    const mortal = calm.createWorker();
    const from = calm.effects.length;
    await act(mortal, calm);
    const requests = mortal.reach.requests.map(({ name }) => name);
    await goOn(calm, deed);
    expect(calm.effects.slice(from).sort()).toEqual(effects);
    const expected = stateOf(calm);
    const expectedEntries = await standing(calm);
    await restoreAll(calm);
    const expectedUndone = stateOf(calm);

    for (let at = 1; at <= requests.length; at += 1) {
      for (const fault of ['dies-before', 'dies-after'] as const) {
        const world = await worldOn(day, prepare);
        const { enforcer, reach } = world.createWorker(at, fault);
        await Promise.resolve(act({ enforcer, reach }, world)).catch(() => undefined);
        const where = `${fault} ${at}: ${requests[at - 1]}`;
        expect(reach.isDead(), where).toBe(true);
        await goOn(world, deed);
        // Each once: nobody is acted on twice, and no more users than a day allows.
        expect(world.effects.slice(from).sort(), where).toEqual(effects);
        expect(stateOf(world), where).toEqual(expected);
        expect(await standing(world), where).toEqual(expectedEntries);
        await restoreAll(world);
        expect(stateOf(world), where).toEqual(expectedUndone);
      }
    }
    console.info(`${deed.name}: ${requests.length * 2} points of death`);
  });
});

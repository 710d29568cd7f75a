import { createMemoryStore } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createIamCalls } from '../aws/calls.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { createFakeMailer } from '../testing/fake-mailer.ts';
import { createFakeIam } from '../testing/index.ts';
import { createReach } from '../testing/model/reach.ts';
import type { FaultKind } from '../testing/model/story.ts';
import { executeAction } from './execute-action.ts';
import { listAccount, statusOf } from './journal.ts';
import { inFlightFor, type SettledEntry, settleJournal } from './settle-journal.ts';

// A worker acts and dies at one of its calls, the next one settles what it left open and dies as well, a third settles.

const accountId = '111122223333';
const old = '2026-06-01T08:00:00.000Z';
const { enrolment, hold } = mfaPolicies({ accountId });
const deaths = ['dies-before', 'dies-after'] as const;

type Kind = 'deactivate' | 'attach' | 'detach' | 'delete';
const kinds: readonly Kind[] = ['deactivate', 'attach', 'detach', 'delete'];

const stage = () => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
  const iam = createFakeIam({ now: clock.now });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const store = createMemoryStore();
  const mailer = createFakeMailer({ now: clock.now });
  const { userId, arn, keys } = iam.addUser({
    name: 'ada',
    password: { createdAt: old },
    keys: [{ createdAt: old }],
    attachedPolicies: [hold.arn],
  });
  const accessKeyId = keys[0]?.id ?? '';
  const base = {
    reason: 'due',
    because: 'Its time is up.',
    subject: { accountId, userName: 'ada', userId, arn },
    effect: 'new-deny',
    caseId: 'mfa/password',
  } as const;
  const steps: Readonly<Record<Kind, ActionStep>> = {
    deactivate: {
      ...base,
      id: 'ada/key',
      caseId: `key-age/${accessKeyId}`,
      action: 'deactivate',
      target: { kind: 'access-key', accessKeyId },
      precondition: { kind: 'credential', active: true, createdAt: old },
    },
    attach: {
      ...base,
      id: 'ada/attach',
      action: 'attach-policy',
      target: { kind: 'managed-policy', policyArn: enrolment.arn },
      precondition: { kind: 'attachment', attached: false },
    },
    detach: {
      ...base,
      id: 'ada/detach',
      effect: 'release',
      action: 'detach-policy',
      target: { kind: 'managed-policy', policyArn: hold.arn },
      precondition: { kind: 'attachment', attached: true },
    },
    delete: {
      ...base,
      id: 'ada/delete',
      action: 'delete-login-profile',
      target: { kind: 'login-profile' },
      precondition: { kind: 'login-profile', createdAt: old },
    },
  };
  const isDone: Readonly<Record<Kind, () => boolean>> = {
    deactivate: () => iam.user('ada').keys[0]?.active === false,
    attach: () => iam.user('ada').attachedPolicies.includes(enrolment.arn),
    detach: () => !iam.user('ada').attachedPolicies.includes(hold.arn),
    delete: () => iam.user('ada').password === undefined,
  };
  const createWorker = (at?: number, fault?: FaultKind) => {
    const reach = createReach(
      { iam, store, mailer },
      {
        time: { sleep: async () => undefined },
        random: () => 0,
        faultOf: (request) => (request === at ? fault : undefined),
      },
    );
    const context = { calls: createIamCalls({ iam: reach.iam, attempts: 1 }), store: reach.store, now: clock.now };
    return {
      isDead: reach.isDead,
      act: (kind: Kind, runId = 'run-1') =>
        executeAction(steps[kind], { ...context, runId, isStillDue: async () => true }),
      /** As a run does it: all that is open; nothing is heard of a worker that dies while it reads the journal. */
      settle: async (): Promise<readonly SettledEntry[]> => {
        try {
          return await settleJournal(context, (await listAccount(context.store, accountId)).entries);
        } catch (error) {
          if (reach.isDead()) return [];
          throw error;
        }
      },
    };
  };
  /** By a worker that dies when it would mark what it did. */
  const actUnmarked = (kind: Kind) => {
    const dying = { ...store, compareAndSet: () => Promise.reject(new Error('dies')) };
    const context = { calls: createIamCalls({ iam, attempts: 1 }), store: dying, now: clock.now, runId: 'run-1' };
    return executeAction(steps[kind], { ...context, isStillDue: async () => true });
  };
  const entries = async (): Promise<readonly JournalEntry[]> => (await listAccount(store, accountId)).entries;
  const writes = (): number => iam.log.filter(({ operation }) => !/^(Get|List)/.test(operation)).length;
  return { clock, iam, isDone, createWorker, actUnmarked, entries, writes };
};

type World = ReturnType<typeof stage>;

/** What is said is so. */
const expectTrue = ({ isDone }: World, kind: Kind, entry: JournalEntry): void => {
  const status = statusOf(entry);
  if (status === 'completed') expect(isDone[kind]()).toBe(true);
  if (status === 'failed') expect(isDone[kind]()).toBe(false);
};

/** More than an action, or settling one entry, ever makes. */
const mostCalls = 8;
const numbers = Array.from({ length: mostCalls }, (_, index) => index + 1);
const cases = kinds.flatMap((kind) => deaths.flatMap((death) => numbers.map((at) => ({ kind, death, at }))));

describe('what a dead worker left open, settled by workers that die as well', () => {
  it.each(cases)(
    'I25: $kind, $death call $at: nothing is lost, and nothing is said to be done that was not',
    async ({ kind, death, at }) => {
      for (const again of deaths)
        for (const number of numbers) {
          const world = stage();
          const { clock, isDone, createWorker, entries, writes } = world;
          const acted = await createWorker(at, death).act(kind);
          if (acted.status === 'applied') expect(isDone[kind]()).toBe(true);
          // Whatever took effect was intended before.
          if (isDone[kind]()) expect(await entries()).toHaveLength(1);
          clock.advance(inFlightFor);

          const told = await createWorker(number, again).settle();
          for (const { entry, settled } of told) {
            expectTrue(world, kind, entry);
            if (settled) expect((await entries()).map(statusOf)).toEqual([statusOf(entry)]);
          }
          for (const entry of await entries()) expectTrue(world, kind, entry);

          await createWorker().settle();
          for (const entry of await entries()) {
            expect(statusOf(entry)).toBe(isDone[kind]() ? 'completed' : 'failed');
            expectTrue(world, kind, entry);
          }
          expect(await createWorker().settle()).toEqual([]);
          expect(writes()).toBeLessThanOrEqual(1);

          // The next run does what was not done, and nothing twice.
          await createWorker().act(kind, 'run-2');
          expect(isDone[kind]()).toBe(true);
          expect((await entries()).filter((entry) => statusOf(entry) === 'completed')).toHaveLength(1);
          expect(writes()).toBe(1);
        }
    },
  );

  it.each(kinds)('the deaths reach beyond the last call, of the action and of settling: %s', async (kind) => {
    const last = stage().createWorker(mostCalls, 'dies-before');
    await last.act(kind);
    expect(last.isDead()).toBe(false);
    const { clock, actUnmarked, createWorker, entries } = stage();
    await actUnmarked(kind);
    clock.advance(inFlightFor);
    const settler = createWorker(mostCalls, 'dies-before');
    expect(await settler.settle()).toHaveLength(1);
    expect(settler.isDead()).toBe(false);
    expect((await entries()).map(statusOf)).toEqual(['completed']);
  });
});

describe('several entries that were left open', () => {
  const all = Array.from({ length: 16 }, (_, index) => index + 1);
  const ends = deaths.flatMap((death) => all.map((at) => ({ death, at })));

  /** Workers that died before their marks left three entries: two took effect, and of one the key is gone since. */
  const left = async (): Promise<World> => {
    const world = stage();
    for (const kind of ['attach', 'delete', 'deactivate'] as const) await world.actUnmarked(kind);
    world.iam.removeKey('ada', world.iam.user('ada').keys[0]?.id ?? '');
    expect((await world.entries()).map(statusOf)).toEqual(['intended', 'intended', 'intended']);
    world.clock.advance(inFlightFor);
    return world;
  };

  it.each(ends)('a worker that $death call $at hides none of them from the next', async ({ death, at }) => {
    const { createWorker, entries } = await left();
    for (const { settled, entry } of await createWorker(at, death).settle())
      if (settled) expect(await entries()).toContainEqual(entry);
    await createWorker().settle();
    const ended = Object.fromEntries((await entries()).map((entry) => [entry.stepId, statusOf(entry)]));
    expect(ended).toEqual({ 'ada/attach': 'completed', 'ada/delete': 'completed', 'ada/key': 'failed' });
    expect((await entries()).find(({ stepId }) => stepId === 'ada/key')?.failure).toBe('credential-gone');
  });

  it('the deaths reach beyond the last call', async () => {
    const settler = (await left()).createWorker(all.length, 'dies-before');
    expect((await settler.settle()).map(({ settled }) => settled)).toEqual([true, true, true]);
    expect(settler.isDead()).toBe(false);
  });
});

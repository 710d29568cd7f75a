import { createMemoryStore, days, type Json, minutes, type StateStore } from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createFakeIam, type FakeIam } from '../testing/fake-iam/index.ts';
import { createFakeMailer, type FakeMailer } from '../testing/fake-mailer.ts';
import { createReach, type Reach, type ReachRequest } from '../testing/model/reach.ts';
import type { FaultKind } from '../testing/model/story.ts';
import { sha256 } from '../warnings/mail-key.ts';
import { type CredentialEnforcer, createCredentialEnforcer } from './enforcer.ts';

// A worker dies before and after each single call of IAM, store and mailer; others run after it.

const start = new Date('2026-01-01T10:00:00.000Z');
const before = (count: number): Date => new Date(start.getTime() - days(count));

interface World {
  readonly clock: TestClock;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly store: StateStore;
  /** A worker that meets a fault at one of its requests, or at none. */
  createWorker(at?: number, fault?: FaultKind): { readonly enforcer: CredentialEnforcer; readonly reach: Reach };
}

const createWorld = (): World => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ now: clock.now, report: { takesPolls: 0 } });
  const owned = (name: string) => ({ name, tags: { owner: `${name}@example.com` } });
  iam.addUser({ ...owned('ana'), keys: [{ createdAt: before(80) }, { createdAt: before(79) }] });
  iam.addUser({ ...owned('bo'), password: { createdAt: before(100) } });
  iam.addUser({ name: 'unowned', keys: [{ createdAt: before(81) }] });
  iam.addUser({ ...owned('exempt'), keys: [{ createdAt: before(100) }] });
  iam.addUser({ ...owned('refusing'), keys: [{ createdAt: before(80) }] });
  const mailer = createFakeMailer({ now: clock.now });
  mailer.refuse('refusing@example.com');
  const store = createMemoryStore();
  let ids = 0;
  return {
    clock,
    iam,
    mailer,
    store,
    createWorker(at, fault) {
      const reach = createReach(
        { iam, store, mailer },
        {
          time: { sleep: async () => undefined },
          random: () => 0,
          faultOf: (request) => (request === at ? fault : undefined),
        },
      );
      const enforcer = createCredentialEnforcer({
        mode: 'enforce',
        accounts: ['111122223333'],
        iam: reach.iam,
        store: reach.store,
        mailer: reach.mailer,
        allowedRecipientDomains: ['example.com'],
        fallbackRecipient: 'security@example.com',
        rolloutDate: start,
        limits: { maxUsersPerDay: 1_000, maxPercentPerDay: 100 },
        breakGlass: [],
        ownPrincipals: [],
        mfa: { action: 'report', graceDays: 14 },
        accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
        minimumWarningDays: 10,
        undeliverable: 'report',
        exemptions: [{ user: 'exempt', reason: 'a bridge', expires: new Date('2026-06-01') }],
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

/** A day on which a worker dies, and what is true of it. */
const daysOfDeath = [
  { name: 'first warnings', day: 0, events: true, acts: false },
  { name: 'silent events and their probe', day: 2, events: false, acts: false },
  { name: 'reminders', day: 5, events: true, acts: false },
  { name: 'the deadline', day: 11, events: true, acts: true },
] as const;
type DayOfDeath = (typeof daysOfDeath)[number];

/** The world as it is at that hour, one healthy run a day before it. */
const worldOn = async ({ day, events }: DayOfDeath): Promise<World> => {
  const world = createWorld();
  const { enforcer } = world.createWorker();
  for (let at = 0; at < day; at += 1) {
    world.clock.set(new Date(start.getTime() + days(at)));
    await enforcer.run();
    if (events)
      for (const mail of world.mailer.mails) await enforcer.recordMailEvent(world.mailer.eventOf(mail, 'Delivered'));
  }
  world.clock.set(new Date(start.getTime() + days(day)));
  return world;
};

const volatile = new Set([
  ...['claim', 'claimedAt', 'acceptedAt', 'rejectedAt', 'messageId', 'lastDoneAt', 'lastProbeAt'],
  ...['runId', 'intendedAt', 'completedAt'],
]);
const keyed = (value: Json): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, held: unknown) => {
      // By whom an effect was seen, and from which answers, is another matter where somebody died.
      if (name === 'settledAt' || name === 'requestIds') return undefined;
      // Of keys it decides nothing; it is forgotten when the user is looked at next.
      if (name === 'firstSeenAt' && typeof held === 'object')
        return Object.entries(Object(held)).filter(([id]) => id.startsWith('mfa/'));
      // By hashes of runs as well, and of whether a change was made by this run or seen to be made by an earlier one.
      if (name === 'told') return 'told';
      return volatile.has(name) ? 'set' : held;
    }),
  );

const isOfJournal = (key: string): boolean => /^iam\/\d+\/journal\//.test(key);
/** The run is another one, and the rest of the key says which step of which user it is. */
const withoutRun = (key: string): string =>
  isOfJournal(key) ? key.replace(/\/journal\/[^/]+\//, '/journal/run/') : key;
const isFailed = (value: Json): boolean => (value as { failedAt?: Json }).failedAt !== undefined;

/**
 * The documents and the account, without the times and tokens that no two runs have in common, and without what is known
 * to have had no effect: all that took effect is there, once.
 */
const stateOf = async ({ store, iam }: World, without?: string): Promise<unknown> => {
  const { documents } = await store.list('iam/', { limit: 1000 });
  const kept = documents.filter(({ key, value }) => key !== without && (!isOfJournal(key) || !isFailed(value)));
  const rows = kept.map(({ key, value }) => [withoutRun(key), keyed(value)] as const);
  return [
    ...rows.sort(([one], [other]) => (one < other ? -1 : 1)),
    iam.users.map(({ name, keys, attachedPolicies }) => [name, keys.map(({ active }) => active), attachedPolicies]),
  ];
};

/** How many changes were intended and seen to have had no effect. */
const failedOf = async ({ store }: World): Promise<number> => {
  const { documents } = await store.list('iam/', { limit: 1000 });
  return documents.filter(({ key, value }) => isOfJournal(key) && isFailed(value)).length;
};

const storeKeyOf = (key: string): string => `iam/111122223333/mail/${sha256(key)}`;

/** Keys of all mails but those of a document. */
const mailKeysOf = ({ mailer }: World, without?: string): string[] =>
  mailer.mails
    .map(({ message }) => message.key)
    .filter((key) => storeKeyOf(key) !== without)
    .sort();

/** Two healthy runs after it: at once, and when its claims have lapsed. */
const goOn = async (world: World): Promise<void> => {
  await world.createWorker().enforcer.run();
  world.clock.advance(minutes(16));
  await world.createWorker().enforcer.run();
};

/** How many mails were accepted and not marked when a worker died there. */
const hiddenAt = (requests: readonly ReachRequest[], at: number, fault: FaultKind, refused: ReadonlySet<number>) => {
  const happened = requests.filter((_, index) => index + 1 < at || (index + 1 === at && fault === 'dies-after'));
  let hidden = 0;
  let isSent = false;
  for (const [index, { name }] of happened.entries()) {
    if (name === 'notify' && !refused.has(index + 1)) {
      isSent = true;
      hidden += 1;
    } else if (isSent && /^compareAndSet .*\/mail\//.test(name)) {
      isSent = false;
      hidden -= 1;
    }
  }
  return hidden;
};

/**
 * The document of a mail that was claimed and not marked when a worker died there. On the day of the deadline nobody sends
 * it again: the notice of that day waits for nothing, and the next run has no case left to tell of.
 */
const noticeAt = (requests: readonly ReachRequest[], at: number, fault: FaultKind): string | undefined => {
  const happened = requests.filter((_, index) => index + 1 < at || (index + 1 === at && fault === 'dies-after'));
  const [verb, key] =
    happened.findLast(({ name }) => /^(putIfAbsent|compareAndSet) .*\/mail\//.test(name))?.name.split(' ') ?? [];
  return verb === 'putIfAbsent' ? key : undefined;
};

/** How many changes were intended and not made when a worker died there: it acts on one after the other. */
const intendedAt = (requests: readonly ReachRequest[], at: number, fault: FaultKind): number => {
  const happened = requests.filter((_, index) => index + 1 < at || (index + 1 === at && fault === 'dies-after'));
  const last = happened.findLast(({ name }) => /^putIfAbsent .*\/journal\/|^UpdateAccessKey$/.test(name));
  return last?.name.startsWith('putIfAbsent') === true ? 1 : 0;
};

/** The requests at which the mailer refused a mail. */
const refusalsOf = (requests: readonly ReachRequest[], accepted: readonly number[]): ReadonlySet<number> =>
  new Set(
    requests.flatMap(({ name }, index) => (name === 'notify' && !accepted.includes(index + 1) ? [index + 1] : [])),
  );

describe.each(daysOfDeath)('a worker that dies on the day of $name', (when) => {
  it('leaves nothing that those after it do not finish, and doubles only what it hid', async () => {
    const calm = await worldOn(when);
    const { enforcer, reach } = calm.createWorker();
    const accepted: number[] = [];
    const { notify } = reach.mailer;
    // Read by number when it is answered: one worker, one request at a time.
    Object.assign(reach.mailer, {
      notify: async (...args: Parameters<typeof notify>) => {
        const answer = await notify(...args);
        if (answer.status === 'delivered') accepted.push(reach.requests.length);
        return answer;
      },
    });
    const mailsBefore = calm.mailer.mails.length;
    await enforcer.run();
    const { requests } = reach;
    const refused = refusalsOf(requests, accepted);
    expect(calm.mailer.mails.length).toBeGreaterThan(mailsBefore);
    await goOn(calm);
    const expected = await stateOf(calm);
    const expectedMails = mailKeysOf(calm);

    let points = 0;
    let doubles = 0;
    let notices = 0;
    for (let at = 1; at <= requests.length; at += 1) {
      for (const fault of ['dies-before', 'dies-after'] as const) {
        const world = await worldOn(when);
        const mortal = world.createWorker(at, fault);
        await mortal.enforcer.run().catch(() => undefined);
        expect(mortal.reach.isDead(), `${fault} ${at}`).toBe(true);
        expect(mortal.reach.requests.slice(0, at).map(({ name }) => name)).toEqual(
          requests.slice(0, at).map(({ name }) => name),
        );
        await goOn(world);
        const where = `${fault} ${at}: ${requests[at - 1]?.name}`;
        const notice = when.acts ? noticeAt(requests, at, fault) : undefined;
        expect(await stateOf(world, notice), where).toEqual(
          notice === undefined ? expected : await stateOf(calm, notice),
        );
        expect(await failedOf(world), where).toBe(intendedAt(requests, at, fault));
        const mails = mailKeysOf(world, notice);
        const wanted = notice === undefined ? expectedMails : mailKeysOf(calm, notice);
        expect([...new Set(mails)], where).toEqual([...new Set(wanted)]);
        const hidden = notice === undefined ? hiddenAt(requests, at, fault, refused) : 0;
        expect(mails.length - wanted.length, where).toBe(hidden);
        notices += notice === undefined ? 0 : 1;
        points += 1;
        doubles += hidden;
      }
    }
    expect(when.acts ? notices : doubles).toBeGreaterThan(0);
    const told = `${doubles} mails twice, as many as were hidden`;
    console.info(`${when.name}: ${points} points of death, ${told}, ${notices} notices of the day not told again`);
  });
});

it('an event about a mail that a crash interrupts is recorded when it is told again', async () => {
  for (const kind of ['Delivered', 'Bounced', 'Complaint Received'] as const) {
    const calm = await worldOn(daysOfDeath[2]);
    const [mail] = calm.mailer.mails;
    if (mail === undefined) throw new Error('nobody was mailed');
    const { enforcer, reach } = calm.createWorker();
    const event = calm.mailer.eventOf(mail, kind);
    await enforcer.recordMailEvent(event);
    const expected = await stateOf(calm);
    expect(reach.requests.length).toBeGreaterThan(0);
    for (let at = 1; at <= reach.requests.length; at += 1) {
      for (const fault of ['dies-before', 'dies-after'] as const) {
        const world = await worldOn(daysOfDeath[2]);
        await expect(world.createWorker(at, fault).enforcer.recordMailEvent(event)).rejects.toThrow();
        await world.createWorker().enforcer.recordMailEvent(event);
        expect(await stateOf(world), `${kind} ${fault} ${at}`).toEqual(expected);
      }
    }
  }
});

import {
  createMemoryStore,
  days,
  hours,
  minutes,
  type Notifier,
  type PauseScope,
  pause,
  RemediationError,
  type StateStore,
  seconds,
} from '@remedykit/core';
import { createRecordingSink, createVirtualTime, type RecordingSink, type VirtualTime } from '@remedykit/core/testing';
import { listAccount } from '../../actions/journal.ts';
import { ageInDays } from '../../days.ts';
import { type CredentialEnforcer, createCredentialEnforcer } from '../../enforcer/enforcer.ts';
import type { CredentialEnforcerOptions } from '../../enforcer/options.ts';
import type { CredentialRun } from '../../enforcer/outcome.ts';
import type { Exemption } from '../../exemptions/exemption.ts';
import { sha256 } from '../../warnings/mail-key.ts';
import { createFakeIam, type FakeIam } from '../fake-iam/index.ts';
import { createFakeMailer, type FakeMailer } from '../fake-mailer.ts';
import { accountId, addCast, addresses, breakGlass, exemptTag, ownPrincipals, security, start } from './cast.ts';
import { minimumWarningDays, type Performed, watchWrite } from './oracle.ts';
import { changePolicy, changeUser, findUser, nameOf } from './people.ts';
import { createReach, Dead, isAmong, type Reach } from './reach.ts';
import type { Episode, Event, Fate, Fault, Story } from './story.ts';
import { createMailbag, type Mailbag, type TrueMail, take } from './truth.ts';

// For tests alone: a story as it happens.

/** The state of a story. */
export interface Play {
  readonly story: Story;
  readonly time: VirtualTime;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly store: StateStore;
  readonly audit: RecordingSink;
  readonly bag: Mailbag;
  /** Until when a user is exempt by the list, by name. */
  readonly exempt: Map<string, Date>;
  /** When a person exempted a user by an answer or a restore, by id. */
  readonly exemptedAt: Map<string, number>;
  /** When the tag that exempts was put on a user, by name. */
  readonly tagged: Map<string, number>;
  /** When a run last found a user exempt, by id. */
  readonly foundExempt: Map<string, number>;
  /** When people last changed something about a user, by name. */
  readonly changedAt: Map<string, number>;
  /** When an enforcer last did, by name. */
  readonly ownAt: Map<string, number>;
  readonly fates: Map<string, Fate>;
  /** When a policy came to say something else, by ARN. */
  readonly driftedAt: Map<string, number>;
  /** How many versions a policy got, by ARN. */
  readonly versions: Map<string, number>;
  readonly pauses: { readonly scope: PauseScope; readonly from: number; readonly until: number }[];
  /** All that took effect by runs. */
  readonly effects: Performed[];
  /** Who was denied something more, and when. */
  readonly denies: { readonly userId: string; readonly at: number }[];
  /** What was wrong with what was done beside a run. */
  readonly wrong: unknown[];
  /** How many mails' events were handed over, and which are to come at the end. */
  heard: number;
  readonly late: number[];
  /** Since when nobody can be mailed; else never. */
  sandboxSince: number;
  /** When somebody last did something while workers ran. */
  disturbedAt: number;
  workers: number;
  /** What the stories reach. */
  readonly seen: {
    acts: number;
    failures: number;
    runs: number;
    resumed: number;
    restores: number;
    answers: number;
    refusals: number;
    readonly writes: Record<string, number>;
  };
}

/** A story before its first episode. */
export const createPlay = (story: Story): Play => {
  const time = createVirtualTime(start);
  const iam = createFakeIam({ now: time.now });
  addCast(iam, story);
  return {
    story,
    time,
    iam,
    mailer: createFakeMailer({ now: time.now }),
    store: createMemoryStore(),
    audit: createRecordingSink(),
    bag: createMailbag(),
    exempt: new Map(),
    exemptedAt: new Map(),
    tagged: new Map(),
    foundExempt: new Map(),
    changedAt: new Map(),
    ownAt: new Map(),
    fates: new Map(),
    driftedAt: new Map(),
    versions: new Map(),
    pauses: [],
    effects: [],
    denies: [],
    wrong: [],
    heard: 0,
    late: [],
    sandboxSince: Number.POSITIVE_INFINITY,
    disturbedAt: 0,
    workers: 0,
    seen: { acts: 0, failures: 0, runs: 0, resumed: 0, restores: 0, answers: 0, refusals: 0, writes: {} },
  };
};

/** Until when no mail may go out. */
export const pausedUntil = ({ pauses }: Play): number =>
  Math.max(0, ...pauses.flatMap(({ scope, until }) => (scope === 'all-writes' ? [until] : [])));

/** Ids of the runs that the journal knows, the latest first. */
export const runsOf = async ({ store }: Play): Promise<readonly string[]> => {
  const { entries } = await listAccount(store, accountId);
  return [...new Set(entries.map(({ runId }) => runId).reverse())];
};

/** A person calls the enforcer; what fails or dies is for another call. */
const ask = async (
  play: Play,
  kind: Worker['kind'],
  fault: Fault | undefined,
  call: (enforcer: CredentialEnforcer) => Promise<unknown>,
): Promise<boolean> => {
  const worker = createWorker(play, fault === undefined ? [] : [fault], () => 0.3, { kind });
  try {
    await call(worker.enforcer);
    return true;
  } catch (error) {
    if (!(error instanceof Dead) && !(error instanceof RemediationError)) throw error;
    return false;
  } finally {
    const [first] = worker.wrong;
    if (first !== undefined) play.wrong.push(first);
  }
};

const answer = async (play: Play, event: Event & { kind: 'resolve' }): Promise<void> => {
  const user = findUser(play, nameOf(event.user));
  if (user === undefined) return;
  const until = new Date(play.time.now().getTime() + days(event.days));
  const { decision, fault } = event;
  const request = { subject: user.arn, decision, reason: 'a story', requestedBy: 'a.smith', until } as const;
  if (await ask(play, 'run', fault, (enforcer) => enforcer.resolve(request))) play.seen.answers += 1;
};

/** Undoes a run, exempting its users. */
export const restore = async (play: Play, runId: string, count: number, fault?: Fault): Promise<void> => {
  const exemptUntil = new Date(play.time.now().getTime() + days(count));
  const request = { reason: 'a story', requestedBy: 'a.smith', exemptUntil };
  if (await ask(play, 'restore', fault, (enforcer) => enforcer.restore(runId, request))) play.seen.restores += 1;
};

/** A failure comes back for every mail to an address. */
const bounce = async (play: Play, address: string): Promise<void> => {
  for (const [index, { to }] of play.mailer.mails.entries()) if (to === address) await tell(play, index, 'bounced');
};

const happen = async (play: Play, event: Event): Promise<void> => {
  const { mailer, store, time, fates } = play;
  const now = time.now().getTime();
  if (event.kind === 'resolve') return answer(play, event);
  if ('user' in event) return changeUser(play, event);
  if (event.kind === 'restore') {
    const runId = (await runsOf(play))[event.back];
    return runId === undefined ? undefined : restore(play, runId, event.days, event.fault);
  }
  if (event.kind === 'drift' || event.kind === 'mend') return changePolicy(play, event);
  if (event.kind === 'pause') {
    const { scope } = event;
    const until = hours(event.hours);
    await pause(store, { scope, reason: 'a story', requestedBy: 'a.smith', until }, { now: time.now });
    play.pauses.push({ scope, from: now, until: now + until });
    return;
  }
  if (!('address' in event)) {
    if (event.kind === 'production') play.sandboxSince = Number.POSITIVE_INFINITY;
    else play.sandboxSince = Math.min(play.sandboxSince, now);
    mailer.failPreflight(event.kind === 'sandbox' ? 'SES_SANDBOX' : undefined);
    return;
  }
  const address = addresses[event.address % addresses.length] ?? security;
  if (event.kind === 'fate') fates.set(address, event.fate);
  else if (event.kind === 'bounce') await bounce(play, address);
  else mailer.refuse(address, event.kind === 'refuse');
};

/** Whether a credential breaks its rule, by what is true now. */
export const isOpen = ({ iam, time }: Play, { userId, caseId }: Pick<TrueMail, 'userId' | 'caseId'>): boolean => {
  const user = iam.users.find(({ userId: id }) => id === userId);
  const [rule, ...rest] = caseId.split('/');
  if (user === undefined) return false;
  if (rule === 'mfa') return user.password !== undefined && user.mfa.length === 0;
  const key = [...user.keys, ...user.serviceSpecific].find(({ id }) => id === rest.join('/'));
  if (key === undefined || !key.active) return false;
  const used = 'lastUsedAt' in key && key.lastUsedAt !== undefined ? Date.parse(key.lastUsedAt) : 0;
  const since = rule === 'key-unused' ? new Date(Math.max(used, Date.parse(key.createdAt))) : key.createdAt;
  return ageInDays(since, time.now()) >= (rule === 'key-unused' ? 50 : 80);
};

/** What must be true of every mail at the moment when SES takes it. */
const checkMail = (play: Play, mail: TrueMail): void => {
  const { bag, time, exempt, iam } = play;
  const now = time.now().getTime();
  const name = iam.users.find(({ userId }) => userId === mail.userId)?.name ?? '';
  // What was read less than 10 minutes ago counts as live.
  const lately = Math.max(play.disturbedAt, play.ownAt.get(name) ?? 0);
  if (mail.userId === 'account' || now - lately < minutes(10)) return;
  const fail = (what: string): never => {
    throw new Error(`${mail.key} to ${mail.to}: ${what}`);
  };
  if (play.sandboxSince < now) fail('mailed in the sandbox');
  if (pausedUntil(play) > now) fail('mailed in a pause');
  if (!isOpen(play, mail)) fail('nothing is open');
  if ((exempt.get(name) ?? start) > time.now()) fail('the user is exempt');
  const named = bag.mails.filter(
    (one) => one !== mail && one.userId === mail.userId && one.caseId === mail.caseId && one.failedAt === undefined,
  );
  if (named.some(({ to, deadline }) => to === mail.to && deadline > mail.deadline)) fail('the deadline moved earlier');
};

const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

/** A worker of its own, and what was wrong with what it did. */
export interface Worker {
  readonly kind: 'run' | 'restore';
  /** With which the ids begin that it makes up. */
  readonly name: string;
  readonly enforcer: CredentialEnforcer;
  readonly reach: Reach;
  readonly startedAt: number;
  /** Who was exempt by the list when the worker asked, and until when. */
  listed: ReadonlyMap<string, Date>;
  readonly performed: Performed[];
  readonly wrong: unknown[];
}

/** Counts requests of a kind, and tells which one this is. */
const createCount = () => {
  const counts = new Map<string, number>();
  return (at: { readonly among: Fault['among']; readonly request: number } | undefined, id: string, name: string) => {
    if (at === undefined || !isAmong(name, at.among)) return false;
    counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts.get(id) === at.request;
  };
};

interface Part {
  readonly kind?: Worker['kind'];
  readonly during?: Episode['during'];
}

const createWorker = (
  play: Play,
  faults: readonly Fault[],
  random: () => number,
  { kind = 'run', during }: Part = {},
): Worker => {
  const { story, time, iam, mailer, store, audit, bag, exempt } = play;
  const wrong: unknown[] = [];
  const performed: Performed[] = [];
  const takesMail: Notifier = { ...mailer, notify: (message, options) => mailer.notify(message, options) };
  const isAt = createCount();
  const reach = createReach(
    { iam, store, mailer: takesMail },
    {
      time,
      random,
      before: async (_request, name) => {
        if (during === undefined || !isAt(during, 'during', name)) return;
        play.disturbedAt = time.now().getTime();
        await happen(play, during.event);
      },
      faultOf: (_request, name) => {
        const met = faults.filter((one, index) => isAt(one, String(index), name));
        return met[0]?.fault;
      },
      onWrite: (write) => watchWrite(play, worker, write),
      onEffect: (name, detail, request) => {
        if (detail === undefined) return;
        if (name === 'notify') {
          const index = mailer.mails.length - 1;
          const message = mailer.mails[index]?.message;
          if (message === undefined) return;
          try {
            checkMail(play, take(bag, message, { at: time.now().getTime(), worker: reach.requests, request, index }));
          } catch (error) {
            wrong.push(error);
          }
          return;
        }
        const { key, value } = detail as { key: string; value: { acceptedAt?: string; userId?: string } };
        if (value.acceptedAt !== undefined) forgetUnmarked(bag, key);
        if (isAmong(key, 'exemption')) play.exemptedAt.set(value.userId ?? '', time.now().getTime());
      },
    },
  );
  play.workers += 1;
  const name = `w${play.workers}`;
  let ids = 0;
  const options: CredentialEnforcerOptions = {
    mode: 'enforce',
    accounts: [accountId],
    iam: reach.iam,
    store: reach.store,
    mailer: reach.mailer,
    allowedRecipientDomains: ['example.com'],
    fallbackRecipient: security,
    rolloutDate: start,
    limits: { maxUsersPerDay: story.maxUsersPerDay, maxPercentPerDay: 100 },
    breakGlass,
    ownPrincipals,
    mfa: { ...story.mfa, graceDays: 14 },
    accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90, unusedAfterDays: 60 },
    serviceSpecificCredentials: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
    minimumWarningDays,
    undeliverable: story.undeliverable,
    exemptions: async () => {
      worker.listed = new Map(exempt);
      return [...exempt].map(([user, expires]): Exemption => ({ user, expires, reason: 'a story' }));
    },
    ...(story.tagsExempt
      ? { exemptByTag: { key: exemptTag, acknowledge: 'whoever-may-tag-users-may-exempt-them' } }
      : {}),
    audit: audit.sink,
    now: time.now,
    newId: () => `${name}-${ids++}`,
    sleep: time.sleep,
    random,
  };
  const worker: Worker = {
    kind,
    name,
    enforcer: createCredentialEnforcer(options),
    reach,
    startedAt: time.now().getTime(),
    listed: new Map(),
    performed,
    wrong,
  };
  return worker;
};

const forgetUnmarked = (bag: Mailbag, storeKey: string): void => {
  for (const key of bag.unmarked.keys()) if (storeKey.endsWith(`/mail/${sha256(key)}`)) bag.unmarked.delete(key);
};

/** What one worker came to. */
export interface Done {
  readonly run?: CredentialRun;
  readonly worker: Worker;
  readonly reach: Reach;
  readonly thrown?: unknown;
}

interface Call extends Part {
  readonly faults?: readonly Fault[];
  readonly random: () => number;
  readonly seconds?: number | undefined;
}

const perform = async (play: Play, { faults = [], random, seconds: given, during }: Call): Promise<Done> => {
  const worker = createWorker(play, faults, random, during === undefined ? {} : { during });
  const { reach, enforcer, wrong } = worker;
  const end = play.time.now().getTime() + (given === undefined ? minutes(14) : seconds(given));
  play.seen.runs += 1;
  try {
    const run = await enforcer.run({ remainingTimeMs: () => end - play.time.now().getTime() });
    wrong.push(...play.wrong);
    if (wrong.length > 0) throw wrong[0];
    if (!run.runId.startsWith(`${worker.name}-`)) play.seen.resumed += 1;
    return { worker, reach, ...(reach.isDead() ? {} : { run }) };
  } catch (error) {
    if (wrong.length > 0) throw wrong[0];
    if (!(error instanceof Dead) && !(error instanceof RemediationError)) throw error;
    return { worker, reach, thrown: error };
  }
};

/** An event of SES about a mail. */
const tell = async (play: Play, index: number, fate: Fate): Promise<void> => {
  const { mailer, bag, time } = play;
  const { enforcer } = createWorker(play, [], () => 0);
  const mail = mailer.mails[index];
  if (mail === undefined) return;
  const kind = fate === 'bounced' ? 'Bounced' : fate === 'complained' ? 'Complaint Received' : 'Delivered';
  for (let times = fate === 'twice' ? 2 : 1; times > 0; times -= 1)
    await enforcer.recordMailEvent(mailer.eventOf(mail, kind));
  if (kind === 'Delivered') return;
  for (const one of bag.mails) if (one.key === mail.message.key) one.failedAt ??= time.now().getTime();
};

/** Hands over the events of SES about mails that nobody told of yet. */
const tellEvents = async (play: Play, isEnd: boolean): Promise<void> => {
  const { mailer, fates, time } = play;
  for (; play.heard < mailer.mails.length; play.heard += 1) {
    const fate = fates.get(mailer.mails[play.heard]?.to ?? '') ?? 'delivered';
    if (fate === 'late') play.late.push(play.heard);
    else if (fate !== 'never') await time.run(tell(play, play.heard, fate));
  }
  if (isEnd) for (const index of play.late.splice(0)) await time.run(tell(play, index, 'delivered'));
};

/** At the latest then: who runs beside it may know already that it is over. */
const noteExempt = (play: Play, { run }: Done): void => {
  for (const { userName } of run?.accounts[0]?.exempt ?? []) {
    const userId = play.iam.users.find(({ name }) => name === userName)?.userId;
    if (userId !== undefined) play.foundExempt.set(userId, Date.parse(run?.at ?? ''));
  }
};

/** What happens at once; gives what each worker came to. */
export const playEpisode = async (play: Play, episode: Episode): Promise<readonly Done[]> => {
  const { time } = play;
  await time.run(time.sleep(hours(episode.hours)));
  for (const event of episode.events) await time.run(happen(play, event));
  const random = randomFrom(episode.seed);
  const callOf = (at: number): Call => ({
    faults: episode.faults.filter((one) => one.worker === at),
    random,
    seconds: episode.seconds,
    ...(at === 0 && episode.during !== undefined ? { during: episode.during } : {}),
  });
  const done: Done[] = [];
  if (episode.inTurn)
    for (let at = 0; at < episode.workers; at += 1) done.push(await time.run(perform(play, callOf(at))));
  else
    done.push(
      ...(await time.run(Promise.all(Array.from({ length: episode.workers }, (_, at) => perform(play, callOf(at)))))),
    );
  for (const one of done) noteExempt(play, one);
  await tellEvents(play, false);
  const [first] = play.wrong;
  if (first !== undefined) throw first;
  return done;
};

/** A worker runs in peace, after some hours in which all that SES has to tell is told. */
export const playPeace = async (
  play: Play,
  { late = false, after = 24 }: { readonly late?: boolean; readonly after?: number } = {},
): Promise<Done> => {
  await tellEvents(play, late);
  await play.time.run(play.time.sleep(hours(after)));
  const done = await play.time.run(perform(play, { random: randomFrom(1) }));
  noteExempt(play, done);
  await tellEvents(play, late);
  return done;
};

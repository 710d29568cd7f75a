import {
  createMemoryStore,
  days,
  hours,
  minutes,
  type Notifier,
  needsRetry,
  pause,
  RemediationError,
  type StateStore,
} from '@remedykit/core';
import { createRecordingSink, createVirtualTime, type RecordingSink, type VirtualTime } from '@remedykit/core/testing';
import { ageInDays } from '../../days.ts';
import { type CredentialEnforcer, createCredentialEnforcer } from '../../enforcer/enforcer.ts';
import type { CredentialEnforcerOptions } from '../../enforcer/options.ts';
import type { CredentialRun } from '../../enforcer/outcome.ts';
import type { Exemption } from '../../exemptions/exemption.ts';
import { sha256 } from '../../warnings/mail-key.ts';
import { createFakeIam, type FakeIam } from '../fake-iam/index.ts';
import type { UserView } from '../fake-iam/views.ts';
import { createFakeMailer, type FakeMailer } from '../fake-mailer.ts';
import { createReach, Dead, type Reach } from './reach.ts';
import type { Episode, Event, Fate, Fault, Story } from './story.ts';
import { createMailbag, type Mailbag, type TrueMail, take } from './truth.ts';

// For tests alone: a story as it happens.

const start = new Date('2026-01-01T10:00:00.000Z');
const security = 'security@example.com';
const names = ['ana', 'bo', 'cleo', 'dan', 'eve'] as const;
const addresses = [...names.map((name) => `${name}@example.com`), 'other@example.com', security];
const minimumWarningDays = 10;

/** The state of a story. */
export interface Play {
  readonly story: Story;
  readonly time: VirtualTime;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly store: StateStore;
  readonly audit: RecordingSink;
  readonly bag: Mailbag;
  /** Until when a user is exempt, by name. */
  readonly exempt: Map<string, Date>;
  /** When a run last found a user exempt, by id. */
  readonly foundExempt: Map<string, number>;
  /** When people last changed something about a user, by name. */
  readonly changedAt: Map<string, number>;
  readonly fates: Map<string, Fate>;
  /** How many mails' events were handed over, and which are to come at the end. */
  heard: number;
  readonly late: number[];
  pausedUntil: number;
  isSandbox: boolean;
  /** When somebody last did something while workers ran. */
  disturbedAt: number;
  workers: number;
  /** How often a run named each action. */
  readonly seen: { acts: number; failures: number; runs: number };
}

/** A story before its first episode. */
export const createPlay = (story: Story): Play => {
  const time = createVirtualTime(start);
  const iam = createFakeIam({ now: time.now });
  const before = (count: number): Date => new Date(start.getTime() - days(count));
  const [a = 80, b = 80, c = 80, d = 80, e = 80, f = 80] = story.ages;
  const owned = (name: string) => ({ name, tags: { owner: `${name}@example.com` } });
  iam.addUser({ ...owned('ana'), keys: [{ createdAt: before(a) }, { createdAt: before(b) }] });
  iam.addUser({ ...owned('bo'), password: { createdAt: before(200) } });
  iam.addUser({ ...owned('cleo'), password: { createdAt: before(c) }, keys: [{ createdAt: before(c) }] });
  iam.addUser({ name: 'dan', keys: [{ createdAt: before(d), lastUsed: before(Math.floor(d / 2)) }] });
  iam.addUser({ ...owned('eve'), serviceSpecific: [{ createdAt: before(e) }], keys: [{ createdAt: before(f) }] });
  return {
    story,
    time,
    iam,
    mailer: createFakeMailer({ now: time.now }),
    store: createMemoryStore(),
    audit: createRecordingSink(),
    bag: createMailbag(),
    exempt: new Map(),
    foundExempt: new Map(),
    changedAt: new Map(),
    fates: new Map(),
    heard: 0,
    late: [],
    pausedUntil: 0,
    isSandbox: false,
    disturbedAt: 0,
    workers: 0,
    seen: { acts: 0, failures: 0, runs: 0 },
  };
};

const userOf = ({ iam }: Play, at: number): UserView | undefined =>
  iam.users.find(({ name }) => name === names[at % names.length]);

const setOwner = ({ iam }: Play, name: string, owner: (Event & { kind: 'owner' })['owner']): void => {
  if (owner === 'none') iam.untag(name, 'owner');
  else
    iam.tag(name, {
      owner: { own: `${name}@example.com`, other: 'other@example.com', foreign: 'x@elsewhere.example' }[owner],
    });
};

const changeKey = ({ iam, time }: Play, user: UserView, event: Event & { key: number }): void => {
  const key = user.keys[event.key];
  if (key === undefined) return;
  if (event.kind === 'use') iam.useKey(user.name, key.id, time.now());
  else if (event.kind === 'rotate') {
    iam.removeKey(user.name, key.id);
    iam.addKey(user.name);
  } else iam.setKeyActive(user.name, key.id, event.kind === 'activate');
};

const changeUser = (play: Play, event: Event & { user: number }): void => {
  const { iam, time, exempt } = play;
  const name = names[event.user % names.length] ?? '';
  const user = userOf(play, event.user);
  play.changedAt.set(name, time.now().getTime());
  if (event.kind === 'recreate') {
    if (user !== undefined) iam.removeUser(name);
    iam.addUser({ name, tags: { owner: `${name}@example.com` }, password: { createdAt: time.now() } });
    return;
  }
  if (event.kind === 'exempt') exempt.set(name, new Date(time.now().getTime() + days(event.days)));
  if (event.kind === 'end-exemption') exempt.delete(name);
  if (user === undefined) return;
  if (event.kind === 'delete') iam.removeUser(name);
  if (event.kind === 'enrol' && user.mfa.length === 0) iam.enableMfa(name, 'virtual');
  if (event.kind === 'take-mfa-off') iam.disableMfa(name);
  if (event.kind === 'new-password') iam.setPassword(name, { createdAt: time.now() });
  if (event.kind === 'remove-password') iam.removePassword(name);
  if (event.kind === 'owner') setOwner(play, name, event.owner);
  if ('key' in event) changeKey(play, user, event);
};

const happen = async (play: Play, event: Event): Promise<void> => {
  const { mailer, store, time, fates } = play;
  if ('user' in event) return changeUser(play, event);
  if (event.kind === 'pause') {
    const until = hours(event.hours);
    await pause(store, { scope: 'all-writes', reason: 'a story', requestedBy: 'a.smith', until }, { now: time.now });
    play.pausedUntil = Math.max(play.pausedUntil, time.now().getTime() + until);
    return;
  }
  if (!('address' in event)) {
    play.isSandbox = event.kind === 'sandbox';
    mailer.failPreflight(play.isSandbox ? 'SES_SANDBOX' : undefined);
    return;
  }
  const address = addresses[event.address % addresses.length] ?? security;
  if (event.kind === 'fate') fates.set(address, event.fate);
  else mailer.refuse(address, event.kind === 'refuse');
};

/** Whether a credential breaks its rule, by what is true now. */
const isOpen = ({ iam, time }: Play, { userId, caseId }: Pick<TrueMail, 'userId' | 'caseId'>): boolean => {
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
  // What was read less than 10 minutes ago counts as live.
  if (mail.userId === 'account' || time.now().getTime() - play.disturbedAt < minutes(10)) return;
  const fail = (what: string): never => {
    throw new Error(`${mail.key} to ${mail.to}: ${what}`);
  };
  if (play.isSandbox) fail('mailed in the sandbox');
  if (play.pausedUntil > time.now().getTime()) fail('mailed in a pause');
  if (!isOpen(play, mail)) fail('nothing is open');
  const name = iam.users.find(({ userId }) => userId === mail.userId)?.name ?? '';
  if ((exempt.get(name) ?? start) > time.now()) fail('the user is exempt');
  const named = bag.mails.filter(
    (one) => one !== mail && one.userId === mail.userId && one.caseId === mail.caseId && !one.failed,
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
interface Worker {
  readonly enforcer: CredentialEnforcer;
  readonly reach: Reach;
  readonly wrong: unknown[];
}

const createWorker = (
  play: Play,
  faults: readonly Fault[],
  random: () => number,
  during?: Episode['during'],
): Worker => {
  const { story, time, iam, mailer, store, audit, bag, exempt } = play;
  const wrong: unknown[] = [];
  const takesMail: Notifier = { ...mailer, notify: (message, options) => mailer.notify(message, options) };
  const reach = createReach(
    { iam, store, mailer: takesMail },
    {
      time,
      random,
      before: async (request) => {
        if (during === undefined || request !== during.request) return;
        play.disturbedAt = time.now().getTime();
        await happen(play, during.event);
      },
      faultOf: (request) => faults.find((one) => one.request === request)?.fault,
      onEffect: (name, detail) => {
        if (detail === undefined) return;
        if (name === 'notify') {
          const index = mailer.mails.length - 1;
          const message = mailer.mails[index]?.message;
          if (message === undefined) return;
          try {
            checkMail(play, take(bag, message, time.now().getTime(), reach.requests, index));
          } catch (error) {
            wrong.push(error);
          }
          return;
        }
        const { key, value } = detail as { key: string; value: { acceptedAt?: string } };
        if (value.acceptedAt !== undefined) forgetUnmarked(bag, key);
      },
    },
  );
  play.workers += 1;
  const name = `w${play.workers}`;
  let ids = 0;
  const options: CredentialEnforcerOptions = {
    mode: 'enforce',
    accounts: ['111122223333'],
    iam: reach.iam,
    store: reach.store,
    mailer: reach.mailer,
    allowedRecipientDomains: ['example.com'],
    fallbackRecipient: security,
    rolloutDate: start,
    limits: { maxUsersPerDay: 1_000, maxPercentPerDay: 100 },
    breakGlass: [],
    ownPrincipals: [],
    mfa: { action: 'report', graceDays: 14 },
    accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90, unusedAfterDays: 60 },
    serviceSpecificCredentials: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
    minimumWarningDays,
    undeliverable: story.undeliverable,
    exemptions: async () => [...exempt].map(([user, expires]): Exemption => ({ user, expires, reason: 'a story' })),
    audit: audit.sink,
    now: time.now,
    newId: () => `${name}-${ids++}`,
    sleep: time.sleep,
    random,
  };
  return { enforcer: createCredentialEnforcer(options), reach, wrong };
};

const forgetUnmarked = (bag: Mailbag, storeKey: string): void => {
  for (const key of bag.unmarked.keys()) if (storeKey.endsWith(`/mail/${sha256(key)}`)) bag.unmarked.delete(key);
};

/** What one worker came to. */
export interface Done {
  readonly run?: CredentialRun;
  readonly reach: Reach;
  readonly thrown?: unknown;
  readonly mailsBefore: number;
}

const perform = async (
  play: Play,
  faults: readonly Fault[],
  random: () => number,
  during?: Episode['during'],
): Promise<Done> => {
  const worker = createWorker(play, faults, random, during);
  const { reach, enforcer, wrong } = worker;
  const mailsBefore = play.bag.mails.length;
  const end = play.time.now().getTime() + minutes(14);
  play.seen.runs += 1;
  try {
    const run = await enforcer.run({ remainingTimeMs: () => end - play.time.now().getTime() });
    if (wrong.length > 0) throw wrong[0];
    return { reach, mailsBefore, ...(reach.isDead() ? {} : { run }) };
  } catch (error) {
    if (wrong.length > 0) throw wrong[0];
    if (!(error instanceof Dead) && !(error instanceof RemediationError)) throw error;
    return { reach, mailsBefore, thrown: error };
  }
};

/** Hands over the events of SES about mails that nobody told of yet. */
const tellEvents = async (play: Play, isEnd: boolean): Promise<void> => {
  const { mailer, bag, fates } = play;
  const { enforcer } = createWorker(play, [], () => 0);
  const tell = async (index: number, fate: Fate): Promise<void> => {
    const mail = mailer.mails[index];
    if (mail === undefined) return;
    const kind = fate === 'bounced' ? 'Bounced' : fate === 'complained' ? 'Complaint Received' : 'Delivered';
    for (let times = fate === 'twice' ? 2 : 1; times > 0; times -= 1)
      await play.time.run(enforcer.recordMailEvent(mailer.eventOf(mail, kind)));
    if (kind !== 'Delivered') for (const one of bag.mails) if (one.key === mail.message.key) one.failed = true;
  };
  for (; play.heard < mailer.mails.length; play.heard += 1) {
    const fate = fates.get(mailer.mails[play.heard]?.to ?? '') ?? 'delivered';
    if (fate === 'late') play.late.push(play.heard);
    else if (fate !== 'never') await tell(play.heard, fate);
  }
  if (isEnd) for (const index of play.late.splice(0)) await tell(index, 'delivered');
};

/** What happens at once; gives what each worker came to. */
export const playEpisode = async (play: Play, episode: Episode): Promise<readonly Done[]> => {
  const { time } = play;
  await time.run(time.sleep(hours(episode.hours)));
  for (const event of episode.events) await happen(play, event);
  const random = randomFrom(episode.seed);
  const faultsOf = (worker: number): Fault[] => episode.faults.filter((one) => one.worker === worker);
  const done: Done[] = [];
  if (episode.inTurn)
    for (let at = 0; at < episode.workers; at += 1)
      done.push(await time.run(perform(play, faultsOf(at), random, at === 0 ? episode.during : undefined)));
  else
    done.push(
      ...(await time.run(
        Promise.all(Array.from({ length: episode.workers }, (_, at) => perform(play, faultsOf(at), random))),
      )),
    );
  for (const { run } of done)
    for (const { userName } of run?.accounts[0]?.exempt ?? []) {
      const userId = play.iam.users.find(({ name }) => name === userName)?.userId;
      // At the latest then: who runs beside it may know already that it is over.
      if (userId !== undefined) play.foundExempt.set(userId, Date.parse(run?.at ?? ''));
    }
  await tellEvents(play, false);
  return done;
};

/** All that SES has to tell is told, a day passes, and one worker runs in peace. */
export const playPeacefulDay = async (
  play: Play,
  { late = false }: { readonly late?: boolean } = {},
): Promise<Done> => {
  await tellEvents(play, late);
  await play.time.run(play.time.sleep(hours(24)));
  const done = await play.time.run(perform(play, [], randomFrom(1)));
  await tellEvents(play, late);
  return done;
};

const isPeaceful = (play: Play, run: CredentialRun): boolean => {
  const [account] = run.accounts;
  return (
    play.disturbedAt < Date.parse(run.at) &&
    account !== undefined &&
    !needsRetry(run) &&
    account.cannotWarn.length === 0 &&
    play.pausedUntil < Date.parse(run.at) &&
    run.steps.every(({ status }) => status === 'applied' || status === 'already-applied')
  );
};

/** A warning, or request, that a deed may rest on. */
const countsAs = (mail: TrueMail): 'warning' | 'request' | undefined => {
  if (mail.stage === 'undeliverable') return 'request';
  return mail.to !== security || mail.stage === 'unowned' ? 'warning' : undefined;
};

/** What must be true of an outcome. */
export const checkOutcome = (play: Play, { run, reach, thrown }: Done): void => {
  const struck = reach.requests.filter(
    ({ fault, service, name }, at) =>
      fault !== undefined &&
      // Who is looked at first is no matter of failure, and the mailer's preflight is told of as an error.
      service === 'store' &&
      at > 1 &&
      !name.startsWith('get control') &&
      // How far a run came is kept to save time: without it the next begins anew, and loses nothing.
      !/ iam\/run\//.test(name),
  );
  if (thrown !== undefined && !(thrown instanceof Dead)) throw thrown;
  if (run === undefined) return;
  const [account] = run.accounts;
  if (account === undefined) throw new Error('no account in the outcome');
  if (struck.length > 0) {
    play.seen.failures += 1;
    const isSaid = run.steps.some(
      ({ status, reason }) => status === 'failed' || reason === 'mail-unmarked' || reason === 'journal-unmarked',
    );
    if (!isSaid) throw new Error(`nothing is said of ${JSON.stringify(struck)}: ${JSON.stringify(run.steps)}`);
  }
  for (const one of account.open) {
    if (one.action !== 'act') continue;
    play.seen.acts += 1;
    const found = play.foundExempt.get(one.userId) ?? 0;
    // Another worker may have found it after this one ended.
    const since = found < Date.parse(run.at) ? found : 0;
    const told = play.bag.mails.filter(
      (mail) =>
        mail.userId === one.userId &&
        mail.caseId === one.caseId &&
        !mail.failed &&
        mail.at > since &&
        countsAs(mail) === (one.state === 'undeliverable' ? 'request' : 'warning'),
    );
    const notice = one.state === 'undeliverable' ? 14 : minimumWarningDays;
    if (!told.some(({ at }) => ageInDays(new Date(at), run.at) >= notice))
      throw new Error(`${one.caseId} of ${one.userName} is acted on without notice`);
    if (one.state === 'undeliverable' && play.story.undeliverable === 'report')
      throw new Error('acted on by no policy');
    if (play.isSandbox && play.disturbedAt < Date.parse(run.at)) throw new Error('acted on while nobody can be warned');
  }
  if (isPeaceful(play, run)) checkEverybody(play, run);
};

const openCaseIds = (user: UserView): string[] => [
  'mfa/password',
  ...user.keys.flatMap(({ id }) => [`key-age/${id}`, `key-unused/${id}`]),
  ...user.serviceSpecific.map(({ id }) => `service-specific-age/${id}`),
];

/** After a run that ended without failure everybody is listed, and was mailed whatever is due. */
const checkEverybody = (play: Play, run: CredentialRun): void => {
  const [account] = run.accounts;
  if (account === undefined) return;
  // What is younger than the report, the next run sees.
  const seenUntil = Date.parse(account.reportGeneratedAt ?? '');
  const exempt = new Set(account.exempt.map(({ userName }) => userName));
  for (const user of play.iam.users) {
    if (exempt.has(user.name) || (play.changedAt.get(user.name) ?? 0) >= seenUntil) continue;
    for (const caseId of openCaseIds(user)) {
      if (!isOpen(play, { userId: user.userId, caseId })) continue;
      if (!account.open.some((one) => one.userId === user.userId && one.caseId === caseId))
        throw new Error(`${caseId} of ${user.name} is not seen in the run of ${run.at}`);
    }
  }
  for (const one of account.open) {
    if (one.action === 'warn') throw new Error(`${one.caseId} of ${one.userName} is not mailed: ${one.because}`);
    if (one.reason === 'mail-under-way' || one.state !== 'warned' || run.at >= one.deadline) continue;
    const left = -ageInDays(one.deadline, run.at);
    const stages = one.rule === 'mfa' ? [14, 7, 1, 0] : [10, 5, 1, 0];
    const due = Math.min(...stages.filter((stage) => left <= stage));
    const isMailed = play.bag.mails.some(
      ({ userId, caseId, deadline, stage }) =>
        userId === one.userId &&
        caseId === one.caseId &&
        deadline === one.deadline.slice(0, 10) &&
        (stage === 'unowned' || Number(stage) <= due),
    );
    if (Number.isFinite(due) && !isMailed && one.reason !== 'no-address-for-reminder')
      throw new Error(`stage ${due} of ${one.caseId} of ${one.userName} (${one.deadline}) was not mailed by ${run.at}`);
  }
};

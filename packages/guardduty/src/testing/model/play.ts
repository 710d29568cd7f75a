import {
  createMemoryStore,
  hours,
  isRemediationError,
  minutes,
  needsRetry,
  pause,
  resume,
  type StateStore,
  seconds,
} from '@remedykit/core';
import { createVirtualTime, type VirtualTime } from '@remedykit/core/testing';
import type { Finding } from '../../finding.ts';
import { findingMessage } from '../../messages/finding-message.ts';
import { upkeepMessage } from '../../messages/upkeep-message.ts';
import { createNaclBlocker } from '../../nacl/blocker.ts';
import type { BlockOutcome, ReconcileOutcome, SweepOutcome, UnblockOutcome } from '../../nacl/outcome.ts';
import { parseFinding } from '../../parse/index.ts';
import { extractThreats } from '../../threats/extract.ts';
import { trailSink } from '../audit-trail.ts';
import type { FindingEvent } from '../event-bridge-event.ts';
import { createFakeEc2, type FakeEc2 } from '../fake-ec2/index.ts';
import type { EntryInForce } from '../fake-ec2/views.ts';
import { createFakeGuardDuty, type FakeGuardDuty } from '../fake-guardduty.ts';
import { fakeWorld } from '../fake-world.ts';
import { sshBruteForceEvent } from '../finding-events.ts';
import { routableDocumentationRanges } from '../routable-documentation-ranges.ts';
import type { Episode, Event, Fault, Work } from './actions.ts';
import { createReach, Dead } from './worker.ts';

// For tests alone: a story as it happens.

/** The network ACL has room for so many denies of ours: a quota of 9, less the default deny, two rules of people, headroom. */
export const room = 4;
const quota = 9;
const headroom = 2;
const range = { from: 10, to: 30 } as const;
const { networkAclId, accountId, region } = fakeWorld;

/** The state of a story. */
export interface Play {
  readonly time: VirtualTime;
  readonly ec2: FakeEc2;
  readonly guardDuty: FakeGuardDuty;
  readonly store: StateStore;
  /** What people put in or left, by rule number: nobody of us may touch it. */
  readonly foreign: Map<number, string>;
  /** The latest event about each attacker. */
  readonly events: Map<number, FindingEvent>;
  /** Attackers whose deny was asked for and holds until then, by address. */
  readonly wanted: Map<string, number>;
  /** Addresses that a person unblocked, until when: nobody need be told that they are not denied. */
  readonly suppressed: Map<string, number>;
  /** Addresses of which people heard that they are not denied (any more). */
  readonly told: Set<string>;
  /** Until when writes are paused: what is open then stays open. */
  pausedUntil: number;
  /** True once the ledger is something that nobody wrote; a person has to delete it. */
  poisoned: boolean;
  /** How many gave way to somebody who outranked them. */
  evictions: number;
  /** Entries that no ledger knows since it was lost: those of a lost table, or of a poisoned document. */
  readonly orphans: Set<number>;
}

export const addressOf = (attacker: number): string => `198.51.100.${attacker}`;
const cidrOf = (attacker: number): string => `${addressOf(attacker)}/32`;

export const createPlay = (): Play => {
  const time = createVirtualTime(new Date('2026-11-24T10:00:00.000Z'));
  const ec2 = createFakeEc2({ now: time.now, entryQuota: quota });
  ec2.addEntry(networkAclId, { ruleNumber: 40, cidr: '192.0.2.77/32' });
  return {
    time,
    ec2,
    guardDuty: createFakeGuardDuty(),
    store: createMemoryStore(),
    foreign: new Map([[40, '192.0.2.77/32']]),
    events: new Map(),
    wanted: new Map(),
    suppressed: new Map(),
    told: new Set(),
    pausedUntil: 0,
    poisoned: false,
    evictions: 0,
    orphans: new Set(),
  };
};

/** The ingress entries of the network ACL, those that AWS or the default rule put there apart. */
export const entriesIn = ({ ec2 }: Pick<Play, 'ec2'>): readonly EntryInForce[] =>
  ec2.networkAcls[0].ingress.filter(({ ruleNumber }) => ruleNumber < 100);

const isOurs = (play: Play, ruleNumber: number): boolean =>
  ruleNumber >= range.from && ruleNumber <= range.to && !play.foreign.has(ruleNumber);

export const oursIn = (play: Play): readonly EntryInForce[] =>
  entriesIn(play).filter(({ ruleNumber }) => isOurs(play, ruleNumber));

let made = 0;

/** A worker of its own: it shares the store and the account with the others and nothing else. */
const createWorker = (play: Play, faults: readonly Fault[], random: () => number) => {
  const { time, ec2, guardDuty, store } = play;
  const reach = createReach({ ec2, guardDuty, store }, { time, random, faults });
  const name = `w${made++}`;
  let ids = 0;
  const blocker = createNaclBlocker({
    mode: 'enforce',
    accounts: [accountId],
    trust: { readBack: reach.guardDuty },
    allowList: ['203.0.113.250'],
    blockFor: hours(24),
    maxBlockFor: hours(60),
    quota,
    headroom,
    ruleNumbers: range,
    entryWritesPerHour: 1_000,
    ec2: reach.ec2,
    store: reach.store,
    addressRanges: routableDocumentationRanges,
    functionTimeout: minutes(1),
    audit: trailSink,
    now: time.now,
    newId: () => `${name}-${ids++}`,
    sleep: time.sleep,
    random,
  });
  return { blocker, isDead: reach.isDead };
};

const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

const nth = <T>(list: readonly T[], at: number): T | undefined =>
  list.length === 0 ? undefined : list[at % list.length];

/** Something happens between invocations. */
const happen = async (play: Play, event: Event): Promise<void> => {
  const { time, ec2, store, foreign } = play;
  const now = time.now;
  const author = { reason: 'a story', requestedBy: 'a.smith' };
  switch (event.kind) {
    case 'pass':
      return time.run(time.sleep(minutes(event.minutes)));
    case 'pause':
      await pause(store, { ...author, scope: event.scope, until: hours(1) }, { now });
      play.pausedUntil = now().getTime() + hours(1);
      return;
    case 'resume':
      await resume(store, author, { now });
      play.pausedUntil = 0;
      return;
    case 'person-adds': {
      const { ruleNumber } = event;
      if (entriesIn(play).some((entry) => entry.ruleNumber === ruleNumber) || entriesIn(play).length >= quota - 2)
        return;
      const cidr = `192.0.2.${ruleNumber}/32`;
      ec2.addEntry(networkAclId, { ruleNumber, cidr });
      foreign.set(ruleNumber, cidr);
      return;
    }
    case 'person-removes': {
      const ruleNumber = nth(
        [...foreign.keys()].filter((number) => number !== 40),
        event.which,
      );
      if (ruleNumber === undefined) return;
      ec2.removeEntry(networkAclId, { ruleNumber });
      foreign.delete(ruleNumber);
      return;
    }
    case 'person-takes-ours-out': {
      const entry = nth(oursIn(play), event.which);
      if (entry === undefined) return;
      ec2.removeEntry(networkAclId, { ruleNumber: entry.ruleNumber });
      // Nobody of us knows of it any more, so nobody can tell.
      if (play.orphans.delete(entry.ruleNumber)) play.wanted.delete(entry.cidr);
      return;
    }
    case 'cure':
      return cure(play);
    case 'poison':
    case 'lose-table': {
      const { documents } = await store.list('nacl/');
      for (const { key, version } of documents) {
        if (event.kind === 'lose-table') await store.delete(key, version);
        else await store.compareAndSet(key, { schema: 1, slots: 'none of your business' }, version);
      }
      if (documents.length === 0) return;
      // What was lost already when the ledger went is known to nobody.
      const inForce = new Set(entriesIn(play).map(({ cidr }) => cidr));
      for (const cidr of play.wanted.keys()) if (!inForce.has(cidr)) play.wanted.delete(cidr);
      play.poisoned = event.kind === 'poison';
      for (const { ruleNumber } of oursIn(play)) play.orphans.add(ruleNumber);
    }
  }
};

/** The event that a work is about; undefined where it is about none. */
const eventOf = (play: Play, work: Work): FindingEvent | undefined => {
  const now = play.time.now().getTime();
  switch (work.kind) {
    case 'finding': {
      const known = play.events.get(work.attacker);
      if (work.again && known) return known;
      const at = new Date(now - minutes(work.minutesAgo));
      const event = sshBruteForceEvent({ from: addressOf(work.attacker), at, id: `f${work.attacker}` });
      play.events.set(work.attacker, event);
      play.guardDuty.hold(event);
      return event;
    }
    case 'new-address': {
      const event = sshBruteForceEvent({ from: addressOf(work.attacker), at: new Date(now), id: `f${work.of}` });
      play.events.set(work.of, event);
      play.guardDuty.hold(event);
      return event;
    }
    case 'forged':
      return sshBruteForceEvent({
        from: `203.0.113.${work.attacker}`,
        at: new Date(now),
        id: `forged-${work.attacker}`,
      });
    case 'stale': {
      const at = new Date(now - hours(20));
      const event = sshBruteForceEvent({ from: `203.0.113.${work.attacker}`, at, id: `stale-${work.attacker}` });
      play.guardDuty.hold(event);
      return event;
    }
    default:
      return undefined;
  }
};

const notDenied: ReadonlySet<string> = new Set(['not-blocked', 'ineffective', 'refused', 'escalated', 'failed']);
const denied: ReadonlySet<string> = new Set(['blocked', 'extended', 'unchanged']);

/** What people hear of a finding. */
const hearOfBlock = (play: Play, outcome: BlockOutcome): void => {
  const message = findingMessage(outcome);
  for (const threat of outcome.threats) {
    const { address } = threat.threat;
    if (address === undefined) continue;
    if (denied.has(threat.outcome)) play.told.delete(address);
    if (message && notDenied.has(threat.outcome)) play.told.add(address);
    for (const { cidr } of message ? threat.evicted : []) {
      play.evictions += 1;
      play.told.add(cidr);
    }
    for (const cidr of (message && threat.flood?.cidrs) || []) play.told.add(cidr);
  }
};

/** What people hear of upkeep. */
const hearOfUpkeep = (play: Play, outcome: SweepOutcome | ReconcileOutcome | UnblockOutcome): void => {
  const message = upkeepMessage(outcome);
  // Where a dead worker's swap is finished, the sentence says who is not denied any more.
  const text = message ? JSON.stringify(message.body) : '';
  for (const [, cidr = ''] of text.matchAll(/in place of (\S+), which is NOT denied/g)) play.told.add(cidr);
  for (const [, cidrs = ''] of text.matchAll(/NOT denied there any more: ([^"]+)\./g))
    for (const cidr of cidrs.split(', ')) play.told.add(cidr);
  for (const { outcome: result, entry } of outcome.releases) {
    if (result === 'repaired' || result === 'retaken') play.told.delete(entry.cidr);
    if (message && result !== 'repaired' && result !== 'retaken') play.told.add(entry.cidr);
  }
};

/** What one worker did, and what is left of it for others. */
interface Done {
  readonly work: Work;
  readonly event?: FindingEvent;
  readonly retry: boolean;
  /** What it says is in force. */
  readonly claims: readonly string[];
}

const act = async (
  play: Play,
  { blocker, isDead }: ReturnType<typeof createWorker>,
  work: Work,
  event: FindingEvent | undefined,
): Promise<Omit<Done, 'work' | 'event'>> => {
  const end = play.time.now().getTime() + seconds(45);
  const call = { remainingTimeMs: () => end - play.time.now().getTime() };
  if (event !== undefined) {
    const finding: Finding = parseFinding(event);
    const outcome = await blocker.block(finding, call);
    if (!isDead()) hearOfBlock(play, outcome);
    const claims = outcome.threats.flatMap((threat) =>
      denied.has(threat.outcome) ? threat.entries.map(({ cidr }) => cidr) : [],
    );
    return { retry: needsRetry(outcome), claims };
  }
  if (work.kind === 'unblock') {
    const query = {
      address: addressOf(work.attacker),
      reason: 'partner',
      requestedBy: 'a.smith',
      suppressFor,
    };
    const outcome = await blocker.unblock(query, call);
    if (!isDead()) hearOfUpkeep(play, outcome);
    return { retry: needsRetry(outcome), claims: [] };
  }
  const outcome =
    work.kind === 'sweep'
      ? await blocker.sweep(call)
      : await blocker.reconcile({ ...call, targets: [{ accountId, region }] });
  if (!isDead()) hearOfUpkeep(play, outcome);
  // Upkeep runs again by itself.
  return { retry: false, claims: [] };
};

/** One work of one worker, whatever becomes of it. */
const perform = async (
  play: Play,
  work: Work,
  faults: readonly Fault[],
  random: () => number,
  event = eventOf(play, work),
): Promise<Done> => {
  const worker = createWorker(play, faults, random);
  const about = { work, ...(event ? { event } : {}) };
  try {
    const { retry, claims } = await act(play, worker, work, event);
    // Nobody hears what a dead worker comes to; its message is delivered again.
    return worker.isDead() ? { ...about, retry: true, claims: [] } : { ...about, retry, claims };
  } catch (error) {
    if (!(error instanceof Dead) && !isRemediationError(error)) throw error;
    return { ...about, retry: true, claims: [] };
  }
};

/** How long a person's unblock holds. */
const suppressFor = hours(6);

/** Notes whom the story wants to be denied until when; what a person unblocked is none of them. */
const noteWanted = (play: Play, done: readonly Pick<Done, 'work' | 'event'>[]): void => {
  const now = play.time.now().getTime();
  for (const { work } of done) {
    if (work.kind !== 'unblock') continue;
    play.wanted.delete(cidrOf(work.attacker));
    play.suppressed.set(cidrOf(work.attacker), now + suppressFor + hours(1));
  }
  for (const { work, event } of done) {
    if (event === undefined || (work.kind !== 'finding' && work.kind !== 'new-address')) continue;
    const finding = parseFinding(event);
    const until = Date.parse(finding.eventLastSeen ?? '') + hours(24);
    for (const { address = '' } of extractThreats(finding)) {
      if ((play.suppressed.get(address) ?? 0) > now) continue;
      play.wanted.set(address, Math.max(play.wanted.get(address) ?? 0, until));
    }
  }
};

/** What happens at once; gives what the workers claim is in force and what has to be delivered again. */
export const playEpisode = async (play: Play, episode: Episode): Promise<readonly Done[]> => {
  play.ec2.staleReads(false);
  for (const event of episode.events) await happen(play, event);
  play.ec2.staleReads(episode.staleMs === 0 ? false : { forMs: episode.staleMs });
  const random = randomFrom(episode.seed);
  const done = await play.time.run(
    Promise.all(
      episode.works.map((work, at) =>
        perform(
          play,
          work,
          episode.faults.filter(({ worker }) => worker === at),
          random,
        ),
      ),
    ),
  );
  noteWanted(play, done);
  return done;
};

/** Lets leases end, delivers again what asks for it, sweeps and reconciles, until nothing is left open. */
export const quiesce = async (play: Play, done: readonly Done[]): Promise<void> => {
  const random = randomFrom(1);
  let left = done.filter(({ retry }) => retry);
  for (let delivery = 1; delivery <= 4; delivery++) {
    await play.time.run(play.time.sleep(minutes(3)));
    const again: Done[] = [];
    for (const { work, event } of left) {
      again.push(await play.time.run(perform(play, work, [], random, event)));
    }
    await play.time.run(perform(play, { kind: 'sweep' }, [], random));
    await play.time.run(perform(play, { kind: 'reconcile' }, [], random));
    left = again.filter(({ retry }) => retry);
  }
};

/** A person sets a poisoned ledger aside, as the alert says. */
export const cure = async (play: Play): Promise<void> => {
  if (!play.poisoned) return;
  const { documents } = await play.store.list('nacl/');
  for (const { key, version } of documents) await play.store.delete(key, version);
  play.poisoned = false;
};

/** A slot, as far as a story looks at it. */
export interface Slot {
  readonly ruleNumber: number;
  readonly cidr: string;
  readonly status: string;
  readonly expiresAt: string;
  readonly ports?: { readonly from: number };
}

/** What the slots of the ledger say, whatever wrote it. */
export const slotsIn = async ({ store }: Play): Promise<readonly Slot[]> => {
  const { documents } = await store.list('nacl/');
  return documents.flatMap(({ value }) => {
    const { slots, direction } = value as unknown as { slots: readonly Slot[] | string; direction: string };
    return typeof slots === 'string' || direction !== 'ingress' ? [] : slots;
  });
};

/** Whether a new attacker can be denied, or at least is told of: a story never ends in a state that is stuck. */
export const tryAnother = async (play: Play, attacker: number): Promise<BlockOutcome> => {
  const event = sshBruteForceEvent({ from: addressOf(attacker), at: play.time.now(), id: `f${attacker}` });
  play.guardDuty.hold(event);
  const { blocker } = createWorker(play, [], randomFrom(2));
  const outcome = await play.time.run(blocker.block(parseFinding(event)));
  hearOfBlock(play, outcome);
  return outcome;
};

import { addTo, hours, minutes, replay, seconds, toJson } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyOf } from '../../gate/cidr.ts';
import { naclDeciders } from '../deciders.ts';
import { type AclEntry, allowBefore, inRange, isOurs } from '../entries/acl.ts';
import { decideEntries } from '../entries/decide-entries.ts';
import type { DenyRequest, EntriesFacts } from '../entries/entries-facts.ts';
import {
  type Ec2Step,
  type EntriesPlan,
  type EntryStep,
  makesEntry,
  type ReplaceStep,
  writesEc2,
} from '../entries/entry-plan.ts';
import { compareRank, outranks } from '../entries/rank.ts';
import { decideSweep, decideUnblock, type SweepFacts } from '../release/decide-release.ts';
import { samplePolicy } from '../sample-policy.ts';
import { claimLedger, type Settlement, settleLedger } from './claim.ts';
import { type Ledger, ledgerKey, matchOf, maxLedgerBytes, maxUnplaced, type Slot } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { freshEntries, sampleLedger, sampleLedgerId, sampleNow } from './sample-ledger.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const policy = samplePolicy({
  blockFor: hours(2),
  maxBlockFor: hours(5),
  ruleNumbers: { from: 10, to: 19 },
  quota: 9,
  entryWritesPerHour: 12,
});

/** An entry in the model of EC2; `ours` is who wrote it, which EC2 itself does not know. */
type Entry = AclEntry & { readonly ours: boolean };

/** What becomes of one EC2 write. `lost`: the answer did not arrive, whether or not there was an effect. */
type Fate = 'done' | 'denied' | 'lost-after' | 'lost-before';

type Command =
  | { readonly kind: 'wait'; readonly ms: number }
  | {
      readonly kind: 'block';
      readonly requests: readonly Wish[];
      readonly lagMs: number;
      readonly fates: readonly Fate[];
      readonly dies: boolean;
      readonly paused: boolean;
    }
  | {
      readonly kind: 'sweep' | 'unblock';
      readonly target: number;
      readonly lagMs: number;
      readonly fates: readonly Fate[];
      readonly dies: boolean;
    }
  | { readonly kind: 'person'; readonly ruleNumber: number; readonly does: 'add' | 'remove' | 'replace' | 'allow' };

interface Wish {
  readonly host: number;
  readonly ports: readonly number[];
  readonly severity: number;
  readonly finding: number;
  readonly confirmed: boolean;
  readonly ageMs: number;
  readonly sightings: number;
  readonly spoofable: boolean;
}

/** Everything that is, beside the code under test. */
class World {
  now = sampleNow.getTime();
  ledger: Ledger = sampleLedger();
  /** Every state of the network ACL with the time from which on it held. */
  history: { readonly at: number; readonly entries: readonly Entry[] }[] = [
    { at: 0, entries: freshEntries.map((entry) => ({ ...entry, ours: false })) },
  ];
  worker = 0;

  get entries(): readonly Entry[] {
    return this.history.at(-1)?.entries ?? [];
  }

  set entries(entries: readonly Entry[]) {
    this.history.push({ at: this.now, entries });
  }

  /** What a describe shows: the state of up to half a minute ago. */
  describe(lagMs: number): AclEntry[] {
    const shown = this.history.findLast(({ at }) => at <= this.now - lagMs) ?? this.history[0];
    return (shown?.entries ?? []).map(({ ours: _, ...entry }) => entry).toSorted((a, b) => a.ruleNumber - b.ruleNumber);
  }

  lease() {
    return { owner: `worker-${++this.worker}`, until: addTo(new Date(this.now), seconds(20)) };
  }
}

const cidrOf = (host: number): string => (host % 4 === 3 ? `2001:db8:0:${host}::/64` : `198.51.100.${host}/32`);

const requestOf = (wish: Wish, at: number, now: number): DenyRequest => {
  const lastSeen = addTo(new Date(now), -wish.ageMs);
  return {
    denyId: `d${at}`,
    findingId: `f${wish.finding}`,
    findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
    severity: wish.severity,
    lastSeen,
    cidr: cidrOf(wish.host),
    protocol: wish.ports.length === 0 ? '-1' : '6',
    runs: wish.ports.map((port) => ({ from: port, to: port })),
    expiresAt: addTo(lastSeen, policy.blockFor),
    sightings: wish.sightings,
    spoofable: wish.spoofable,
    confirmed: wish.confirmed,
  };
};

const entryFor = (slot: Slot): Entry => ({ ...matchOf(slot), ruleNumber: slot.ruleNumber, action: 'deny', ours: true });

/** Takes one EC2 write as EC2 would, with what the executor makes of the answer. */
const takeEffect = (world: World, step: Ec2Step, fate: Fate, before: Slot | undefined): Settlement => {
  const { slot } = step;
  const held = world.entries.find(({ ruleNumber }) => ruleNumber === slot.ruleNumber);
  expect(inRange(slot.ruleNumber, policy.ruleNumbers)).toBe(true);
  const undone: Settlement = before === undefined ? { kind: 'undone' } : { kind: 'undone', before };
  if (step.action === 'delete-entry') {
    // Looked at once more right before: what is not ours is left alone.
    if (held === undefined || !isOurs(held, slot)) return { kind: 'removed' };
    if (fate === 'denied') return undone;
    if (fate !== 'lost-before') {
      expect(held.ours).toBe(true);
      world.entries = world.entries.filter((entry) => entry !== held);
    }
    return fate === 'done' ? { kind: 'removed' } : { kind: 'unknown' };
  }
  if (step.action === 'replace-entry') {
    // Looked at once more right before: what is neither of the two is left alone.
    const replaced = slot.replaced !== undefined && held !== undefined && isOurs(held, slot.replaced);
    if (held && !replaced && !isOurs(held, slot)) return { kind: 'removed' };
    if (fate === 'denied') return step.origin === 'retake' ? { kind: 'unknown' } : undone;
    if (fate !== 'lost-before') {
      expect(held?.ours ?? true).toBe(true);
      world.entries = [...world.entries.filter((entry) => entry !== held), entryFor(slot)];
    }
    return fate === 'done' ? { kind: 'active' } : { kind: 'unknown' };
  }
  if (held) return isOurs(held, slot) ? { kind: 'active' } : { kind: 'removed' };
  if (fate === 'denied') return step.origin === 'retake' ? { kind: 'unknown' } : undone;
  if (fate !== 'lost-before') {
    world.entries = [...world.entries, entryFor(slot)];
  }
  return fate === 'done' ? { kind: 'active' } : { kind: 'unknown' };
};

const store = (world: World, ledger: Ledger): void => {
  const text = JSON.stringify(ledger);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxLedgerBytes);
  world.ledger = parseLedger(JSON.parse(text), ledgerKey(sampleLedgerId));
  expect(world.ledger).toEqual(ledger);
  const { slots, unplaced } = world.ledger;
  expect(unplaced.length).toBeLessThanOrEqual(maxUnplaced);
  for (const { ruleNumber } of slots) expect(inRange(ruleNumber, policy.ruleNumbers)).toBe(true);
  for (const { cidr } of slots) expect(slots.filter((slot) => slot.cidr === cidr).length).toBeLessThanOrEqual(2);
  for (const family of [4, 6] as const) {
    // The default deny is an entry as well.
    expect(slots.filter(({ cidr }) => familyOf(cidr) === family).length).toBeLessThanOrEqual(
      policy.quota - policy.headroom - 1,
    );
  }
};

const replays = (decider: string, facts: unknown, plan: unknown, at: Date): void => {
  const record = {
    schema: 1,
    id: 'a1',
    at: at.toISOString(),
    library: 'test',
    decider,
    facts: toJson(facts),
    policy: toJson(policy),
    plan: toJson(plan),
    outcomes: [],
    correlation: { runId: 'r1' },
  } as const;
  expect(replay(record, naclDeciders).differences).toEqual([]);
};

/** Claim, EC2, settle; a worker that dies does not settle. */
const carryOut = (
  world: World,
  steps: readonly EntryStep[],
  owner: string,
  fates: readonly Fate[],
  dies: boolean,
): void => {
  if (steps.length === 0) return;
  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  const at = new Date(world.now);
  const before = new Map(world.ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  for (const step of steps) {
    if (!('slot' in step)) continue;
    const { lease } = before.get(step.slot.ruleNumber) ?? {};
    // G9: nothing under somebody's live lease is touched.
    if (lease) expect(Date.parse(lease.until)).toBeLessThanOrEqual(world.now);
  }
  store(world, claimLedger(world.ledger, steps, at, policy.blockFor));
  const settlements = new Map<number, Settlement>();
  steps.filter(writesEc2).forEach((step, index) => {
    settlements.set(
      step.slot.ruleNumber,
      takeEffect(world, step, fates[index % fates.length] ?? 'done', before.get(step.slot.ruleNumber)),
    );
  });
  if (!dies) store(world, settleLedger(world.ledger, owner, settlements, at));
};

const block = (world: World, command: Extract<Command, { kind: 'block' }>): EntriesPlan => {
  const at = new Date(world.now);
  const lease = world.lease();
  const reason = { reason: 'paused', because: 'A person said so.' };
  const facts: EntriesFacts = {
    ledger: world.ledger,
    entries: world.describe(command.lagMs),
    requests: command.requests.map((wish, index) => requestOf(wish, index, world.now)),
    guard: { mode: 'enforce', ...(command.paused ? { newDeniesPaused: reason } : {}) },
    lease,
  };
  const plan = decideEntries(facts, policy, at);
  replays('nacl/entries', facts, plan, at);
  // In a pause nothing is kept but what was told or seen.
  if (command.paused)
    expect(plan.steps.filter(({ action }) => !/^(note|note-unplaced|contest)$/.test(action))).toEqual([]);
  if (command.requests.every(({ confirmed }) => !confirmed)) expect(plan.steps).toEqual([]);
  expect(plan.steps.some(({ action }) => action === 'delete-entry')).toBe(false);
  // Every wanted deny is answered: nobody is dropped in silence.
  const wanted = facts.requests.reduce((sum, { runs }) => sum + Math.max(1, runs.length), 0);
  expect(plan.placements).toHaveLength(wanted);
  for (const { stepId, result } of plan.placements) {
    if (result === 'create' || result === 'extend') expect(plan.steps.map(({ id }) => id)).toContain(stepId);
  }
  for (const step of plan.steps) {
    if (!makesEntry(step)) continue;
    if (step.action === 'replace-entry' && step.origin === 'swap') expectFair(step, facts, at);
    expect(allowBefore(facts.entries, step.slot.ruleNumber, step.slot)).toBeUndefined();
    expect(Date.parse(step.slot.expiresAt)).toBeLessThanOrEqual(
      Date.parse(step.slot.firstBlockedAt) + policy.maxBlockFor,
    );
  }
  carryOut(world, plan.steps, lease.owner, command.fates, command.dies);
  return plan;
};

/** G35: one of ours gives way, a settled one that has stood its time and that ranks lower, and it is listed. */
const expectFair = ({ slot, evicted }: ReplaceStep, { ledger, entries }: EntriesFacts, at: Date): void => {
  const before = ledger.slots.find(({ ruleNumber }) => ruleNumber === slot.ruleNumber);
  const live = entries.find(({ ruleNumber }) => ruleNumber === slot.ruleNumber);
  if (before === undefined || live === undefined) throw new Error('nobody to evict');
  expect(before.status).toBe('active');
  expect(isOurs(live, before)).toBe(true);
  expect(familyOf(before.cidr)).toBe(familyOf(slot.cidr));
  expect(at.getTime() - Date.parse(before.firstBlockedAt)).toBeGreaterThanOrEqual(hours(1));
  expect(outranks(slot, before, at)).toBe(true);
  expect(compareRank(slot, before, at)).toBeGreaterThan(0);
  expect(evicted).toMatchObject({ ...matchOf(before), reason: 'evicted' });
};

const release = (
  world: World,
  { kind, target, lagMs, fates, dies }: Extract<Command, { kind: 'sweep' | 'unblock' }>,
): void => {
  const at = new Date(world.now);
  const lease = world.lease();
  const sweep: SweepFacts = {
    ledger: world.ledger,
    entries: world.describe(lagMs),
    guard: { mode: 'enforce' },
    suppressed: [],
    lease,
  };
  const cidr = cidrOf(target);
  const suppression = { cidr, reason: 'r', requestedBy: 'a', until: addTo(at, minutes(30)) };
  const facts = kind === 'sweep' ? sweep : { ...sweep, query: { cidr }, suppressions: [suppression] };
  const plan =
    kind === 'sweep'
      ? decideSweep(sweep, policy, at)
      : decideUnblock({ ...sweep, query: { cidr }, suppressions: [suppression] }, policy, at);
  replays(`nacl/${kind}`, facts, plan, at);
  for (const step of plan.steps) {
    if (step.action !== 'delete-entry') continue;
    const live = sweep.entries?.find(({ ruleNumber }) => ruleNumber === step.slot.ruleNumber);
    expect(live !== undefined && isOurs(live, step.slot)).toBe(true);
  }
  carryOut(world, plan.steps, lease.owner, fates, dies);
};

const person = (world: World, { ruleNumber, does }: Extract<Command, { kind: 'person' }>): void => {
  const others = world.entries.filter((entry) => entry.ruleNumber !== ruleNumber);
  const held = others.length < world.entries.length;
  const theirs: Entry = {
    ruleNumber,
    cidr: '192.0.2.0/24',
    action: does === 'allow' ? 'allow' : 'deny',
    protocol: '-1',
    ours: false,
  };
  if (does === 'remove') world.entries = others;
  else if (does === 'replace' ? held : !held) world.entries = [...others, theirs];
};

const lagMs = fc.constantFrom(0, seconds(5), seconds(29));
const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'denied', 'lost-after', 'lost-before'), {
  minLength: 1,
  maxLength: 4,
});
const dies = fc.constantFrom(false, false, false, true);
const wish: fc.Arbitrary<Wish> = fc.record({
  host: fc.integer({ min: 1, max: 12 }),
  ports: fc.constantFrom([22], [80], [22, 80], [443], []),
  severity: fc.integer({ min: 0, max: 10 }),
  finding: fc.nat(5),
  confirmed: fc.constantFrom(true, true, true, false),
  ageMs: fc.constantFrom(0, minutes(10), minutes(119)),
  sightings: fc.constantFrom(1, 1, 2),
  spoofable: fc.constantFrom(false, false, true),
});
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('wait' as const),
    ms: fc.constantFrom(seconds(1), seconds(10), seconds(31), minutes(10), minutes(90)),
  }),
  fc.record({
    kind: fc.constant('block' as const),
    requests: fc.array(wish, { minLength: 1, maxLength: 5 }),
    lagMs,
    fates,
    dies,
    paused: fc.constantFrom(false, false, false, true),
  }),
  fc.record({
    kind: fc.constantFrom('sweep' as const, 'unblock' as const),
    target: fc.integer({ min: 1, max: 12 }),
    lagMs,
    fates,
    dies,
  }),
  fc.record({
    kind: fc.constant('person' as const),
    ruleNumber: fc.integer({ min: 10, max: 19 }),
    does: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
  }),
);

/** Everything is swept when it is over, with nothing in the way. */
const tidyUp = (world: World): void => {
  for (let round = 0; round < 4; round++) {
    world.now += hours(6);
    release(world, { kind: 'sweep', target: 1, lagMs: 0, fates: ['done'], dies: false });
  }
};

it('G2, G4, G5, G6, G36: any story of findings, sweeps, people, lost answers and dead workers keeps the ledger sound, and in the end nothing of ours is left behind', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 30 }), (commands) => {
      const world = new World();
      for (const each of commands) {
        if (each.kind === 'wait') world.now += each.ms;
        else if (each.kind === 'block') block(world, each);
        else if (each.kind === 'person') person(world, each);
        else release(world, each);
        world.now += seconds(1);
      }
      tidyUp(world);
      expect(world.ledger.slots).toEqual([]);
      expect(world.entries.filter(({ ours }) => ours)).toEqual([]);
      // It is not wedged: the next attacker is blocked, or there is no room because of what people have put there.
      const next = {
        host: 1,
        ports: [22],
        severity: 1,
        finding: 1,
        confirmed: true,
        ageMs: 0,
        sightings: 1,
        spoofable: false,
      };
      const plan = block(world, {
        kind: 'block',
        requests: [next],
        lagMs: 0,
        fates: ['done'],
        dies: false,
        paused: false,
      });
      const room =
        world.entries.filter(({ cidr, ours }) => !ours && familyOf(cidr) === 4).length < policy.quota - policy.headroom;
      expect(plan.placements[0]?.result).toBe(room ? 'create' : 'unplaced');
    }),
    { numRuns },
  );
}, 600_000);

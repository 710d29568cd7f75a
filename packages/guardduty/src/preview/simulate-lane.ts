import { addTo, addToWindow, hours, type Reason } from '@remedykit/core';
import { familyOf } from '../gate/cidr.ts';
import type { AclEntry } from '../nacl/entries/acl.ts';
import { decideEntries } from '../nacl/entries/decide-entries.ts';
import type { DenyRequest } from '../nacl/entries/entries-facts.ts';
import { claimLedger, type Settlement, settleLedger } from '../nacl/ledger/claim.ts';
import { covers, emptyLedger, type Ledger, type Slot, sameMatch } from '../nacl/ledger/ledger.ts';
import type { BlockerPolicy } from '../nacl/policy.ts';
import { createFillByDay, type FillByDay } from './fill-by-day.ts';
import type { FillRow } from './report.ts';

/** One wanted deny at the finding's own time. */
export interface Sighting {
  readonly at: number;
  readonly request: DenyRequest;
}

/** What became of one sighting in one place. */
export interface Placed extends Reason {
  /** Denied after it: newly, longer, or as before. */
  readonly held: boolean;
}

/** What is taken to hold of every network ACL. */
export interface LaneSettings {
  readonly policy: BlockerPolicy;
  readonly ownRules: number;
  readonly capacity: number;
}

/** Takes what happens in the course of the simulation. */
export interface LaneEvents<Seen extends Sighting> {
  /** Once per sighting and run of ports. */
  onPlaced(sighting: Seen, placed: Placed): void;
  /** A deny came to its end after this long, ms. */
  onEnded(cidr: string, heldMs: number): void;
}

/** How full one direction of one network ACL became, per family that had anything to do. */
export type LaneFill = Pick<
  FillRow,
  'family' | 'peak' | 'peakDay' | 'fullDays' | 'written' | 'extended' | 'swapped' | 'withoutRoom' | 'days'
>;

interface Counts {
  readonly fill: FillByDay;
  touched: boolean;
  held: number;
  written: number;
  extended: number;
  swapped: number;
  withoutRoom: number;
}

const newCounts = (): Counts => ({
  fill: createFillByDay(),
  touched: false,
  held: 0,
  written: 0,
  extended: 0,
  swapped: 0,
  withoutRoom: 0,
});

const owner = 'preview';

/** The entries that are there besides ours: people's own, behind our range, and the default deny; of both families. */
const assumedEntries = (ownRules: number): AclEntry[] =>
  ['0.0.0.0/0', '::/0'].flatMap((cidr, family) => [
    ...Array.from({ length: ownRules }, (_, index): AclEntry => {
      return { ruleNumber: 32_600 + 2 * index + family, cidr, action: 'allow', protocol: '-1' };
    }),
    { ruleNumber: 32_767 + family, cidr, action: 'deny', protocol: '-1' },
  ]);

const entryOf = ({ ruleNumber, cidr, protocol, ports }: Slot): AclEntry => ({
  ruleNumber,
  cidr,
  action: 'deny',
  protocol,
  ...(ports ? { ports } : {}),
});

const sameSlot = (one: Slot) => (other: Slot) => one.ruleNumber === other.ruleNumber && sameMatch(one, other);

/** As after a plan whose writes all took place. */
const afterPlan = (
  ledger: Ledger,
  plan: ReturnType<typeof decideEntries>,
  now: Date,
  policy: BlockerPolicy,
): Ledger => {
  if (plan.steps.length === 0) return ledger;
  const claimed = claimLedger(ledger, plan.steps, now, policy.blockFor);
  const underWay = claimed.slots.filter(({ lease }) => lease?.owner === owner);
  if (underWay.length === 0) return claimed;
  const settled = new Map(underWay.map(({ ruleNumber }): [number, Settlement] => [ruleNumber, { kind: 'active' }]));
  return settleLedger(claimed, owner, settled, now);
};

/**
 * Plays the sightings of one direction of one network ACL, in order of time, through the blocker's own decision about
 * entries; every write takes place at once, and every deny is swept out at the instant at which it ends. Pure.
 */
export const simulateLane = <Seen extends Sighting>(
  sightings: Iterable<Seen>,
  { policy, ownRules, capacity }: LaneSettings,
  events: LaneEvents<Seen>,
): LaneFill[] => {
  const assumed = assumedEntries(ownRules);
  const families = { 4: newCounts(), 6: newCounts() };
  const countsOf = (cidr: string): Counts => families[familyOf(cidr)];
  let ledger: Ledger = emptyLedger({ accountId: '', region: '', networkAclId: '', direction: 'ingress' });
  let clock = Number.NEGATIVE_INFINITY;
  let nextEnd = Number.POSITIVE_INFINITY;

  const become = (changed: Ledger): void => {
    if (changed === ledger) return;
    ledger = changed;
    nextEnd = Math.min(...ledger.slots.map(({ expiresAt }) => Date.parse(expiresAt)));
  };
  const noteUntil = (until: number): void => {
    if (clock !== Number.NEGATIVE_INFINITY)
      for (const { fill, held } of Object.values(families)) fill.note(held, clock, until);
    clock = until;
  };
  const end = (slot: Slot, at: number): void => {
    countsOf(slot.cidr).held -= 1;
    events.onEnded(slot.cidr, at - Date.parse(slot.firstBlockedAt));
  };
  /** Lets pass the time until `until`, with every deny that ends in it. */
  const advance = (until: number): void => {
    while (ledger.slots.length > 0 && nextEnd <= until) {
      const next = nextEnd;
      noteUntil(next);
      const over = ledger.slots.filter(({ expiresAt }) => Date.parse(expiresAt) <= next);
      for (const slot of over) end(slot, next);
      become({
        ...ledger,
        slots: ledger.slots.filter((slot) => !over.includes(slot)),
        writes: addToWindow(ledger.writes, new Date(next), over.length, hours(1)),
      });
    }
    if (until !== Number.POSITIVE_INFINITY) noteUntil(until);
  };

  for (const sighting of sightings) {
    const { at, request } = sighting;
    advance(at);
    const now = new Date(at);
    const plan = decideEntries(
      {
        ledger,
        entries: [...assumed, ...ledger.slots.map(entryOf)],
        requests: [request],
        guard: { mode: 'enforce' },
        lease: { owner, until: addTo(now, hours(1)) },
      },
      policy,
      now,
    );
    const before = ledger.slots;
    become(afterPlan(ledger, plan, now, policy));
    const counts = countsOf(request.cidr);
    counts.touched = true;
    if (plan.steps.length > 0) {
      for (const slot of ledger.slots.filter((each) => !before.some(sameSlot(each)))) {
        counts.written += 1;
        countsOf(slot.cidr).held += 1;
      }
      for (const slot of before.filter((each) => !ledger.slots.some(sameSlot(each)))) {
        countsOf(slot.cidr).swapped += 1;
        end(slot, at);
      }
      for (const { fill, held } of Object.values(families)) fill.note(held, at, at);
    }
    for (const { match, result, reason, because } of plan.placements) {
      const held = ledger.slots.some((slot) => covers(slot, match));
      if (result === 'extend') counts.extended += 1;
      if (!held) counts.withoutRoom += 1;
      events.onPlaced(sighting, { held, reason, because });
    }
  }
  advance(Number.POSITIVE_INFINITY);

  return ([4, 6] as const).flatMap((family) => {
    const { fill, touched, held: _, ...counts } = families[family];
    return touched ? [{ family, ...counts, ...summary(fill.days(), capacity) }] : [];
  });
};

const summary = (
  days: LaneFill['days'],
  capacity: number,
): Pick<LaneFill, 'peak' | 'peakDay' | 'fullDays' | 'days'> => {
  const peak = days.reduce((most, [, held]) => Math.max(most, held), 0);
  const peakDay = days.find(([, held]) => held === peak)?.[0];
  const fullDays = days.filter(([, held]) => held >= capacity).length;
  return { peak, ...(peakDay === undefined ? {} : { peakDay }), fullDays, days };
};

import { addTo, hours, minutes } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AclEntry, entryAt, isOurs } from '../entries/acl.ts';
import { writesEc2 } from '../entries/entry-plan.ts';
import { claimLedger, type Settlement, settleLedger } from '../ledger/claim.ts';
import type { Slot } from '../ledger/ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleLease,
  sampleLedger,
  sampleSlot,
} from '../ledger/sample-ledger.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideReconcile } from './decide-reconcile.ts';
import type { ReconcileFacts } from './reconcile-plan.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const policy = samplePolicy({ ruleNumbers: { from: 10, to: 21 } });

/** What a rule number holds in EC2, and what the ledger says. */
const cell = fc.record({
  live: fc.constantFrom('ours', 'foreign deny', 'allow', 'nothing'),
  slot: fc.constantFrom('active', 'over', 'dead claim', 'dead release', 'leased', 'recent', 'none'),
});

const world = fc.record({
  cells: fc.array(cell, { minLength: 1, maxLength: 12 }),
  vanishings: fc.array(
    fc.record({ address: fc.integer({ min: 10, max: 21 }), ago: fc.integer({ min: 0, max: 1_500 }) }),
    {
      maxLength: 4,
    },
  ),
  contestedFor: fc.option(fc.integer({ min: -60, max: 60 }), { nil: undefined }),
  adopt: fc.boolean(),
  writesAllowed: fc.constantFrom(0, 2, 30),
});

type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

const slotAt = (ruleNumber: number, kind: World['cells'][number]['slot']): Slot | undefined => {
  const base = { ruleNumber, cidr: `198.51.100.${ruleNumber}/32` };
  if (kind === 'none') return undefined;
  if (kind === 'leased') return sampleClaim(1, base);
  if (kind === 'dead claim') return sampleClaim(-minutes(5), base);
  if (kind === 'dead release') return sampleClaim(-minutes(5), { ...base, status: 'releasing' });
  if (kind === 'over') return sampleSlot({ ...base, expiresAt: now.toISOString() });
  return sampleSlot({ ...base, ...(kind === 'recent' ? { writtenAt: addTo(now, -1_000) } : {}) });
};

const entryFor = (ruleNumber: number, kind: World['cells'][number]['live']): AclEntry | undefined => {
  if (kind === 'nothing') return undefined;
  const ours = entryOf(sampleSlot({ ruleNumber, cidr: `198.51.100.${ruleNumber}/32` }));
  if (kind === 'ours') return ours;
  return kind === 'allow' ? { ...ours, action: 'allow' } : { ...ours, cidr: '192.0.2.1/32' };
};

const factsOf = ({ cells, vanishings, contestedFor, adopt }: World): ReconcileFacts => ({
  ledger: sampleLedger({
    slots: cells.flatMap(({ slot }, at) => slotAt(10 + at, slot) ?? []),
    vanishings: vanishings.map(({ address, ago }) => ({
      cidr: `198.51.100.${address}/32`,
      at: addTo(now, -minutes(ago)),
    })),
    ...(contestedFor === undefined
      ? {}
      : {
          contested: { since: addTo(now, -hours(20)), until: addTo(now, minutes(contestedFor)), because: 'They do.' },
        }),
  }),
  entries: [...cells.flatMap(({ live }, at) => entryFor(10 + at, live) ?? []), ...freshEntries],
  guard: { mode: 'enforce' },
  suppressed: [],
  lease: sampleLease,
  ...(adopt ? { adopt: { requestedBy: 'a.smith', reason: 'lost', expiresAt: addTo(now, hours(9)) } } : {}),
});

/** Carries the plan out on a perfect EC2, and gives the facts a minute later. */
const carryOut = (facts: ReconcileFacts, allowed: typeof policy): ReconcileFacts => {
  const plan = decideReconcile(facts, allowed, now);
  const claimed = claimLedger(facts.ledger, plan.steps, now, policy.blockFor);
  const settlements = new Map<number, Settlement>();
  let entries = [...(facts.entries ?? [])];
  for (const step of plan.steps) {
    if (!writesEc2(step)) continue;
    const { ruleNumber } = step.slot;
    if (step.action === 'delete-entry') {
      entries = entries.filter((entry) => entry.ruleNumber !== ruleNumber);
      settlements.set(ruleNumber, { kind: 'removed' });
    } else {
      expect(entryAt(entries, ruleNumber), 'a create over somebody’s entry').toBeUndefined();
      entries.push(entryOf(step.slot));
      settlements.set(ruleNumber, {
        kind: 'active',
        ...(step.origin === 'restore' ? { vanished: true as const } : {}),
      });
    }
  }
  return { ...facts, entries, ledger: settleLedger(claimed, sampleLease.owner, settlements, now) };
};

it('G2, G36: afterwards ledger and network ACL agree, foreign entries are as they were, and nothing is left to do', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const facts = factsOf(drawn);
      const allowed = { ...policy, entryWritesPerHour: drawn.writesAllowed };
      const before = facts.entries ?? [];
      const after = carryOut(facts, allowed);
      const { slots } = after.ledger;
      // What is not ours is untouched.
      for (const [at, { live }] of drawn.cells.entries()) {
        if (live === 'foreign deny' || live === 'allow')
          expect(entryAt(after.entries ?? [], 10 + at)).toEqual(entryAt(before, 10 + at));
      }
      for (const slot of slots) {
        const live = entryAt(after.entries ?? [], slot.ruleNumber);
        const kind = drawn.cells[slot.ruleNumber - 10]?.slot;
        // Somebody is at it, or EC2 may show what was, or no more may be written this hour.
        if (kind === 'leased' || kind === 'recent') continue;
        if (live === undefined) {
          expect(drawn.writesAllowed).toBeLessThan(30);
          continue;
        }
        expect(slot.status).toBe('active');
        expect(isOurs(live, slot)).toBe(true);
      }
      // No second look finds anything, but what was refused.
      const second = decideReconcile(
        after,
        { ...allowed, entryWritesPerHour: 10_000 },
        new Date(now.getTime() + 31_000),
      );
      if (drawn.writesAllowed === 30) {
        const settled = second.releases.filter(({ slot }) => {
          const kind = drawn.cells[slot.ruleNumber - 10]?.slot;
          return kind !== 'recent' && kind !== 'leased' && kind !== 'dead claim';
        });
        expect(settled).toEqual([]);
      }
      if (drawn.adopt)
        expect(second.orphans.filter(({ entry }) => entry.protocol === '6' && !isLeft(drawn, entry))).toEqual([]);
    }),
    { numRuns },
  );
});

/** A foreign deny under a number that a slot kept, since a worker may be at it. */
const isLeft = ({ cells }: World, { ruleNumber }: AclEntry): boolean => {
  const kind = cells[ruleNumber - 10]?.slot;
  return kind === 'leased' || kind === 'recent' || kind === 'dead claim';
};

it('never deletes what is not ours, and in a quarrel puts nothing in force', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const facts = factsOf(drawn);
      const plan = decideReconcile(facts, policy, now);
      for (const step of plan.steps) {
        if (step.action === 'delete-entry') {
          const live = entryAt(facts.entries ?? [], step.slot.ruleNumber);
          expect(live && isOurs(live, step.slot)).toBe(true);
        }
        if (step.action === 'create-entry') {
          expect(entryAt(facts.entries ?? [], step.slot.ruleNumber)).toBeUndefined();
          expect(plan.contest?.state === 'begun' || plan.contest?.state === 'on').toBe(false);
        }
      }
      expect(new Set(plan.steps.map(({ id }) => id)).size).toBe(plan.steps.length);
    }),
    { numRuns },
  );
});

import { addTo, days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createStep } from '../entries/placed.ts';
import type { Slot } from '../ledger/ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleLease,
  sampleLedger,
  sampleSlot,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideDrain, decideSweep, decideUnblock, isDue, type SweepFacts, whyItGoes } from './decide-release.ts';
import { guardReleases } from './decide-slot.ts';

const factsOf = (slots: readonly Slot[], changes: Partial<SweepFacts> = {}): SweepFacts => ({
  ledger: sampleLedger({ slots }),
  entries: [...slots.map(entryOf), ...freshEntries],
  guard: { mode: 'enforce' },
  suppressed: [],
  lease: sampleLease,
  ...changes,
});
const policy = samplePolicy();
const over = { expiresAt: now.toISOString() };

describe('why a deny goes', () => {
  const reasonOf = (slot: Slot, changes: Partial<SweepFacts> = {}) =>
    whyItGoes(slot, factsOf([slot], changes), policy, now)?.reason;

  it('tells what ended at its longest, for a person to review, from what ended before', () => {
    const first = (ms: number) => sampleSlot({ ...over, firstBlockedAt: addTo(now, -ms) });
    expect(reasonOf(first(days(7)))).toBe('longest-block');
    expect(reasonOf(first(days(7) - 1))).toBe('expired');
    expect(reasonOf(first(days(8)))).toBe('longest-block');
  });

  it('is no longest block where nobody was seen since a person took it over', () => {
    expect(reasonOf(sampleSlot({ ...over, hits: 0, firstBlockedAt: addTo(now, -days(7)) }))).toBe('expired');
  });

  it('names what protects the address today', () => {
    const gate = { inventories: {}, answers: { '198.51.100.7/32': { ownAddress: '198.51.100.7/32' } } };
    expect(whyItGoes(sampleSlot(), factsOf([], { gate }), policy, now)).toEqual({
      reason: 'now-protected',
      because: expect.stringMatching(/own-address.*198\.51\.100\.7/),
    });
    expect(reasonOf(sampleSlot(), { gate: { inventories: {}, answers: {} } })).toBeUndefined();
  });
});

describe('what a dead writer claimed and did not write', () => {
  const asked = (gate: NonNullable<SweepFacts['gate']>, slot = sampleClaim(0), entries = freshEntries) =>
    decideSweep(factsOf([slot], { gate, entries }), policy, now).releases.map(
      ({ result, reason }) => `${result} ${reason}`,
    );
  const known = { '198.51.100.7/32': {} };

  it('is written once it is known that it would be denied today, and kept until then', () => {
    expect(asked({ inventories: {}, answers: known })).toEqual(['retake retake']);
    expect(asked({ inventories: {}, answers: known, problem: 'THROTTLED' })).toEqual(['kept facts-unavailable']);
    expect(asked({ inventories: {}, answers: {} })).toEqual(['kept facts-unavailable']);
  });

  it('is settled, or taken out, whatever is known', () => {
    const unknown = { inventories: {}, answers: {}, problem: 'THROTTLED' };
    expect(asked(unknown, sampleClaim(0), [entryOf(sampleSlot()), ...freshEntries])).toEqual(['settle settled']);
    expect(asked(unknown, sampleSlot(over), [entryOf(sampleSlot()), ...freshEntries])).toEqual(['release expired']);
    expect(asked(unknown, sampleSlot({ ...over, writtenAt: now.toISOString() }))).toEqual(['kept not-visible-yet']);
  });
});

describe('isDue', () => {
  it('is not where everything is in force, and is where a flood has to be told', () => {
    expect(isDue(factsOf([sampleSlot()]), policy, now)).toBe(false);
    const unplaced = [sampleUnplaced({ reason: 'flood', since: addTo(now, -minutes(1)) })];
    const flooded = { ledger: sampleLedger({ slots: [sampleSlot()], unplaced }) };
    expect(isDue(factsOf([], flooded), policy, now)).toBe(true);
    const plan = decideSweep(factsOf([sampleSlot()], flooded), policy, now);
    expect(plan.steps).toMatchObject([{ id: 'note/flood', action: 'note' }]);
  });

  it('is for a slot with an ended lease, though it counts as in force', () => {
    const slot = sampleSlot({ lease: { owner: 'o', until: now.toISOString() } });
    expect(isDue(factsOf([slot]), policy, now)).toBe(true);
  });
});

describe('decideUnblock', () => {
  const unblock = (slot: Slot, reason: string) =>
    decideUnblock({ ...factsOf([slot]), query: {}, suppressions: [] }, policy, now).steps.map(
      (step) => `${step.id} ${step.reason === reason}`,
    );

  it('says of what has ended that it ended, and of all else that a person asked', () => {
    expect(unblock(sampleSlot(over), 'expired')).toEqual(['delete-entry/10 true']);
    expect(unblock(sampleSlot({ expiresAt: addTo(now, 1) }), 'unblocked-by-hand')).toEqual(['delete-entry/10 true']);
  });

  it('says of a suppression who wanted it', () => {
    const suppression = { cidr: '198.51.100.9/32', reason: 'partner', requestedBy: 'a', until: addTo(now, hours(1)) };
    const plan = decideUnblock({ ...factsOf([]), query: {}, suppressions: [suppression] }, policy, now);
    expect(plan.steps).toEqual([
      {
        id: 'suppress/198.51.100.9/32',
        action: 'suppress',
        reason: 'unblocked-by-hand',
        because: 'partner',
        precondition: null,
        suppression,
      },
    ]);
  });
});

describe('decideDrain', () => {
  it('takes out what nobody is writing, and asks to wait for the rest', () => {
    const drain = { reason: 'drained', because: 'a.smith drains it.' };
    const slots = [sampleSlot(), sampleClaim(1, { ruleNumber: 11 })];
    const plan = decideDrain({ ...factsOf(slots), drain }, policy, now);
    expect(plan.steps).toMatchObject([{ id: 'delete-entry/10', reason: 'drained' }]);
    expect(plan.releases).toMatchObject([{ result: 'release' }, { result: 'kept', reason: 'in-progress' }]);
  });
});

describe('a step of upkeep', () => {
  const preconditions = (slot: Slot, entries = [entryOf(slot), ...freshEntries]) =>
    decideSweep(factsOf([slot], { entries }), policy, now).steps.map(({ precondition }) => precondition);

  it('says what it relies on', () => {
    expect(preconditions(sampleSlot(over))).toEqual([
      { ruleNumber: 10, cidr: '198.51.100.7/32', action: 'deny', leaseUntil: sampleLease.until },
    ]);
    expect(preconditions(sampleSlot(over), [...freshEntries])).toEqual([{ ruleNumber: 10 }]);
    expect(preconditions(sampleClaim(0))).toEqual([{ ruleNumber: 10 }]);
    expect(preconditions(sampleClaim(0), [...freshEntries])).toEqual([
      { ruleNumber: 10, leaseUntil: sampleLease.until },
    ]);
  });
});

describe('guardReleases', () => {
  const decided = (origin: 'restore' | 'retake', ruleNumber: number) => {
    const slot = sampleClaim(0, { ruleNumber });
    const step = createStep(slot, origin);
    const release = { slot, result: origin, reason: origin, because: 'b', stepId: step.id } as const;
    return { release, step };
  };

  it('counts what is put back against the limit, and not what is finished for a dead worker', () => {
    const plan = guardReleases(
      [decided('retake', 10), decided('restore', 11), decided('retake', 12), decided('restore', 13)],
      { mode: 'enforce' },
      1,
    );
    expect(plan.steps.map(({ id }) => id)).toEqual(['create-entry/10', 'create-entry/11', 'create-entry/12']);
    expect(plan.refused).toMatchObject([{ step: { id: 'create-entry/13' }, refused: { reason: 'flood' } }]);
    expect(plan.releases.at(-1)).toMatchObject({ result: 'refused', reason: 'flood' });
  });
});

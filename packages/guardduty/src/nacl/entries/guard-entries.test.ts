import { addTo, days, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleFacts,
  sampleLedger,
  sampleRequest,
  sampleSlot,
} from '../ledger/sample-ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';

const host = (last: number): string => `198.51.100.${last}/32`;
const from = (last: number) => sampleRequest({ denyId: `d${last}`, findingId: `f${last}`, cidr: host(last) });
const decide = (changes: Partial<EntriesFacts>, policy: Partial<BlockerPolicy> = {}) =>
  decideEntries(sampleFacts(changes), samplePolicy(policy), now);
const stepsOf = (plan: ReturnType<typeof decide>) => plan.steps.map(({ id }) => id);
const saidOf = (plan: ReturnType<typeof decide>) => plan.placements.map(({ result, reason }) => `${result} ${reason}`);
const paused = { reason: 'paused', because: 'a.smith said so.' };

describe('a pause', () => {
  const guard = { mode: 'enforce', newDeniesPaused: paused } as const;

  it('forbids no ledger to remember who has no room', () => {
    const plan = decide(
      { guard, requests: [from(1), from(2)] },
      { quota: 6, headroom: 2, ruleNumbers: { from: 10, to: 10 } },
    );
    expect(saidOf(plan)).toEqual(['refused paused', 'unplaced no-rule-number']);
    expect(stepsOf(plan)).toEqual([`note-unplaced/${host(2)}/6/22`, `note-unplaced/${host(1)}/6/22`]);
    expect(plan.refused.map(({ step }) => step.id)).toEqual(['create-entry/10']);
  });

  it('forbids no ledger to remember that somebody quarrels', () => {
    const vanishings = [{ cidr: host(7), at: addTo(now, -hours(2)) }];
    const ledger = sampleLedger({ slots: [sampleSlot()], vanishings });
    const plan = decide({ guard, ledger });
    expect(plan.steps.map(({ action }) => action)).toContain('contest');
  });

  it('refuses to hold longer what is in force, and says that it is', () => {
    const slot = sampleSlot();
    const plan = decide({ guard, ledger: sampleLedger({ slots: [slot] }), entries: [entryOf(slot), ...freshEntries] });
    expect(plan.steps).toEqual([]);
    expect(plan.placements).toMatchObject([{ result: 'present', reason: 'paused', news: false, ruleNumber: 10 }]);
  });

  it('lists each address by the finding that names it', () => {
    const plan = decide({ guard, requests: [from(1), from(2)] });
    expect(plan.steps).toMatchObject([
      { unplaced: { cidr: host(1), findingId: 'f1' } },
      { unplaced: { cidr: host(2), findingId: 'f2' } },
    ]);
  });
});

describe('the limits', () => {
  it('of an account count each new deny of the plan, and leave what is in force alone', () => {
    const slot = sampleSlot();
    const requests = [sampleRequest(), from(1), from(2), from(3)];
    const plan = decide(
      {
        requests,
        ledger: sampleLedger({ slots: [slot] }),
        entries: [entryOf(slot), ...freshEntries],
        deniesElsewhere: 3,
      },
      { newDeniesPerAccountAndDay: 5 },
    );
    expect(saidOf(plan)).toEqual(['extend seen-again', 'create new', 'create new', 'unplaced flood']);
  });

  it('of new denies count nothing that is put back', () => {
    const slot = sampleSlot();
    const plan = decide(
      { requests: [sampleRequest(), from(1)], ledger: sampleLedger({ slots: [slot] }) },
      { newDeniesPerHour: 0, newDeniesPerAccountAndDay: 0 },
    );
    expect(saidOf(plan)).toEqual(['create restore', 'unplaced flood']);
  });

  it('of entry writes count what is put back as well', () => {
    const slot = sampleSlot();
    const facts = { requests: [sampleRequest(), from(1)], ledger: sampleLedger({ slots: [slot] }) };
    expect(saidOf(decide(facts, { entryWritesPerHour: 1 }))).toEqual(['create restore', 'unplaced flood']);
    expect(saidOf(decide(facts, { entryWritesPerHour: 2 }))).toEqual(['create restore', 'create new']);
  });
});

describe('a repeat offender', () => {
  const holds = { [host(7)]: days(3) };
  const endOf = (request = sampleRequest(), given: EntriesFacts['holds'] = holds) => {
    const [step] = decide({ requests: [request], holds: given }).steps;
    return step && 'slot' in step ? step.slot.expiresAt : undefined;
  };
  const { lastSeen } = sampleRequest();

  it('is held as long as the operator says, counted from the last sighting, and never for less than others', () => {
    expect(endOf()).toBe(addTo(lastSeen, days(3)));
    expect(endOf(sampleRequest(), { [host(7)]: hours(1) })).toBe(addTo(lastSeen, hours(24)));
    expect(endOf(sampleRequest(), { [host(8)]: days(3) })).toBe(addTo(lastSeen, hours(24)));
  });

  it('is none on evidence that could be forged', () => {
    expect(endOf(sampleRequest({ spoofable: true }))).toBe(addTo(lastSeen, hours(24)));
  });
});

describe('a slot that is dropped', () => {
  it('frees its place for the next of the batch, and says what was relied on', () => {
    const slot = sampleSlot();
    const foreign = { ...entryOf(slot), cidr: '192.0.2.0/24' };
    const plan = decide({ ledger: sampleLedger({ slots: [slot] }), entries: [foreign, ...freshEntries] });
    expect(plan.steps[0]).toMatchObject({
      id: 'drop-slot/10',
      action: 'drop-slot',
      reason: 'not-ours',
      precondition: { ruleNumber: 10 },
      slot,
    });
  });

  it('does not count as one of the two entries of an address for a later finding', () => {
    const gone = sampleSlot();
    const foreign = { ...entryOf(gone), cidr: '192.0.2.0/24' };
    const requests = [80, 443, 8443].map((port) =>
      sampleRequest({ denyId: `d${port}`, runs: [{ from: port, to: port }] }),
    );
    const plan = decide({
      requests: [sampleRequest(), ...requests],
      ledger: sampleLedger({ slots: [gone] }),
      entries: [foreign, ...freshEntries],
    });
    expect(saidOf(plan)).toEqual(['create new', 'create new', 'unplaced port-runs', 'unplaced port-runs']);
  });

  it('shows a quarrel with its reason', () => {
    const vanishings = [{ cidr: host(7), at: addTo(now, -hours(2)) }];
    const plan = decide({ ledger: sampleLedger({ slots: [sampleSlot()], vanishings }) });
    expect(plan.steps.find(({ action }) => action === 'contest')).toMatchObject({
      id: 'contest',
      reason: 'contested',
      precondition: null,
    });
  });
});

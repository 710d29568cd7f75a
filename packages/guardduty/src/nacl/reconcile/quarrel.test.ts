import { addTo, days, hours, minutes, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Ledger, Slot } from '../ledger/ledger.ts';
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

const decide = (slots: readonly Slot[], ledger: Partial<Ledger> = {}, changes: Partial<ReconcileFacts> = {}) =>
  decideReconcile(
    {
      ledger: sampleLedger({ slots, ...ledger }),
      entries: freshEntries,
      guard: { mode: 'enforce' },
      suppressed: [],
      lease: sampleLease,
      ...changes,
    },
    samplePolicy(),
    now,
  );

/** It was put back two hours ago: should it be gone again, somebody means it. */
const putBack = { vanishings: [{ cidr: '198.51.100.7/32', at: addTo(now, -hours(2)) }] };

describe('nobody quarrels', () => {
  it.each<[string, Slot]>([
    ['a worker is at it', sampleClaim(1)],
    ['a worker that is writing says it is in force', sampleSlot({ lease: { owner: 'o', until: addTo(now, 1) } })],
    ['a dead worker claimed it', sampleClaim(-minutes(5))],
    ['it was written a moment ago', sampleSlot({ writtenAt: addTo(now, -seconds(1)) })],
    ['it was to go anyway', sampleSlot({ expiresAt: now.toISOString() })],
  ])('about a deny that was put back and is not there, when %s', (_, slot) => {
    expect(decide([slot], putBack).contest).toBeUndefined();
  });

  it('about a deny that was put back and is there', () => {
    const entries = [entryOf(sampleSlot()), ...freshEntries];
    expect(decide([sampleSlot()], putBack, { entries }).contest).toBeUndefined();
  });

  it('about a network ACL that is gone', () => {
    const { entries: _, ...facts } = { entries: freshEntries, suppressed: [], lease: sampleLease };
    const ledger = sampleLedger({ slots: [sampleSlot()], ...putBack });
    const plan = decideReconcile({ ...facts, ledger, guard: { mode: 'enforce' } }, samplePolicy(), now);
    expect(plan.contest).toBeUndefined();
    expect(plan.releases).toMatchObject([{ result: 'gone' }]);
  });
});

describe('a quarrel', () => {
  const contested = { since: addTo(now, -hours(1)), until: addTo(now, hours(1)), because: 'They do.' };

  it('is kept with its end, and that it was told', () => {
    const { steps } = decide([sampleSlot()], putBack);
    const because = expect.stringContaining('198.51.100.7/32');
    const contest = { since: now.toISOString(), until: addTo(now, days(1)), because };
    expect(steps.slice(0, 2)).toEqual([
      { id: 'contest', action: 'contest', reason: 'contested', because, precondition: null, contest },
      {
        id: 'note/contested',
        action: 'note',
        reason: 'contested',
        because: expect.any(String),
        precondition: null,
        notice: { about: `contested/${now.toISOString()}`, at: now.toISOString() },
      },
    ]);
  });

  it('is told though something else was told before', () => {
    const notices = [{ about: 'orphans/10', at: now.toISOString() }];
    expect(decide([], { contested, notices }).contest).toMatchObject({ state: 'on', news: true });
  });

  it('that is over goes out of the ledger by its end', () => {
    const until = addTo(now, -1);
    expect(decide([], { contested: { ...contested, until } }).steps).toEqual([
      {
        id: 'end-contest',
        action: 'end-contest',
        reason: 'contest-over',
        because: expect.any(String),
        precondition: { until },
      },
    ]);
  });

  it('keeps nobody from taking out what is to go', () => {
    const slot = sampleClaim(-minutes(5), { expiresAt: now.toISOString() });
    const there = { entries: [entryOf(slot), ...freshEntries] };
    expect(decide([slot], { contested }, there).releases).toMatchObject([{ result: 'release', reason: 'expired' }]);
  });

  it('lists who is given up by his latest finding, or by the one that made the deny', () => {
    const unplacedBy = (findingIds: readonly string[]) =>
      decide(
        [sampleSlot({ findingIds, madeBy: { findingId: 'f-made', lastSeen: now.toISOString() } })],
        putBack,
      ).steps.find(({ action }) => action === 'note-unplaced');
    expect(unplacedBy(['f-late', 'f-early'])).toMatchObject({ unplaced: { findingId: 'f-late' } });
    expect(unplacedBy([])).toMatchObject({ unplaced: { findingId: 'f-made' } });
  });
});

it('what is settled, or taken out, for a dead worker is no orphan and is known', () => {
  for (const slot of [sampleClaim(-minutes(5)), sampleClaim(-minutes(5), { expiresAt: now.toISOString() })]) {
    const plan = decide([slot], {}, { entries: [entryOf(slot), ...freshEntries] });
    expect(plan.releases).toHaveLength(1);
    expect(plan.orphans).toEqual([]);
  }
});

it('what a dead worker may have written a moment ago is waited for', () => {
  const slot = sampleClaim(-seconds(1), { expiresAt: now.toISOString() });
  expect(decide([slot]).releases).toMatchObject([{ result: 'kept', reason: 'not-visible-yet' }]);
});

import { addTo, hours, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { EntryStep } from '../entries/entry-plan.ts';
import { claimLedger, type Settlement, settleLedger } from './claim.ts';
import { type Ledger, ledgerKey, maxLedgerBytes, type Slot, type Unplaced } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import {
  sampleNow as now,
  sampleClaim,
  sampleLedger,
  sampleLedgerId,
  sampleSlot,
  sampleUnplaced,
} from './sample-ledger.ts';

const base = { reason: 'r', because: 'b', precondition: null };
const create = (slot: Slot): EntryStep => ({
  ...base,
  id: `create-entry/${slot.ruleNumber}`,
  action: 'create-entry',
  origin: 'new',
  slot,
});
const remove = (slot: Slot): EntryStep => ({
  ...base,
  id: `delete-entry/${slot.ruleNumber}`,
  action: 'delete-entry',
  slot,
});
const update = (slot: Slot): EntryStep => ({
  ...base,
  id: `update-slot/${slot.ruleNumber}`,
  action: 'update-slot',
  slot,
});
const drop = (slot: Slot): EntryStep => ({ ...base, id: `drop-slot/${slot.ruleNumber}`, action: 'drop-slot', slot });
const note = (unplaced: Unplaced): EntryStep => ({
  ...base,
  id: `note-unplaced/${unplaced.cidr}`,
  action: 'note-unplaced',
  unplaced,
});
const suppress = (
  cidr: string,
  changes: { reason?: string; requestedBy?: string; until?: string } = {},
): EntryStep => ({
  ...base,
  id: `suppress/${cidr}`,
  action: 'suppress',
  suppression: { cidr, reason: 'partner', requestedBy: 'a.smith', until: addTo(now, hours(24)), ...changes },
});

const claim = (ledger: Ledger, ...steps: EntryStep[]): Ledger => {
  const claimed = claimLedger(ledger, steps, now, hours(24));
  // What is stored can be read again.
  expect(parseLedger(JSON.parse(JSON.stringify(claimed)), ledgerKey(sampleLedgerId))).toEqual(claimed);
  return claimed;
};

const host = (n: number): string => `198.51.${100 + Math.floor(n / 250)}.${n % 250}/32`;

describe('claimLedger', () => {
  it('holds what is about to be written, in order of rule numbers, and counts the writes', () => {
    const releasing = sampleSlot({ ruleNumber: 12, status: 'releasing', lease: { owner: 'me', until: addTo(now, 1) } });
    const ledger = sampleLedger({ slots: [sampleSlot({ ruleNumber: 12 }), sampleSlot({ ruleNumber: 13 })] });
    const claimed = claim(
      ledger,
      create(sampleClaim(1_000, { ruleNumber: 11 })),
      remove(releasing),
      update(sampleSlot({ ruleNumber: 13, hits: 2 })),
    );
    expect(claimed.slots.map(({ ruleNumber, status, hits }) => [ruleNumber, status, hits])).toEqual([
      [11, 'claimed', 1],
      [12, 'releasing', 1],
      [13, 'active', 2],
    ]);
    expect(claimed.writes.buckets).toEqual([{ start: '2026-11-24T10:00:00.000Z', count: 2 }]);
  });

  it('counts nothing where only the ledger changes', () => {
    const ledger = sampleLedger({ slots: [sampleSlot()] });
    const claimed = claim(ledger, update(sampleSlot({ hits: 9 })), drop(sampleSlot()), note(sampleUnplaced()));
    expect(claimed.writes).toEqual(ledger.writes);
    expect(claimed.slots).toEqual([]);
  });

  it('drops a slot and claims its number again in one plan', () => {
    const ledger = sampleLedger({ slots: [sampleSlot()] });
    expect(
      claim(ledger, drop(sampleSlot()), create(sampleClaim(1_000, { cidr: '203.0.113.9/32' }))).slots,
    ).toMatchObject([{ ruleNumber: 10, cidr: '203.0.113.9/32' }]);
  });

  it('lists an address without room once, and no longer when it is placed', () => {
    const other = sampleUnplaced({ cidr: '198.51.100.8/32' });
    const listed = claim(
      sampleLedger(),
      note(sampleUnplaced()),
      note(other),
      note(sampleUnplaced({ reason: 'no-rule-number' })),
    );
    expect(listed.unplaced.map(({ cidr, reason }) => `${cidr} ${reason}`)).toEqual([
      '198.51.100.7/32 no-rule-number',
      '198.51.100.8/32 quota',
    ]);
    expect(claim(listed, create(sampleClaim(1_000))).unplaced).toEqual([other]);
    const { ports: _, ...allPorts } = sampleClaim(1_000, { protocol: '-1' });
    expect(claim(listed, create(allPorts)).unplaced).toEqual([other]);
  });

  it('forgets an address without room when a block would have ended', () => {
    const old = sampleUnplaced({ lastSeen: addTo(now, -hours(24)) });
    const young = sampleUnplaced({ cidr: '198.51.100.8/32', lastSeen: addTo(now, -hours(24) + 1) });
    expect(claim(sampleLedger({ unplaced: [old, young], unplacedOmitted: 5 }), update(sampleSlot())).unplaced).toEqual([
      young,
    ]);
  });

  it('lists 64 at most, the most severe and the latest first, and counts the others', () => {
    const many = Array.from({ length: 70 }, (_, n) =>
      note(sampleUnplaced({ cidr: host(n), severity: n % 3, lastSeen: addTo(now, -seconds(n)) })),
    );
    const { unplaced, unplacedOmitted } = claim(sampleLedger(), ...many);
    expect(unplaced).toHaveLength(64);
    expect(unplacedOmitted).toBe(6);
    expect(unplaced[0]).toMatchObject({ severity: 2, cidr: host(2) });
    expect(unplaced.at(-1)).toMatchObject({ severity: 0 });
    expect(unplaced.some(({ cidr }) => cidr === host(69))).toBe(false);
  });

  it('keeps what was said once, the latest about each matter, 16 at most', () => {
    const say = (about: string, at = addTo(now, 0)): EntryStep => ({
      ...base,
      id: `note/${about}`,
      action: 'note',
      notice: { about, at },
    });
    const said = claim(sampleLedger(), say('flood', addTo(now, -hours(1))), say('orphan/12'));
    expect(claim(said, say('flood')).notices).toEqual([
      { about: 'flood', at: now.toISOString() },
      { about: 'orphan/12', at: now.toISOString() },
    ]);
    const many = Array.from({ length: 40 }, (_, n) => say(`orphan/${n}`));
    expect(claim(said, ...many).notices).toHaveLength(16);
  });

  it('keeps a quarrel, and what it is about in few words', () => {
    const contest = { since: addTo(now, 0), until: addTo(now, hours(24)), because: 'b'.repeat(5_000) };
    const quarrel = claim(sampleLedger(), { ...base, id: 'contest', action: 'contest', contest });
    expect(quarrel.contested).toEqual({ ...contest, because: 'b'.repeat(200) });
    expect(claim(quarrel, update(sampleSlot())).contested).toEqual(quarrel.contested);
  });

  it('starts to count anew when nobody is without room', () => {
    const ledger = sampleLedger({ unplaced: [sampleUnplaced()], unplacedOmitted: 9 });
    expect(claim(ledger, create(sampleClaim(1_000))).unplacedOmitted).toBe(0);
  });

  it('keeps every address of a network ACL that a person unblocks as a whole, and each of them once', () => {
    const steps = Array.from({ length: 78 }, (_, n) => suppress(host(n)));
    const once = claim(sampleLedger(), ...steps);
    expect(once.suppressions).toHaveLength(78);
    const twice = claim(once, ...steps.slice(0, 30).map(() => suppress(host(0), { until: addTo(now, hours(48)) })));
    expect(twice.suppressions).toHaveLength(78);
    expect(twice.suppressions[0]).toMatchObject({ cidr: host(0), until: addTo(now, hours(48)) });
  });

  it('forgets suppressions that are over', () => {
    const over = claim(
      sampleLedger(),
      suppress('198.51.100.7/32', { until: addTo(now, -1) }),
      suppress('198.51.100.8/32', { until: addTo(now, 1) }),
    );
    expect(claim(over, update(sampleSlot())).suppressions.map(({ cidr }) => cidr)).toEqual(['198.51.100.8/32']);
  });

  it('stays readable whatever a person writes and however long he means', () => {
    const wordy = suppress('198.51.100.7/32', {
      reason: 'é'.repeat(200_000),
      requestedBy: '"'.repeat(200_000),
      until: addTo(now, 1e15),
    });
    const [kept] = claim(sampleLedger(), wordy).suppressions;
    expect(kept?.reason).toHaveLength(80);
    expect(kept?.requestedBy).toHaveLength(40);
    expect(kept?.until).toBe('9999-12-31T23:59:59.999Z');
  });

  it('stays within 64 KB with every slot that two full quotas allow, and loses no slot and no suppression for it', () => {
    const lease = { owner: 'o'.repeat(36), until: addTo(now, 1) };
    const slots = Array.from({ length: 78 }, (_, n) =>
      sampleSlot({
        ruleNumber: 10 + n,
        cidr: n < 39 ? host(n) : `2001:db8:${(4096 + n).toString(16)}:ffff:ffff:ffff:ffff:ffff/128`,
        status: 'claimed',
        lease,
        findingType: 't'.repeat(100),
        findingIds: Array.from({ length: 5 }, (_, id) => `${id}`.repeat(48)),
        madeBy: { findingId: 'f'.repeat(48), lastSeen: addTo(now, 0) },
      }),
    );
    const unplaced = Array.from({ length: 64 }, (_, n) =>
      sampleUnplaced({ cidr: host(300 + n), findingId: 'f'.repeat(48) }),
    );
    const suppressions = Array.from({ length: 16 }, (_, n) => suppress(host(500 + n)));
    const claimed = claim(sampleLedger({ slots, unplaced }), ...suppressions);
    expect(Buffer.byteLength(JSON.stringify(claimed))).toBeLessThanOrEqual(maxLedgerBytes);
    expect(claimed.slots).toHaveLength(78);
    expect(claimed.suppressions).toHaveLength(16);
    expect(claimed.unplaced.length + claimed.unplacedOmitted).toBe(64);
  });
});

describe('settleLedger', () => {
  const settle = (ledger: Ledger, settlements: [number, Settlement][], owner = 'other') => {
    const settled = settleLedger(ledger, owner, new Map(settlements), now);
    expect(parseLedger(JSON.parse(JSON.stringify(settled)), ledgerKey(sampleLedgerId))).toEqual(settled);
    return settled;
  };
  const claimed = sampleClaim(1_000);
  const ledger = sampleLedger({ slots: [claimed, sampleClaim(1_000, { ruleNumber: 11 })] });

  it('G6: settles what EC2 has, forgets what it has not, and leaves what nobody knows', () => {
    const three = sampleLedger({ slots: [10, 11, 12, 13].map((ruleNumber) => sampleClaim(1_000, { ruleNumber })) });
    const settled = settle(three, [
      [10, { kind: 'active' }],
      [11, { kind: 'removed' }],
      [12, { kind: 'unknown' }],
    ]);
    expect(settled.slots.map(({ ruleNumber, status, lease }) => [ruleNumber, status, lease?.owner])).toEqual([
      [10, 'active', undefined],
      [12, 'claimed', 'other'],
      [13, 'claimed', 'other'],
    ]);
    expect(settled.slots[0]?.writtenAt).toBe(now.toISOString());
  });

  it.each<Settlement>([{ kind: 'active' }, { kind: 'removed' }, { kind: 'undone' }])(
    'G9: leaves a slot that another worker took over: %j',
    (settlement) => {
      expect(
        settle(
          ledger,
          [
            [10, settlement],
            [11, settlement],
          ],
          'somebody',
        ).slots,
      ).toEqual(ledger.slots);
    },
  );

  it('G8: a new block that did not take place is no known address', () => {
    expect(settle(sampleLedger({ slots: [claimed] }), [[10, { kind: 'undone' }]]).slots).toEqual([]);
  });

  it('G6: a release that did not take place leaves the slot in force', () => {
    const releasing = sampleClaim(1_000, { status: 'releasing' });
    const before = sampleSlot();
    expect(settle(sampleLedger({ slots: [releasing] }), [[10, { kind: 'undone', before }]]).slots).toEqual([before]);
  });

  it('a deny that could not be put back is as it was, so that a retry sees that it is gone', () => {
    const before = sampleSlot();
    expect(settle(ledger, [[10, { kind: 'undone', before }]]).slots[0]).toEqual(before);
  });

  it('lists what EC2 had no room for, once', () => {
    const unplaced = sampleUnplaced();
    const settled = settle(
      sampleLedger({ slots: [claimed], unplaced: [sampleUnplaced({ reason: 'no-rule-number' })] }),
      [[10, { kind: 'undone', unplaced }]],
    );
    expect(settled.slots).toEqual([]);
    expect(settled.unplaced).toEqual([unplaced]);
  });

  it('G2: counts a deny that EC2 made anew as a vanishing, once in 10 minutes', () => {
    const once = settle(ledger, [[10, { kind: 'active', vanished: true }]]);
    expect(once.vanishings).toEqual([{ cidr: claimed.cidr, at: now.toISOString() }]);
    expect(settle({ ...once, slots: ledger.slots }, [[10, { kind: 'active', vanished: true }]]).vanishings).toEqual(
      once.vanishings,
    );
    expect(settle(ledger, [[10, { kind: 'active' }]]).vanishings).toEqual([]);
  });

  it('G7: says nothing about a rule number that it does not hold', () => {
    expect(settle(ledger, [[99, { kind: 'active' }]]).slots).toEqual(ledger.slots);
  });
});

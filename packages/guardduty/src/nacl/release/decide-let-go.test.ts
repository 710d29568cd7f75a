import { addTo, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { ledgerKey, type Notice, type Slot } from '../ledger/ledger.ts';
import { sampleNow as now, sampleClaim, sampleLedger, sampleLedgerId, sampleSlot } from '../ledger/sample-ledger.ts';
import { letGoAlerts, noteLetGo } from './let-go.ts';
import type { UpkeepChange } from './upkeep-plan.ts';

const slot = sampleSlot();
const change = (result: UpkeepChange['result'], reason: string, changes: Partial<Slot> = {}): UpkeepChange => ({
  slot: { ...slot, ...changes },
  result,
  reason,
  because: 'b',
});
const noted = (changes: readonly UpkeepChange[], notices: readonly Notice[] = []) =>
  noteLetGo(changes, { notices }, now)?.notice.about;

it('whoever is let go of although his block is not over is noted, and nobody else', () => {
  expect(noted([change('foreign', 'foreign')])).toBe('let-go/198.51.100.7/32');
  expect(noted([change('give-up', 'contested')])).toBe('let-go/198.51.100.7/32');
  expect(noted([change('release', 'now-protected')])).toBe('let-go/198.51.100.7/32');
  expect(noted([change('release', 'longest-block', { expiresAt: now.toISOString() })])).toBe('let-go/198.51.100.7/32');
  expect(noteLetGo([change('foreign', 'foreign')], { notices: [] }, now)).toEqual({
    id: 'note/let-go',
    action: 'note',
    reason: 'let-go',
    because: expect.any(String),
    precondition: null,
    notice: { about: 'let-go/198.51.100.7/32', at: now.toISOString() },
  });
  const over = { expiresAt: now.toISOString() };
  const quiet = [change('release', 'expired', over), change('foreign', 'foreign', over), change('refused', 'paused')];
  expect(noted([...quiet, change('settle', 'settled'), change('kept', 'in-progress')])).toBeUndefined();
});

it('those of a moment ago stay noted, each once and whole', () => {
  const earlier = (ago: number) => [{ about: 'let-go/203.0.113.9/32,198.51.100.7/32', at: addTo(now, -ago) }];
  const gone = [change('foreign', 'foreign'), change('foreign', 'foreign')];
  expect(noted(gone, earlier(minutes(4) - 1))).toBe('let-go/198.51.100.7/32,203.0.113.9/32');
  expect(noted(gone, earlier(minutes(4)))).toBe('let-go/198.51.100.7/32');
  const many = Array.from({ length: 80 }, (_, n) => change('foreign', 'foreign', { cidr: `198.51.100.${n}/32` }));
  const about = noted(many) ?? '';
  expect(about.length).toBeLessThanOrEqual(640);
  expect(about.length).toBeGreaterThan(550);
  expect(about).toMatch(/^let-go\/(198\.51\.100\.\d+\/32,)+198\.51\.100\.\d+\/32$/);
});

it('is said again within four minutes, but not of who is denied again', () => {
  const told = (ago: number, slots: readonly Slot[] = []) =>
    letGoAlerts(sampleLedger({ slots, notices: [{ about: 'let-go/198.51.100.7/32', at: addTo(now, -ago) }] }), now);
  expect(told(minutes(4) - 1)).toMatchObject([
    { reason: 'let-go', subject: ledgerKey(sampleLedgerId), because: expect.stringContaining('198.51.100.7/32') },
  ]);
  expect(told(minutes(4))).toEqual([]);
  expect(told(0, [slot])).toEqual([]);
  expect(told(0, [sampleClaim(1_000)])).toHaveLength(1);
  expect(told(0, [sampleSlot({ cidr: '203.0.113.9/32' })])).toHaveLength(1);
  expect(letGoAlerts(sampleLedger(), now)).toEqual([]);
});

import { expect, it } from 'vitest';
import { sampleNow as now, sampleClaim, sampleLease, sampleSlot, sampleUnplaced } from '../ledger/sample-ledger.ts';
import { isNewDeny, writesEc2 } from './entry-plan.ts';
import { create, createStep, insteadOf, placedBy, replace, replaceStep } from './placed.ts';

const at = { denyId: 'd1', match: { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } } } as const;
const replaced = {
  cidr: '198.51.100.8/32',
  protocol: '6',
  findingType: 'Recon:EC2/PortProbeUnprotectedPort',
  firstBlockedAt: now.toISOString(),
  expiresAt: now.toISOString(),
} as const;
const claimed = sampleClaim(0, { lease: sampleLease });
const swapped = { ...claimed, replaced };

it('a create relies on its rule number and on the lease, and says where it comes from', () => {
  for (const origin of ['new', 'retake', 'restore'] as const)
    expect(createStep(claimed, origin)).toMatchObject({
      id: 'create-entry/10',
      reason: origin,
      origin,
      precondition: { ruleNumber: 10, leaseUntil: sampleLease.until },
    });
  expect(createStep(sampleSlot(), 'new').precondition).toEqual({ ruleNumber: 10, leaseUntil: null });
});

it('a replace relies on who is to give way as well, and says why he does', () => {
  const swap = replaceStep(swapped, 'swap', sampleUnplaced());
  expect(swap).toMatchObject({
    id: 'replace-entry/10',
    reason: 'outranks',
    because: 'There is no room, and 198.51.100.8/32 ranks lower than it.',
    precondition: { ruleNumber: 10, cidr: '198.51.100.8/32', leaseUntil: sampleLease.until },
    evicted: sampleUnplaced(),
  });
  const retake = replaceStep(swapped, 'retake');
  expect(retake).toMatchObject({ reason: 'retake', origin: 'retake' });
  expect(retake.because).toMatch(/did not finish.* in place of 198\.51\.100\.8\/32/);
  expect(retake).not.toHaveProperty('evicted');
  expect(replaceStep(sampleSlot(), 'swap').precondition).toEqual({ ruleNumber: 10, cidr: null, leaseUntil: null });
});

it('names who gave way, where somebody did', () => {
  expect(insteadOf({ replaced })).toContain('198.51.100.8/32');
  expect(insteadOf({})).toBe('');
});

it('what is about to be written is news and names whom it evicts; what holds longer is neither', () => {
  const evicted = { cidr: '198.51.100.8/32', protocol: '6' };
  expect(placedBy(at, replaceStep(swapped, 'swap'), 'create', false).placement).toMatchObject({ evicted, news: true });
  const settled = { ...swapped, status: 'active' } as const;
  expect(placedBy(at, replaceStep(settled, 'swap'), 'create').placement).not.toHaveProperty('evicted');
  const longer = placedBy(at, replaceStep(swapped, 'swap'), 'extend', false).placement;
  expect(longer).not.toHaveProperty('evicted');
  expect(longer.news).toBe(false);
  expect(placedBy(at, createStep(claimed, 'new'), 'extend').placement.news).toBe(true);
});

it('says when it was written, in the slot and in the step alike', () => {
  for (const { step, slot } of [create(at, claimed, 'new', now), replace(at, swapped, 'swap', now)]) {
    expect(slot).toMatchObject({ writtenAt: now.toISOString() });
    expect(step).toMatchObject({ slot });
  }
});

it('tells a new deny from one that is put back or finished for a dead worker', () => {
  expect(isNewDeny(createStep(claimed, 'new'))).toBe(true);
  expect(isNewDeny(replaceStep(swapped, 'swap'))).toBe(true);
  expect(isNewDeny(createStep(claimed, 'restore'))).toBe(false);
  expect(isNewDeny(createStep(claimed, 'retake'))).toBe(false);
  expect(isNewDeny(replaceStep(swapped, 'retake'))).toBe(false);
  expect(writesEc2(replaceStep(swapped, 'retake'))).toBe(true);
});

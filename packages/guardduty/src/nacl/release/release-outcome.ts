import type { StepOutcome } from '@remedykit/core';
import type { LedgerId } from '../ledger/ledger.ts';
import type { ReleaseOutcome } from '../outcome.ts';
import type { UpkeepChange } from './upkeep-plan.ts';

/** What became of one slot, for people and programs. Pure. */
export const releaseOutcome = (
  id: LedgerId,
  { slot, result, reason, because, stepId }: UpkeepChange,
  byStep: ReadonlyMap<string, StepOutcome>,
  preview: boolean,
): ReleaseOutcome => {
  const { cidr, protocol, ports, ruleNumber, expiresAt } = slot;
  const entry = {
    networkAclId: id.networkAclId,
    ruleNumber,
    egress: id.direction === 'egress',
    cidr,
    protocol,
    ...(ports ? { ports } : {}),
    expiresAt,
  };
  const subject = { entry, target: { accountId: id.accountId, region: id.region }, announce: true };
  const step = stepId === undefined ? undefined : byStep.get(stepId);
  if (result === 'refused') return { ...subject, outcome: 'refused', reason, because };
  if (result === 'kept') return { ...subject, outcome: 'failed', reason, because };
  if (preview) return { ...subject, outcome: 'planned', reason, because };
  if (step === undefined || step.status === 'failed') {
    return { ...subject, outcome: 'failed', reason: step?.reason ?? reason, because: step?.because ?? because };
  }
  if (step.reason === 'foreign') return { ...subject, outcome: 'foreign', reason: 'foreign', because: step.because };
  // EC2 had it all along: an answer that came late, not news.
  if (result === 'restore' && step.status === 'already-applied') {
    return { ...subject, outcome: 'repaired', reason: step.reason, because: step.because, announce: false };
  }
  const outcome = (
    {
      release: 'released',
      gone: 'released',
      settle: 'settled',
      retake: 'retaken',
      restore: 'repaired',
      'give-up': 'given-up',
      adopt: 'adopted',
      foreign: 'foreign',
    } as const
  )[result];
  return { ...subject, outcome, reason, because };
};

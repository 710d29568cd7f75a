import { pausedFor, type Reason, resolveMode, type StepOutcome, summarizeError } from '@remedykit/core';
import type { OverflowBlocker, OverflowProblem, OverflowSweep } from '../../overflow/overflow-blocker.ts';
import type { OverflowSwept, Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import type { Tended } from './walk-ledgers.ts';

interface Swept extends Pick<Tended, 'alerts' | 'steps'> {
  readonly swept: readonly OverflowSwept[];
}

/**
 * Has each overflow blocker end what is over, under the same mode and pauses as network ACLs. What one could not end is
 * alerted, and failed so that a retry may mend it; it costs no other anything.
 */
export const sweepOverflow = async (run: Run): Promise<Swept> => {
  const swept: OverflowSwept[] = [];
  for (const blocker of run.settings.overflow) {
    if (blocker.sweep !== undefined) swept.push({ by: blocker.name, ...(await sweepOne(run, blocker)) });
  }
  const problems = swept.flatMap(({ by, failed }) => failed.map((one) => ({ ...one, by })));
  const alerts = problems.flatMap(({ subject, reason, because, heldBack }) =>
    heldBack ? [] : [{ subject, reason, because }],
  );
  const ends = swept.flatMap(({ by, ended }) => ended.map((one) => ({ ...one, by })));
  const steps = [
    ...ends.map(({ by, subject, threat, expiresAt }): StepOutcome => {
      const because = `"${by}" denied ${threat.cidr} until ${expiresAt}, and does no more.`;
      const stepId = `sweep/${by}/${subject}/${threat.egress ? 'egress' : 'ingress'}/${threat.cidr}`;
      return { stepId, action: 'sweep', status: 'applied', reason: 'expired', because, retryable: false };
    }),
    ...problems.map(({ by, subject, reason, because, retryable, heldBack }): StepOutcome => {
      const status = heldBack ? 'skipped' : 'failed';
      return { stepId: `sweep/${by}/${subject}`, action: 'sweep', status, reason, because, retryable };
    }),
  ];
  return { swept, alerts, steps };
};

const sweepOne = async (run: Run, blocker: OverflowBlocker): Promise<OverflowSweep> => {
  const { settings, now, remainingTimeMs } = run;
  if (remainingTimeMs() < settings.requestTimeoutMs) {
    return problemOf(blocker, { reason: 'out-of-time', because: 'Too little time was left to end what is over.' });
  }
  try {
    const answer = await blocker.sweep?.({ now: now(), remainingTimeMs, heldBack: (target) => heldBack(run, target) });
    if (Array.isArray(answer?.ended) && Array.isArray(answer.failed)) return answer;
    return problemOf(blocker, { reason: 'overflow-failed', because: 'It did not say what it ended and what not.' });
  } catch (error) {
    return problemOf(blocker, { reason: 'overflow-failed', because: summarizeError(error).message });
  }
};

const problemOf = ({ name }: OverflowBlocker, { reason, because }: Reason): OverflowSweep => {
  const problem: OverflowProblem = { subject: name, reason, because: `"${name}": ${because}`, retryable: true };
  return { ended: [], failed: [problem] };
};

const heldBack = async ({ settings, now }: Run, target: Target): Promise<Reason | undefined> => {
  const mode = await resolveMode(settings.mode, { accountId: target.accountId, region: target.region });
  if (mode === 'dry-run') return { reason: 'dry-run', because: 'Dry-run; would end what is over.' };
  return pausedFor(await settings.control.read(target.accountId), 'release', now());
};

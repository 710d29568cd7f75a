import type { Plan, Reason, RefusedStep, Step } from '@remedykit/core';
import type { GuardFacts } from '../nacl/entries/entry-plan.ts';
import type { BlockerPolicy } from '../nacl/policy.ts';
import type { OverflowRequest } from './overflow-blocker.ts';

/** One deny without a place. */
export interface Wanted {
  readonly request: OverflowRequest;
  /** Name of the first overflow blocker that covers it; absent: nobody does. */
  readonly coveredBy?: string;
  /** It could not say whether it does. */
  readonly problem?: string;
  readonly guard: GuardFacts;
  /** False: GuardDuty and the live interfaces have not been asked. */
  readonly confirmed: boolean;
}

/** What `nacl/overflow` decides on. */
export interface OverflowFacts {
  readonly wanted: readonly Wanted[];
}

/** Asks an overflow blocker for one deny. */
export interface OverflowStep extends Step {
  readonly action: 'overflow';
  readonly by: string;
  readonly request: OverflowRequest;
  /** True in dry-run: nobody is asked. */
  readonly preview: boolean;
}

/** The plan of `nacl/overflow`. */
export interface OverflowPlan extends Plan<OverflowStep> {
  /** By place in the facts: the step that serves it, or why there is none. */
  readonly handed: readonly (Reason & { readonly stepId?: string; readonly retryable?: true })[];
}

/**
 * Decides which overflow blocker is asked for what. Pure. The same deny wanted by several findings is asked for once, until
 * the latest end. A pause of new denies holds here as well.
 */
export const decideOverflow = ({ wanted }: OverflowFacts, _policy: BlockerPolicy, now: Date): OverflowPlan => {
  const steps = new Map<string, OverflowStep>();
  const refused = new Map<string, RefusedStep<OverflowStep>>();
  const handed = wanted.map((one): OverflowPlan['handed'][number] => {
    const { request, coveredBy, problem, guard, confirmed } = one;
    const why = { reason: request.reason, because: request.because };
    if (coveredBy === undefined || Date.parse(request.expiresAt) <= now.getTime()) return why;
    if (!confirmed) {
      const because = 'The ledger changed while it was being read; the event has to be looked at again.';
      return { reason: 'ledger-changed', because, retryable: true };
    }
    if (problem !== undefined) {
      const because = `Whether the overflow blocker "${coveredBy}" covers it could not be found out: ${problem}`;
      return { reason: 'overflow-failed', because, retryable: true };
    }
    const step = overflowStep(request, coveredBy, guard.mode === 'dry-run');
    const paused = guard.allWritesPaused ?? guard.newDeniesPaused;
    if (paused) {
      refused.set(step.id, { step, refused: paused });
      return { reason: paused.reason, because: paused.because };
    }
    const earlier = steps.get(step.id);
    if (earlier === undefined || earlier.request.expiresAt < request.expiresAt) steps.set(step.id, step);
    return { ...why, stepId: step.id };
  });
  // What one finding may not ask for and another may is asked for.
  for (const id of steps.keys()) refused.delete(id);
  return { steps: [...steps.values()], refused: [...refused.values()], handed };
};

const overflowStep = (request: OverflowRequest, by: string, preview: boolean): OverflowStep => ({
  id: `overflow/${request.id}${preview ? '/dry-run' : ''}`,
  action: 'overflow',
  reason: 'overflow',
  because: `${request.because} "${by}" covers it and is asked to deny it until ${request.expiresAt}.`,
  precondition: { expiresAt: request.expiresAt },
  by,
  request,
  preview,
});

import { type Plan, type Reason, type RefusedStep, type Step, toInstant } from '@remedykit/core';
import type { GuardFacts } from '../nacl/entries/entry-plan.ts';
import type { BlockerPolicy } from '../nacl/policy.ts';
import type { Held } from './held.ts';
import type { OverflowRequest } from './overflow-blocker.ts';

/** One deny without a place. */
export interface Wanted {
  readonly request: OverflowRequest;
  /** Name of the first overflow blocker that covers it; absent: nobody does. */
  readonly coveredBy?: string;
  /** It could not say whether it does, or it could not be found out since when it denies it. */
  readonly problem?: string;
  /** Who is asked next. */
  readonly then?: readonly string[];
  /** One behind all of these could not say whether it covers it. */
  readonly unsure?: { readonly by: string; readonly problem: string };
  /** Since when it is handed over; absent: it is not. */
  readonly held?: Held;
  /** The event that wants it. */
  readonly event?: string;
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
  readonly then: readonly string[];
  readonly unsure?: { readonly by: string; readonly problem: string };
  readonly request: OverflowRequest;
  /** True in dry-run: nobody is asked. */
  readonly preview: boolean;
  /** What is known of it once it is denied. */
  readonly held: Held;
}

/** The plan of `nacl/overflow`. */
export interface OverflowPlan extends Plan<OverflowStep> {
  /** By place in the facts: the step that serves it, or why there is none. */
  readonly handed: readonly (Reason & {
    readonly stepId?: string;
    readonly retryable?: true;
    /** It is denied and may not be denied for longer; `news`: people are told, for review. */
    readonly atItsLongest?: { readonly until: string; readonly news: boolean };
  })[];
}

/**
 * Decides which overflow blocker is asked for what. Pure. The same deny wanted by several findings is asked for once, until
 * the latest end, but never beyond `maxBlockFor` after it was first handed over. A pause of new denies holds here as well.
 */
export const decideOverflow = ({ wanted }: OverflowFacts, policy: BlockerPolicy, now: Date): OverflowPlan => {
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
    const held = one.held && Date.parse(one.held.until) > now.getTime() ? one.held : undefined;
    const since = held?.since ?? now.toISOString();
    const latest = Date.parse(since) + policy.maxBlockFor;
    if (held && Date.parse(request.expiresAt) > latest && Date.parse(held.until) >= latest) {
      const news = held.reviewBy === undefined || held.reviewBy === one.event;
      return { ...longest(held.until, coveredBy), atItsLongest: { until: held.until, news } };
    }
    const expiresAt = toInstant(new Date(Math.min(Date.parse(request.expiresAt), latest)));
    const until = held && held.until > expiresAt ? held.until : expiresAt;
    const step = overflowStep({ ...request, expiresAt }, { ...one, coveredBy }, { since, until });
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

const longest = (until: string, by: string): Reason => ({
  reason: 'longest-block',
  because: `"${by}" was asked to deny it until ${until}, as long after it was first handed over as a block may last at most, and its source was seen again. Whether that is an attacker for good is for a person to say.`,
});

const overflowStep = (
  request: OverflowRequest,
  { coveredBy: by, then = [], unsure, guard }: Wanted & { readonly coveredBy: string },
  held: Held,
): OverflowStep => {
  const preview = guard.mode === 'dry-run';
  return {
    id: `overflow/${request.id}${preview ? '/dry-run' : ''}`,
    action: 'overflow',
    reason: 'overflow',
    because: `${request.because} "${by}" covers it and is asked to deny it until ${request.expiresAt}.`,
    precondition: { expiresAt: request.expiresAt },
    by,
    then,
    ...(unsure ? { unsure } : {}),
    request,
    preview,
    held,
  };
};

import type { ActionStep, ActionTarget, StateBefore } from '../model/action.ts';
import type { ActionReason } from './action-reasons.ts';
import type { TargetState } from './target-state.ts';

/** What a look right before the write says of it. */
export type Verdict =
  /** As it must be. */
  | { readonly kind: 'go'; readonly before: StateBefore }
  /** It is as the step would make it. */
  | { readonly kind: 'already'; readonly reason: ActionReason }
  | { readonly kind: 'leave'; readonly reason: ActionReason };

const leave = (reason: ActionReason): Verdict => ({ kind: 'leave', reason });
const already = (reason: ActionReason): Verdict => ({ kind: 'already', reason });

/** Whether a policy is among those attached. Pure. */
export const isAttached = (state: Extract<TargetState, { kind: 'attachment' }>, arn: string): boolean =>
  state.attached.some((policy) => policy.arn === arn);

const verifyAttachment = (
  { action, target, precondition }: ActionStep,
  state: Extract<TargetState, { kind: 'attachment' }>,
): Verdict => {
  if (precondition.kind !== 'attachment' || target.kind !== 'managed-policy') return leave('changed');
  const attached = isAttached(state, target.policyArn);
  if (attached === (action === 'attach-policy')) return already('already-so');
  const { replacedBy } = precondition;
  // What takes its place must be there, else a detachment would leave the user with neither.
  if (replacedBy !== undefined && !isAttached(state, replacedBy)) return leave('replacement-unseen');
  return { kind: 'go', before: precondition };
};

/** Whether a step may be carried out on what is there now. Pure. */
export const verifyTarget = (step: ActionStep, state: TargetState): Verdict => {
  const { action, precondition } = step;
  switch (state.kind) {
    case 'user-gone':
      return leave('user-gone');
    case 'attachment':
      return verifyAttachment(step, state);
    case 'credential': {
      if (precondition.kind !== 'credential' || action !== 'deactivate') return leave('changed');
      if (state.credential === null) return leave('credential-gone');
      if (state.credential.createdAt !== precondition.createdAt) return leave('changed');
      return state.credential.active ? { kind: 'go', before: precondition } : already('already-so');
    }
    case 'login-profile': {
      if (precondition.kind !== 'login-profile' || action !== 'delete-login-profile') return leave('changed');
      if (state.createdAt === null) return already('already-so');
      if (state.createdAt !== precondition.createdAt) return leave('changed');
      return state.mfaDevices.length > 0 ? leave('no-longer-due') : { kind: 'go', before: precondition };
    }
  }
};

/** What a look says of a change that was intended: took effect, did not (so far), or there is nothing left to see it on. */
export type EffectVerdict = 'effect' | 'no-effect' | 'user-gone' | 'credential-gone';

/** Whether a change that was intended has taken effect, by what is there now. Pure. */
export const effectOf = (
  { action, target, before }: { action: ActionStep['action']; target: ActionTarget; before: StateBefore },
  state: TargetState,
): EffectVerdict => {
  switch (state.kind) {
    case 'user-gone':
      return 'user-gone';
    case 'credential':
      if (state.credential === null) return 'credential-gone';
      return state.credential.active ? 'no-effect' : 'effect';
    case 'attachment':
      return target.kind === 'managed-policy' && isAttached(state, target.policyArn) === (action === 'attach-policy')
        ? 'effect'
        : 'no-effect';
    case 'login-profile':
      return before.kind === 'login-profile' && state.createdAt === before.createdAt ? 'no-effect' : 'effect';
  }
};

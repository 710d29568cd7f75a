import type { ActionStep, StateBefore } from '../model/action.ts';
import type { ConsoleFacts, ConsolePolicy } from './console-facts.ts';
import { type ConsoleReason, consoleReasons } from './console-reasons.ts';

/** Which of the two policies shall be attached. */
export type PolicyChoice = 'enrolment' | 'hold' | 'none';

/** Which of them is. */
export interface Attached {
  readonly enrolment: boolean;
  readonly hold: boolean;
}

/**
 * The steps from what is attached to what shall be; `undefined` where the quota leaves no room. Pure. Of a swap the new
 * policy is attached first, and the old one goes only while the new one is there: a run that dies between the two leaves
 * the user denied, never free.
 */
export const policySteps = (
  { subject, caseId, password, attachedPolicies, policiesPerUser }: ConsoleFacts,
  { enrolmentArn, holdArn }: ConsolePolicy,
  attached: Attached,
  choice: PolicyChoice,
  reason: ConsoleReason,
): readonly ActionStep[] | undefined => {
  const arns = { enrolment: enrolmentArn, hold: holdArn };
  const step = (
    action: 'attach-policy' | 'detach-policy',
    which: keyof typeof arns,
    effect: ActionStep['effect'],
    precondition: StateBefore,
  ): ActionStep => ({
    id: `${subject.userName}/${caseId}/${action}/${which}`,
    ...{ action, effect, reason, because: consoleReasons[reason], subject, caseId },
    target: { kind: 'managed-policy', policyArn: arns[which] },
    precondition,
  });
  const steps: ActionStep[] = [];
  if (choice !== 'none' && !attached[choice]) {
    if (attachedPolicies.length >= policiesPerUser) return undefined;
    // Beside a hold only enrolment can be missing, and in its place it gives back more than it takes.
    const effect = attached.hold ? 'release' : 'new-deny';
    steps.push(
      step('attach-policy', choice, effect, {
        kind: 'attachment',
        attached: false,
        ...(password === null ? {} : { passwordCreatedAt: password.createdAt }),
      }),
    );
  }
  for (const which of ['enrolment', 'hold'] as const)
    if (attached[which] && which !== choice)
      steps.push(
        step('detach-policy', which, 'release', {
          kind: 'attachment',
          attached: true,
          ...(choice === 'none' ? {} : { replacedBy: arns[choice] }),
        }),
      );
  return steps;
};

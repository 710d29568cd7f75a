import type { Decider, Reason } from '@remedykit/core';
import { confirmedFor } from '../answers/confirmed-for.ts';
import { ageInDays, latestInstant } from '../days.ts';
import type { ActionStep } from '../model/action.ts';
import type { AttachedPolicy } from '../model/user.ts';
import type { ConsoleFacts, ConsolePolicy } from './console-facts.ts';
import { type ConsoleReason, consoleReasons } from './console-reasons.ts';
import { type Attached, type PolicyChoice, policySteps } from './console-steps.ts';

/** What is done about one user's console access, and why. */
export interface ConsoleDecision extends Reason {
  readonly reason: ConsoleReason;
  /**
   * - `nothing`: there is nothing to do
   * - `act`: the steps
   * - `cannot-self-heal`: a deny would lock the user out for good; security decides
   * - `left`: the policy leaves the user to security
   */
  readonly kind: 'nothing' | 'act' | 'cannot-self-heal' | 'left';
  readonly steps: readonly ActionStep[];
  /** People must be told, beside what is told of every case. */
  readonly alert: boolean;
}

/** A password that nobody used for so many days may be used by a thief first. */
const unusedDays = 45;

const privilegedPolicies = new Set(['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess']);
const isAdministrative = ({ arn }: AttachedPolicy): boolean => {
  const [, name = ''] = /:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return privilegedPolicies.has(name);
};

/** Whether a user is taken for privileged: by the answer of the option, else by AWS's administrative policies. Pure. */
export const isPrivilegedUser = ({
  privileged,
  attachedPolicies,
  groupPolicies,
}: Pick<ConsoleFacts, 'privileged' | 'attachedPolicies' | 'groupPolicies'>): boolean =>
  privileged ?? [...attachedPolicies, ...groupPolicies].some(isAdministrative);

/** Whether the password was not used for long, or is not known to have been. A use of an earlier password is none. */
const isUnused = ({ createdAt, lastUse }: NonNullable<ConsoleFacts['password']>, now: Date): boolean =>
  lastUse.kind === 'unknown' ||
  ageInDays(lastUse.kind === 'used' ? latestInstant(createdAt, lastUse.at) : createdAt, now) >= unusedDays;

const isExpired = ({ password, passwordPolicy }: ConsoleFacts, now: Date): boolean => {
  if (!passwordPolicy.hardExpiry || passwordPolicy.maxAgeDays === undefined || password === null) return false;
  // Not known is not unexpired: nobody is locked out on a guess.
  return password.expiresAt === undefined || Date.parse(password.expiresAt) <= now.getTime();
};

/** Why a deny would lock the user out, if it would. */
const cannotSelfHeal = (facts: ConsoleFacts, policy: ConsolePolicy, now: Date): ConsoleReason | undefined => {
  const { permissionsBoundaryArn: boundary } = facts;
  if (boundary !== undefined && !policy.boundariesThatAllowEnrolment.includes(boundary)) return 'boundary';
  return isExpired(facts, now) ? 'password-expired' : undefined;
};

const decided = (
  kind: ConsoleDecision['kind'],
  reason: ConsoleReason,
  { steps = [], alert = false }: { readonly steps?: readonly ActionStep[]; readonly alert?: boolean } = {},
): ConsoleDecision => ({ kind, reason, because: consoleReasons[reason], steps, alert });

const attachedOf = ({ attachedPolicies }: ConsoleFacts, { enrolmentArn, holdArn }: ConsolePolicy): Attached => ({
  enrolment: attachedPolicies.some(({ arn }) => arn === enrolmentArn),
  hold: attachedPolicies.some(({ arn }) => arn === holdArn),
});

/** The answer that holds now, and the confirmation whose time has run out. */
const answerOf = ({ answer }: ConsoleFacts, now: Date): 'confirm' | 'act' | 'lapsed' | undefined => {
  if (answer === undefined) return undefined;
  const { decision, at, until } = answer;
  const end = decision === 'confirm' ? Math.min(Date.parse(until), Date.parse(at) + confirmedFor) : Date.parse(until);
  if (now.getTime() < end) return decision;
  return decision === 'confirm' ? 'lapsed' : undefined;
};

/** Which policy a user gets who has none of them, and why. */
const choose = (
  facts: ConsoleFacts,
  policy: ConsolePolicy,
  now: Date,
): { choice: PolicyChoice; reason: ConsoleReason } => {
  const isPrivileged = isPrivilegedUser(facts);
  const isDoubtful = isPrivileged || (facts.password !== null && isUnused(facts.password, now));
  const answer = answerOf(facts, now);
  if (answer === 'confirm') return { choice: 'enrolment', reason: 'confirmed' };
  if (!isDoubtful) return { choice: 'enrolment', reason: answer === 'act' ? 'acted' : 'mfa-missing' };
  if (policy.enrolAfterDeny === 'alert') return { choice: 'enrolment', reason: 'mfa-missing-alert' };
  return { choice: 'hold', reason: isPrivileged ? 'hold-privileged' : 'hold-unused' };
};

/** Of somebody to whom nothing is attached so far. */
const decideFirst = (facts: ConsoleFacts, policy: ConsolePolicy, now: Date): ConsoleDecision => {
  if (!facts.due) return decided('nothing', 'not-due');
  if (policy.action === 'report') return decided('left', 'report-only');
  if (policy.action === 'delete-login-profile') {
    const { subject, caseId, password } = facts;
    if (password === null) return decided('nothing', 'complies');
    const step: ActionStep = {
      id: `${subject.userName}/${caseId}/delete-login-profile`,
      action: 'delete-login-profile',
      effect: 'new-deny',
      reason: 'password-deleted',
      because: consoleReasons['password-deleted'],
      subject,
      caseId,
      target: { kind: 'login-profile' },
      precondition: { kind: 'login-profile', createdAt: password.createdAt },
    };
    return decided('act', 'password-deleted', { steps: [step], alert: true });
  }
  const { choice, reason } = choose(facts, policy, now);
  const steps = policySteps(facts, policy, attachedOf(facts, policy), choice, reason);
  // With the quota used up not even security's answer helps.
  if (steps === undefined) return decided('cannot-self-heal', 'no-attachment-left', { alert: true });
  const answer = answerOf(facts, now);
  // Who says that it is the user does not say that the user may be locked out: only the answer to act does.
  const lockout = answer === 'act' ? undefined : cannotSelfHeal(facts, policy, now);
  if (lockout !== undefined) return decided('cannot-self-heal', lockout, { alert: true });
  const isAnswered = answer === 'act' || answer === 'confirm';
  if (!isAnswered && facts.activeKeys.length > 0 && policy.activeKeyUsers === 'report')
    return decided('left', 'active-keys', { alert: true });
  return decided('act', reason, { steps, alert: choice === 'hold' || reason === 'mfa-missing-alert' });
};

/** Of somebody to whom one of the policies is attached, or both where a run died between the two. */
const decideAttached = (facts: ConsoleFacts, policy: ConsolePolicy, now: Date): ConsoleDecision => {
  const attached = attachedOf(facts, policy);
  const answer = answerOf(facts, now);
  const swap = (choice: PolicyChoice, reason: ConsoleReason, alert: boolean): ConsoleDecision => {
    const steps = policySteps(facts, policy, attached, choice, reason);
    if (steps === undefined) return decided('cannot-self-heal', 'no-attachment-left', { alert: true });
    if (steps.length > 0) return decided('act', reason, { steps, alert });
    return decided('nothing', choice === 'hold' ? 'on-hold' : 'already-denied', { alert: choice === 'hold' });
  };
  if (answer === 'confirm') return swap('enrolment', 'confirmed', false);
  if (answer === 'lapsed' && policy.enrolAfterDeny === 'hold' && attached.enrolment)
    return swap('hold', 'confirm-lapsed', true);
  if (attached.hold) return swap('hold', 'on-hold', true);
  // A boundary that came after the deny keeps the user from enrolling.
  const lockout = answer === 'act' ? undefined : cannotSelfHeal(facts, policy, now);
  return lockout === undefined
    ? decided('nothing', 'already-denied')
    : decided('cannot-self-heal', lockout, { alert: true });
};

/**
 * What to do about one user's console access: which of the two policies is attached, detached, or neither, and why. Pure.
 *
 * Who complies is free again, but that a hold ends with a person's answer alone: whoever holds a key of a privileged user
 * could enrol a device. A deny that stands is not taken back because the case is not due any more.
 */
export const decideConsoleAction: Decider<ConsoleFacts, ConsolePolicy, ConsoleDecision> = (facts, policy, now) => {
  const attached = attachedOf(facts, policy);
  const answer = answerOf(facts, now);
  const free = (reason: 'exempt' | 'complies'): ConsoleDecision => {
    const steps = policySteps(facts, policy, attached, 'none', reason) ?? [];
    return steps.length > 0 ? decided('act', reason, { steps }) : decided('nothing', reason);
  };
  if (facts.exempt !== undefined) return free('exempt');
  const complies = facts.password === null || facts.mfaDevices.length > 0;
  if (complies)
    return attached.hold && answer !== 'confirm' ? decided('nothing', 'on-hold', { alert: true }) : free('complies');
  return attached.enrolment || attached.hold ? decideAttached(facts, policy, now) : decideFirst(facts, policy, now);
};

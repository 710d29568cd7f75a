import { type Decider, type Duration, hours, type Instant, type Reason } from '@remedykit/core';
import { ageInDays, latestInstant } from '../days.ts';
import type { ActionStep, ActionSubject, ActionTarget, JournalEntry } from '../model/action.ts';
import type { CredentialCase, CredentialPolicy } from '../model/case.ts';
import { type CredentialReason, credentialReasons } from './credential-reasons.ts';
import { statusOf } from './journal.ts';

/** All that the decision about one credential needs. Plain JSON. The case exists, so the credential is active. */
export interface CredentialFacts {
  readonly subject: ActionSubject;
  readonly case: CredentialCase;
  /** When the credential was created: the days of a case may be counted from its last use. */
  readonly createdAt: Instant;
  /** Whether the decision about the case is to act. */
  readonly due: boolean;
  /** When the first warning that counts since `warningsCountFrom` was accepted, if one was. */
  readonly warnedAt?: Instant;
  /** Entries of the journal of this user and this credential, of all runs; others are left out by the decision. */
  readonly journal: readonly JournalEntry[];
}

/** What is done about one credential, and why. */
export interface CredentialDecision extends Reason {
  readonly reason: CredentialReason;
  readonly step?: ActionStep;
  /** People must be told, beside what is told of every case. */
  readonly alert: boolean;
}

/** IAM's copies lag by minutes: within this, active is no evidence that somebody made it so. */
const lagsFor: Duration = hours(1);

const targetOf = ({ rule, credentialId }: CredentialCase): ActionTarget | undefined => {
  switch (rule) {
    case 'key-age':
    case 'key-unused':
      return { kind: 'access-key', accessKeyId: credentialId };
    case 'service-specific-age':
      return { kind: 'service-specific', credentialId };
    case 'certificate-age':
      return { kind: 'signing-certificate', certificateId: credentialId };
    case 'ssh-key-age':
      return { kind: 'ssh-key', sshKeyId: credentialId };
    case 'mfa':
      return undefined;
  }
};

const isOf = (entry: JournalEntry, userId: string, target: ActionTarget): boolean =>
  entry.action === 'deactivate' &&
  entry.subject.userId === userId &&
  JSON.stringify(Object.entries(entry.target).sort()) === JSON.stringify(Object.entries(target).sort());

const deactivations = ({ subject, case: one, journal }: Pick<CredentialFacts, 'subject' | 'case' | 'journal'>) => {
  const target = targetOf(one);
  const own = target === undefined ? [] : journal.filter((entry) => isOf(entry, subject.userId, target));
  return {
    open: own.filter((entry) => statusOf(entry) === 'intended'),
    // What was put back by a restore is no relapse.
    done: own.flatMap((entry): Deactivation[] => {
      const { intendedAt, completedAt } = entry;
      return statusOf(entry) === 'completed' && completedAt !== undefined ? [{ intendedAt, completedAt }] : [];
    }),
  };
};

interface Deactivation {
  readonly intendedAt: Instant;
  readonly completedAt: Instant;
}

/**
 * Runs that fall together, and the cases of one credential, deactivate it at the same time: that is one deactivation. By when
 * it was intended, for one whose answer was lost is seen to be complete by a later run.
 */
const timesOf = (done: readonly Deactivation[]): number => {
  const ordered = done.map(({ intendedAt }) => intendedAt).sort();
  return ordered.filter((at, index) => index === 0 || Date.parse(at) - Date.parse(ordered[index - 1] ?? at) >= lagsFor)
    .length;
};

/**
 * From when a warning about a credential counts, if we deactivated it before: give it to the decision about the case as
 * `lastExemptAt` where that is earlier, so that a relapse is warned about afresh. Pure.
 */
export const warningsCountFrom = (
  facts: Pick<CredentialFacts, 'subject' | 'case' | 'journal'>,
): Instant | undefined => {
  const [first, ...others] = deactivations(facts).done.map(({ completedAt }) => completedAt);
  return first === undefined ? undefined : latestInstant(first, ...others);
};

const decided = (reason: CredentialReason, alert: boolean): CredentialDecision => ({
  reason,
  because: credentialReasons[reason],
  alert,
});

/**
 * What to do about one credential whose case is open: nothing, or to deactivate it. Pure. One that we deactivated and
 * somebody made active again is deactivated once more after a fresh warning and its notice; after that it is for people.
 */
export const decideCredentialAction: Decider<
  CredentialFacts,
  Pick<CredentialPolicy, 'minimumWarningDays'>,
  CredentialDecision
> = (facts, { minimumWarningDays }, now) => {
  const { subject, case: one, due, warnedAt } = facts;
  const target = targetOf(one);
  if (target === undefined) return decided('not-one', false);
  const { open, done } = deactivations(facts);
  if (open.length > 0) return decided('in-progress', false);
  const last = warningsCountFrom(facts);
  if (last !== undefined && now.getTime() - Date.parse(last) < lagsFor) return decided('just-deactivated', false);
  const times = timesOf(done);
  if (times >= 2) return decided('incident', true);
  const step = (reason: 'due' | 'relapse'): CredentialDecision => ({
    ...decided(reason, reason === 'relapse'),
    step: {
      id: `${subject.userName}/${one.id}/deactivate`,
      action: 'deactivate',
      effect: 'new-deny',
      reason,
      because: credentialReasons[reason],
      subject,
      target,
      caseId: one.id,
      precondition: { kind: 'credential', active: true, createdAt: facts.createdAt },
    },
  });
  if (last === undefined) return due ? step('due') : decided('not-due', false);
  const isFresh =
    warnedAt !== undefined && Date.parse(warnedAt) > Date.parse(last) && ageInDays(warnedAt, now) >= minimumWarningDays;
  return due && isFresh ? step('relapse') : decided('relapse-waits', true);
};

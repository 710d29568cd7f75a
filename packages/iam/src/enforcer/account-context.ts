import type { Instant, Reason, StepOutcome } from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import type { ListedExemption } from '../exemptions/exemption.ts';
import type { PasswordPolicy } from '../inventory/password-policy.ts';
import type { ConsolePolicy } from '../mfa/console-facts.ts';
import type { MfaPolicies } from '../mfa/mfa-policies.ts';
import type { JournalEntry } from '../model/action.ts';
import type { Answer, MailRecord, StoppedClock } from '../model/case.ts';
import type { OtherCredential } from '../model/user.ts';
import type { KnownUsers } from './documents.ts';
import type { FreshUsers } from './fresh-users.ts';
import type { Run } from './run.ts';

/** What the decision about console access goes by in one account; there is none without a rule about MFA. */
export interface ConsoleContext {
  readonly policy: ConsolePolicy;
  readonly policies: MfaPolicies;
  /** How many managed policies a user may have. */
  readonly policiesPerUser: number;
  /** Read when it is first needed, and once. */
  readonly passwordPolicy: () => Promise<PasswordPolicy>;
}

/** What all users of an account share in one run. */
export interface AccountContext {
  readonly run: Run;
  readonly accountId: string;
  /** False in a dry-run and in a forecast: nothing is mailed, changed or stored. */
  readonly acts: boolean;
  readonly calls: IamCalls;
  /** When AWS made the credential report. */
  readonly reportAt: Instant;
  readonly known: KnownUsers;
  /** By user id. */
  readonly mails: ReadonlyMap<string, readonly MailRecord[]>;
  readonly stopped: readonly StoppedClock[];
  readonly exemptions: readonly ListedExemption[];
  /** Documents about users that cannot be read, by user id: nothing is done about these users. */
  readonly broken: ReadonlyMap<string, unknown>;
  /** What people answered, by user id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** By user id. */
  readonly journal: ReadonlyMap<string, readonly JournalEntry[]>;
  /** Users and groups, at most 10 minutes old. */
  readonly users: FreshUsers;
  readonly console?: ConsoleContext;
  /** Names of users whose row in the report could not be read. */
  readonly unreadable: ReadonlySet<string>;
  /** By user name, where there is a rule about them. */
  readonly serviceSpecific: ReadonlyMap<string, readonly OtherCredential[]>;
  /** Why no mail may go out now, if so. */
  readonly paused?: Reason;
}

/** A failure as a step of an outcome, so that whoever retries knows. */
export const failedStep = (
  stepId: string,
  action: string,
  { reason, because }: Reason,
  retryable: boolean,
): StepOutcome => ({ stepId, action, status: 'failed', reason, because, retryable });

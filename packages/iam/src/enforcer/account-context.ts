import type { Reason, StepOutcome } from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import type { ListedExemption } from '../exemptions/exemption.ts';
import type { MailRecord, StoppedClock } from '../model/case.ts';
import type { OtherCredential } from '../model/user.ts';
import type { KnownUsers } from './documents.ts';
import type { Run } from './run.ts';

/** What all users of an account share in one run. */
export interface AccountContext {
  readonly run: Run;
  readonly accountId: string;
  /** False in a dry-run and in a forecast: nothing is mailed and nothing stored. */
  readonly acts: boolean;
  readonly calls: IamCalls;
  readonly known: KnownUsers;
  /** By user id. */
  readonly mails: ReadonlyMap<string, readonly MailRecord[]>;
  readonly stopped: readonly StoppedClock[];
  readonly exemptions: readonly ListedExemption[];
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

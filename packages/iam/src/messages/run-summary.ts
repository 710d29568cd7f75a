import type { Instant, Reason, StepOutcome } from '@remedykit/core';
import type { ActionName } from '../model/action.ts';
import type { CaseState, RuleName, Stage } from '../model/case.ts';

/** Something about a run that people may have to know: a code, and the sentence for them. */
export interface RunNotice extends Reason {
  /** What it is about, where it is not the account as a whole: a user's name. */
  readonly subject?: string;
  /** False when it was told before and nothing about it changed. */
  readonly announce: boolean;
}

/** How many cases of a rule are in a state. */
export interface CaseCount {
  readonly rule: RuleName;
  readonly state: CaseState;
  readonly count: number;
}

/** How many mails of a stage had which end. */
export interface MailCount {
  readonly stage: Stage;
  /** As `sendWarning` has them; `planned` in a dry-run. */
  readonly status:
    | 'sent'
    | 'already-sent'
    | 'in-progress'
    | 'deferred'
    | 'rejected'
    | 'no-longer-due'
    | 'out-of-time'
    | 'planned';
  readonly count: number;
}

/** A case whose deadline has passed, and of which nothing was done. */
export interface DueCase extends RunNotice {
  readonly subject: string;
  readonly rule: RuleName;
  readonly credentialId: string;
  readonly deadline: Instant;
}

/** Something that was done to a user, or was to be done. */
export interface RunAction extends Reason {
  readonly action: ActionName;
  /** The user's name. */
  readonly subject: string;
  readonly rule: RuleName;
  readonly credentialId: string;
  /** Of `attach-policy` and `detach-policy`. */
  readonly policy?: 'enrolment' | 'hold';
  /** As its step has it; `planned` in a dry-run. */
  readonly status: StepOutcome['status'] | 'planned';
  /** The reason code of the decision, where `reason` is what came of carrying it out: `relapse`, `confirmed`, … */
  readonly decided?: string;
  /** The run that did it, where that was not this one: it did not come to its end, and nobody was told. */
  readonly runId?: string;
  /** True for what people have not been told: a change, a failure, a refusal that is new. */
  readonly announce: boolean;
}

/** A user who is exempt, and until when. */
export interface ExemptUser {
  readonly userName: string;
  /** `path:/mainframe/`, `tag:…`. */
  readonly by: string;
  readonly reason: string;
  readonly expires: Instant;
  /** True when it is new, or ends soon. */
  readonly announce: boolean;
}

/** What a run found and did in one account. Plain JSON. */
export interface AccountRunSummary {
  readonly accountId: string;
  /** True where nothing was to be changed or mailed. */
  readonly preview: boolean;
  readonly users: number;
  /** When AWS made the credential report. */
  readonly reportGeneratedAt?: Instant;
  readonly cases: readonly CaseCount[];
  readonly mails: readonly MailCount[];
  /** What was done, in the order of the plan. A case of which something was done is not among `due`. */
  readonly actions: readonly RunAction[];
  /** Of each case whose time is up and of which nothing was done: why. Those that need an answer are told every run. */
  readonly due: readonly DueCase[];
  /** Users of whom every session is denied until a person answers with `resolve`. */
  readonly onHold: readonly RunNotice[];
  /** Users and links of recipient chains that were left out, and why. */
  readonly skipped: readonly RunNotice[];
  readonly exempt: readonly ExemptUser[];
  /** Whose exemption is over: they are judged as everybody. */
  readonly ended: readonly ExemptUser[];
  /** No mail can be trusted to arrive: no clock runs (`cannot-warn`). */
  readonly cannotWarn: readonly RunNotice[];
  /** Of the root user; reported, never acted on. */
  readonly root: readonly RunNotice[];
  /** What failed: a report that cannot be made, a user who cannot be read, a document that is set aside. */
  readonly faults: readonly RunNotice[];
  /** False when time ran out before everybody was looked at. */
  readonly done: boolean;
}

/** What a run found and did, as far as people are told of it. */
export interface RunSummary {
  readonly runId: string;
  /** When the run began. */
  readonly at: Instant;
  readonly accounts: readonly AccountRunSummary[];
}

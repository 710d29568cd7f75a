import type { GenerateCredentialReportCommandOutput, GetCredentialReportCommandOutput } from '@aws-sdk/client-iam';
import { type Duration, hours, seconds } from '@remedykit/core';
import { awsError } from '../aws-error.ts';
import { type Answer, dateOf } from './answers.ts';
import { reportText } from './report-text.ts';
import { secondNow, type World } from './state.ts';

/** How reports are made. */
export interface ReportOptions {
  /** How long the making takes by the clock, in milliseconds; 2 seconds by default, as 52 users took. */
  readonly takesMs?: Duration;
  /** Instead: how many later calls of GenerateCredentialReport or GetCredentialReport find it unfinished. */
  readonly takesPolls?: number;
  /** How long a report counts as fresh; 4 hours. A generation in that time makes nothing new. */
  readonly cachedForMs?: Duration;
  /** From which age on a report is refused as expired; 4 hours. */
  readonly expiresAfterMs?: Duration;
}

interface Finished {
  readonly generatedAt: number;
  readonly content: Uint8Array;
}

interface UnderWay extends Finished {
  readonly startedAt: number;
  /** Calls that found it unfinished. */
  polls: number;
}

/** The two operations of the report. */
export interface CredentialReport {
  generate(): Answer<GenerateCredentialReportCommandOutput>;
  get(): Answer<GetCredentialReportCommandOutput>;
}

const assertOptions = ({ takesMs, takesPolls }: ReportOptions): void => {
  if (takesMs !== undefined && takesPolls !== undefined) {
    throw new Error('report: give takesMs or takesPolls, not both.');
  }
  if (takesPolls !== undefined && !(Number.isInteger(takesPolls) && takesPolls >= 0)) {
    throw new Error(`report: takesPolls must be a whole number of 0 or more, not ${takesPolls}.`);
  }
};

/** One report per account. It shows the account as it was when its making began, and that is its GeneratedTime. */
export const createCredentialReport = (world: World, options: ReportOptions = {}): CredentialReport => {
  assertOptions(options);
  const { takesMs = seconds(2), takesPolls, cachedForMs = hours(4), expiresAfterMs = hours(4) } = options;
  let finished: Finished | undefined;
  let underWay: UnderWay | undefined;

  const now = (): number => world.now().getTime();
  const ageOf = ({ generatedAt }: Finished): Duration => now() - generatedAt;

  /** To be called once per request, before it looks. */
  const settle = (): void => {
    if (underWay === undefined) return;
    const isDone = takesPolls === undefined ? now() - underWay.startedAt >= takesMs : underWay.polls >= takesPolls;
    underWay.polls += 1;
    if (!isDone) return;
    finished = { generatedAt: underWay.generatedAt, content: underWay.content };
    underWay = undefined;
  };

  return {
    generate() {
      settle();
      if (underWay !== undefined) return { State: 'INPROGRESS' };
      if (finished !== undefined && ageOf(finished) < cachedForMs) return { State: 'COMPLETE' };
      const Description =
        finished === undefined
          ? 'No report exists. Starting a new report generation task'
          : 'The existing report is too old. Starting a new report generation task';
      const content = new TextEncoder().encode(reportText(world));
      underWay = { startedAt: now(), generatedAt: secondNow(world), content, polls: 0 };
      return { State: 'STARTED', Description };
    },
    get() {
      settle();
      // That is all AWS says with it.
      if (underWay !== undefined) throw awsError('ReportInProgress', 'Unknown');
      if (finished === undefined) throw awsError('ReportNotPresent', 'Credential report not present');
      if (ageOf(finished) >= expiresAfterMs) throw awsError('ReportExpired', 'Credential report expired');
      return {
        // A copy: what one reader does to it is not what the next one gets.
        Content: finished.content.slice(),
        ReportFormat: 'text/csv',
        GeneratedTime: dateOf(finished.generatedAt),
      };
    },
  };
};

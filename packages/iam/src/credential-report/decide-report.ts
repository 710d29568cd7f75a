import type { Duration } from '@remedykit/core';

/** Why IAM did not give what was asked for: its own code, and what that means for us. Plain JSON. */
export interface ReportRefusal {
  /** `LimitExceeded`, `Throttling`, `ReportInProgress`, … */
  readonly code: string;
  /**
   * - `capacity`: IAM has none left to start a generation
   * - `absent`: there is no report, or none young enough
   * - `busy`: a report is being made
   * - `transient`: throttling, a fault of the service, a broken connection
   * - `final`: waiting does not help
   */
  readonly kind: 'capacity' | 'absent' | 'busy' | 'transient' | 'final';
}

/** What IAM answered to the last call. */
export type ReportAnswer =
  | { readonly to: 'generate'; readonly state: 'STARTED' | 'INPROGRESS' | 'COMPLETE' }
  | { readonly to: 'get'; readonly ageMs: Duration }
  | { readonly to: 'generate' | 'get'; readonly refused: ReportRefusal };

/** What has happened so far. Plain JSON. */
export interface ReportProgress {
  /** Waits so far: each is twice as long as the one before. */
  readonly waits: number;
  /** Refusals to generate in a row. */
  readonly refusals: number;
  /** Why generation does not start, while that is so. */
  readonly notGenerated?: ReportRefusal;
}

/** What to do next. */
export type ReportMove =
  | { readonly do: 'generate' | 'get'; readonly wait: boolean }
  /** `kept`: it was made before, and no new one could be; `because` has IAM's code. */
  | { readonly do: 'use'; readonly freshness: 'generated' }
  | { readonly do: 'use'; readonly freshness: 'kept'; readonly because: string }
  | { readonly do: 'fail'; readonly refused: ReportRefusal };

/** The next state and the next move. */
export interface ReportDecision {
  readonly progress: ReportProgress;
  readonly move: ReportMove;
}

/** Before the first call, which is `generate`. */
export const reportStart: ReportProgress = { waits: 0, refusals: 0 };

// So often IAM may fail to start a generation before the report of an earlier one is asked for.
const patience = 3;

const waitFor = (progress: ReportProgress, next: 'generate' | 'get'): ReportDecision => ({
  progress: { ...progress, waits: progress.waits + 1 },
  move: { do: next, wait: true },
});

/**
 * The next move of generate → poll → get. Every wait precedes a call, so that no answer leads to a busy loop; generation is
 * polled by asking for it again, since `GetCredentialReport` may give an older report meanwhile. Where IAM has no capacity,
 * or goes on failing, the report of an earlier generation is asked for and used if it is young enough. Pure.
 *
 * Source: IAM API reference, `GenerateCredentialReport` and `GetCredentialReport`.
 */
export const decideReport = (
  progress: ReportProgress,
  answer: ReportAnswer,
  { maxAgeMs }: { readonly maxAgeMs: Duration },
): ReportDecision => {
  if ('ageMs' in answer) return decideGot(progress, answer.ageMs, maxAgeMs);
  if ('state' in answer) {
    const { waits } = progress;
    const generating: ReportProgress = { waits, refusals: 0 };
    return answer.state === 'COMPLETE'
      ? { progress: generating, move: { do: 'get', wait: false } }
      : waitFor(generating, 'generate');
  }
  const { to, refused } = answer;
  if (refused.kind === 'final') return { progress, move: { do: 'fail', refused } };
  return to === 'generate' ? decideNotGenerated(progress, refused) : decideNotGot(progress, refused);
};

const decideGot = (progress: ReportProgress, ageMs: Duration, maxAgeMs: Duration): ReportDecision => {
  // An old report may be all that there is until the next generation ends.
  if (!(ageMs <= maxAgeMs)) return waitFor(progress, 'generate');
  const { notGenerated } = progress;
  return {
    progress,
    move:
      notGenerated === undefined
        ? { do: 'use', freshness: 'generated' }
        : { do: 'use', freshness: 'kept', because: notGenerated.code },
  };
};

const decideNotGenerated = (progress: ReportProgress, refused: ReportRefusal): ReportDecision => {
  const next: ReportProgress = { ...progress, refusals: progress.refusals + 1, notGenerated: refused };
  const giveUp = refused.kind === 'capacity' || next.refusals % patience === 0;
  return giveUp ? { progress: next, move: { do: 'get', wait: false } } : waitFor(next, 'generate');
};

const decideNotGot = (progress: ReportProgress, refused: ReportRefusal): ReportDecision =>
  waitFor(progress, refused.kind === 'absent' ? 'generate' : 'get');

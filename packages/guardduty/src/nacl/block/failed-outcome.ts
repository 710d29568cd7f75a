import { type Reason, RemediationError, summarizeError, toInstant } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import { library } from '../../library.ts';
import { extractThreats } from '../../threats/extract.ts';
import type { BlockOutcome } from '../outcome.ts';
import { type Run, writeAudit } from '../run.ts';
import type { BlockItem } from './work.ts';

/** One finding that failed, and whether it would have been written. */
export interface FailedItem {
  readonly recordId?: string;
  readonly finding: Finding;
  readonly preview: boolean;
}

/** The outcome of a finding for which nothing could be decided. */
export const failedOutcome = (
  { recordId, finding, preview }: FailedItem,
  { reason, because, retryable }: Reason & { readonly retryable: boolean },
): BlockOutcome => ({
  kind: 'block',
  ...(recordId === undefined ? {} : { recordId }),
  preview,
  finding,
  escalate: true,
  threats: extractThreats(finding).map((threat) => ({
    threat,
    outcome: 'failed',
    reason,
    because,
    entries: [],
    missing: [],
    evicted: [],
    announce: true,
  })),
  steps: [{ stepId: 'finding', action: 'decide', status: 'failed', reason, because, retryable }],
  done: true,
});

/**
 * The outcome of a record that could not be parsed. It is kept whole in the audit trail and announced, and no retry is
 * asked for: it would fail again and hold up its message group.
 */
export const rejectRecord = async (run: Run, { recordId, error, body }: BlockItem): Promise<BlockOutcome> => {
  const problem =
    error ?? new RemediationError({ code: 'RECORD_EMPTY', message: 'The record has neither a finding nor an error.' });
  const summary = summarizeError(problem);
  const id = recordId === undefined ? {} : { recordId };
  if (!run.planOnly) {
    const rejected = { ...summary, input: body ?? '' };
    const at = toInstant(run.now());
    const correlation = { runId: run.id, ...id };
    const record = { schema: 1, id: run.settings.newId(), at, library, rejected, correlation } as const;
    await writeAudit(run, record, 'of a malformed record');
  }
  return {
    kind: 'block',
    ...id,
    preview: run.planOnly,
    error: summary,
    escalate: true,
    threats: [],
    steps: [
      {
        stepId: 'parse',
        action: 'parse',
        status: 'failed',
        reason: 'malformed',
        because: summary.message,
        retryable: false,
        error: summary,
      },
    ],
    done: true,
  };
};

import { mapConcurrent, type StepOutcome } from '@remedykit/core';
import { failureOf } from '../failure.ts';
import { ledgerKey } from '../ledger/ledger.ts';
import { type FoundLedger, ledgerPages } from '../ledger/ledgers.ts';
import type { ReleaseOutcome, UpkeepAlert } from '../outcome.ts';
import type { Run } from '../run.ts';

/** A page of ledgers begins only with this much time left, ms. */
const reserveMs = 15_000;

/** What upkeep of one ledger came to. */
export interface Tended {
  readonly releases: readonly ReleaseOutcome[];
  readonly alerts: readonly Omit<UpkeepAlert, 'announce'>[];
  readonly steps: readonly StepOutcome[];
}

/** What upkeep of all ledgers came to, or of those for which there was time. */
export interface Walked extends Tended {
  readonly ledgers: number;
  readonly done: boolean;
  /** Where to go on. */
  readonly cursor?: string;
}

/** Tends all ledgers, four at a time, page by page; one that fails costs no other anything. */
export const walkLedgers = async (
  run: Run,
  action: string,
  from: string | undefined,
  tend: (found: FoundLedger) => Promise<Tended>,
): Promise<Walked> => {
  const releases: ReleaseOutcome[] = [];
  const steps: StepOutcome[] = [];
  const alerts: Walked['alerts'][number][] = [];
  let ledgers = 0;
  let done = true;
  let cursor: string | undefined;
  for await (const page of ledgerPages(run, from)) {
    const tended = await mapConcurrent(page.ledgers, 4, async (found) =>
      // With less than one request's time no entry can be written any more.
      run.remainingTimeMs() < run.settings.requestTimeoutMs ? undefined : tend(found),
    );
    tended.forEach((result, at) => {
      const one = result.ok ? result.value : failedTending(action, page.ledgers[at], result.error);
      done &&= one !== undefined;
      if (one === undefined) return;
      ledgers += 1;
      releases.push(...one.releases);
      steps.push(...one.steps);
      for (const alert of one.alerts) {
        // What is wrong with an account is said by each of its ledgers.
        if (!alerts.some(({ subject, reason }) => subject === alert.subject && reason === alert.reason))
          alerts.push(alert);
      }
    });
    const { token, nextToken } = page;
    if (!done) cursor = token;
    else if (nextToken !== undefined && run.remainingTimeMs() < reserveMs) {
      cursor = nextToken;
      done = false;
    }
    if (!done) break;
  }
  return { releases, steps, alerts, ledgers, done, ...(cursor === undefined ? {} : { cursor }) };
};

const failedTending = (action: string, found: FoundLedger | undefined, error: unknown): Tended => {
  const { reason, because } = failureOf(error);
  const key = found === undefined ? '' : 'key' in found ? found.key : ledgerKey(found.id);
  return problem(action, key, reason, because);
};

/** Something that keeps a ledger from being tended: alerted, and failed so that a retry may mend it. */
export const problem = (action: string, subject: string, code: string, because: string): Tended => {
  const reason = code.toLowerCase().replaceAll('_', '-');
  return {
    releases: [],
    alerts: [{ reason, because, subject }],
    steps: [{ stepId: subject, action, status: 'failed', reason, because, retryable: true }],
  };
};

/** What is said about a network ACL that does not exist any more. */
export const aclGone = (networkAclId: string): Tended['alerts'][number] => ({
  reason: 'network-acl-gone',
  because: 'The network ACL does not exist any more.',
  subject: networkAclId,
});

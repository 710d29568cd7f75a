import { mapConcurrent, type StepOutcome } from '@remedykit/core';
import { failureOf } from '../failure.ts';
import { ledgerKey, ledgerPrefix } from '../ledger/ledger.ts';
import { type FoundLedger, type LedgerPage, ledgerPages } from '../ledger/ledgers.ts';
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
  const pages = ledgerPages(run, from);
  for (let listed: string | undefined; ; ) {
    const page = await nextPage(pages, listed !== undefined);
    if (page === undefined) break;
    if ('failure' in page) {
      // What was done before is told all the same.
      const failed = failedListing(action, page.failure);
      steps.push(...failed.steps);
      alerts.push(...failed.alerts);
      done = false;
      cursor = listed;
      break;
    }
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
    listed = nextToken;
  }
  return { releases, steps, alerts, ledgers, done, ...(cursor === undefined ? {} : { cursor }) };
};

/** The next page, or undefined behind the last; the first one throws, for nothing was done yet. */
const nextPage = async (
  pages: AsyncGenerator<LedgerPage>,
  isLater: boolean,
): Promise<LedgerPage | { readonly failure: unknown } | undefined> => {
  try {
    const { value, done } = await pages.next();
    return done === true ? undefined : value;
  } catch (failure) {
    if (!isLater) throw failure;
    return { failure };
  }
};

const failedListing = (action: string, error: unknown): Tended => {
  const { reason, because } = failureOf(error);
  return problem(action, ledgerPrefix, reason, because);
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

import { mapConcurrent, pausedFor, resolveMode, type StepOutcome, suppressionsAt } from '@remedykit/core';
import { failureOf } from '../failure.ts';
import { ledgerKey } from '../ledger/ledger.ts';
import { type FoundLedger, ledgerPages } from '../ledger/ledgers.ts';
import type { ReleaseOutcome, SweepOutcome } from '../outcome.ts';
import type { Run } from '../run.ts';
import { decideSweep, isDue } from './decide-release.ts';
import { type ReleasedLedger, releaseLedger } from './release-ledger.ts';

/** A page of ledgers begins only with this much time left, ms. */
const reserveMs = 15_000;

interface Swept {
  readonly released?: ReleasedLedger;
  readonly alerts: SweepOutcome['alerts'];
  readonly steps: readonly StepOutcome[];
}

/** Goes through all ledgers: releases what has expired, finishes what a dead writer left. */
export const sweepAll = async (run: Run, cursor?: string): Promise<SweepOutcome> => {
  const releases: ReleaseOutcome[] = [];
  const steps: StepOutcome[] = [];
  const alerts: SweepOutcome['alerts'][number][] = [];
  let ledgers = 0;
  let done = true;
  let left: string | undefined;
  for await (const page of ledgerPages(run, cursor)) {
    const swept = await mapConcurrent(page.ledgers, 4, async (found) =>
      // With less than one request's time no entry can be written any more.
      run.remainingTimeMs() < run.settings.requestTimeoutMs ? undefined : sweepLedger(run, found),
    );
    swept.forEach((result, at) => {
      const one = result.ok ? result.value : failedSweep(page.ledgers[at], result.error);
      done &&= one !== undefined;
      if (one === undefined) return;
      ledgers += 1;
      releases.push(...(one.released?.releases ?? []));
      steps.push(...(one.released?.steps ?? []), ...one.steps);
      alerts.push(...one.alerts);
    });
    const { token, nextToken } = page;
    if (!done) left = token;
    else if (nextToken !== undefined && run.remainingTimeMs() < reserveMs) {
      left = nextToken;
      done = false;
    }
    if (!done) break;
  }
  return {
    kind: 'sweep',
    preview: releases.some(({ outcome }) => outcome === 'planned'),
    releases,
    alerts,
    ledgers,
    steps,
    done,
    ...(left === undefined ? {} : { cursor: left }),
  };
};

const sweepLedger = async (run: Run, found: FoundLedger): Promise<Swept> => {
  if ('problem' in found) return problem(found.key, found.problem.code, found.problem.message);
  const { settings } = run;
  const { id, read } = found;
  const control = await settings.control.read(id.accountId);
  const now = run.now();
  const unreadable = control.readable ? undefined : pausedFor(control, 'release', now);
  if (unreadable) return problem(ledgerKey(id), unreadable.reason, unreadable.because);
  const suppressed = suppressionsAt(control, now).map(({ cidr }) => cidr);
  if (!isDue({ ledger: read.ledger, suppressed }, now)) return { alerts: [], steps: [] };
  const mode = await resolveMode(settings.mode, { accountId: id.accountId, region: id.region });
  const released = await releaseLedger(run, {
    id,
    read,
    control,
    preview: mode === 'dry-run',
    decider: 'nacl/sweep',
    decide: (facts, at) => ({ facts, plan: decideSweep(facts, settings.policy, at) }),
  });
  const gone = {
    reason: 'network-acl-gone',
    because: 'The network ACL does not exist any more.',
    subject: id.networkAclId,
  };
  return { released, alerts: released.aclGone ? [gone] : [], steps: [] };
};

const failedSweep = (found: FoundLedger | undefined, error: unknown): Swept => {
  const { reason, because } = failureOf(error);
  const key = found === undefined ? '' : 'key' in found ? found.key : ledgerKey(found.id);
  return problem(key, reason, because);
};

const problem = (subject: string, code: string, because: string): Swept => {
  const reason = code.toLowerCase().replaceAll('_', '-');
  return {
    alerts: [{ reason, because, subject }],
    steps: [{ stepId: subject, action: 'sweep', status: 'failed', reason, because, retryable: true }],
  };
};

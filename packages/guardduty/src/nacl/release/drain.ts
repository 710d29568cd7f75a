import { pausedFor, RemediationError, resolveMode } from '@remedykit/core';
import { ledgerKey } from '../ledger/ledger.ts';
import type { FoundLedger } from '../ledger/ledgers.ts';
import type { DrainOutcome } from '../outcome.ts';
import type { Run } from '../run.ts';
import { type DrainFacts, decideDrain } from './decide-release.ts';
import { releaseLedger } from './release-ledger.ts';
import { type Request, requestFault } from './request.ts';
import { aclGone, problem, type Tended, walkLedgers } from './walk-ledgers.ts';

/** Takes everything of ours out of every network ACL, and out of the ledgers. */
export const drainAll = async (run: Run, request: Request, from?: string): Promise<DrainOutcome> => {
  const fault = requestFault(request);
  if (fault) throw new RemediationError({ code: 'DRAIN_REQUEST_INVALID', message: `drain: ${fault}.` });
  const { requestedBy, reason } = request;
  const at = run.now().toISOString();
  const walked = await walkLedgers(run, 'drain', from, (found) => drainLedger(run, found, request));
  const preview = walked.releases.some(({ outcome }) => outcome === 'planned');
  // A person asked and waits for the answer, so all of it is news.
  const alerts = walked.alerts.map((alert) => ({ ...alert, announce: true }));
  return { kind: 'drain', at, preview, ...walked, alerts, requestedBy, because: reason };
};

const drainLedger = async (run: Run, found: FoundLedger, request: Request): Promise<Tended> => {
  if ('problem' in found) return problem('drain', found.key, found.problem.code, found.problem.message);
  const { settings } = run;
  const { id, read } = found;
  if (read.ledger.slots.length === 0) return { releases: [], alerts: [], steps: [] };
  const control = await settings.control.read(id.accountId);
  const unreadable = control.readable ? undefined : pausedFor(control, 'release', run.now());
  if (unreadable) return problem('drain', ledgerKey(id), unreadable.reason, unreadable.because);
  const mode = await resolveMode(settings.mode, { accountId: id.accountId, region: id.region });
  const drain = {
    reason: 'drained',
    because: `${request.requestedBy} had everything of remedykit taken out: ${request.reason}`,
  };
  const released = await releaseLedger(run, {
    id,
    read,
    control,
    preview: mode === 'dry-run',
    decider: 'nacl/drain',
    decide({ ledger, entries, guard, lease }, at) {
      const facts: DrainFacts = { ledger, ...(entries ? { entries } : {}), guard, lease, drain };
      return { facts, plan: decideDrain(facts, settings.policy, at) };
    },
  });
  const { releases, steps } = released;
  return { releases, alerts: released.aclGone ? [aclGone(id.networkAclId)] : [], steps };
};

import { pausedFor, resolveMode, suppressionsAt } from '@remedykit/core';
import { forgetHeld } from '../../overflow/held.ts';
import { dueBeyondSummary } from '../entries/beyond-summary.ts';
import type { EntryStep } from '../entries/entry-plan.ts';
import { dueFloodSummary, floodSentence } from '../entries/flood.ts';
import { type Ledger, type LedgerId, ledgerKey } from '../ledger/ledger.ts';
import type { FoundLedger } from '../ledger/ledgers.ts';
import type { SweepOutcome } from '../outcome.ts';
import type { Run } from '../run.ts';
import { decideSweep, isDue } from './decide-release.ts';
import { letGoAlerts } from './let-go.ts';
import { releaseLedger } from './release-ledger.ts';
import { createSweepGate, type SweepGate } from './sweep-gate.ts';
import { sweepOverflow } from './sweep-overflow.ts';
import { withNews } from './told.ts';
import type { UpkeepPlan } from './upkeep-plan.ts';
import { aclGone, problem, type Tended, walkLedgers } from './walk-ledgers.ts';

/** Goes through all ledgers: releases what has expired or would not be denied today, finishes what a dead writer left. */
export const sweepAll = async (run: Run, from?: string): Promise<SweepOutcome> => {
  const gate = createSweepGate(run);
  const at = run.now().toISOString();
  const walked = await walkLedgers(run, 'sweep', from, (found) => sweepLedger(run, found, gate));
  const preview = walked.releases.some(({ outcome }) => outcome === 'planned');
  if (run.settings.overflow.length > 0 && walked.done) await forgetHeld(run);
  const { swept, alerts, steps } = await sweepOverflow(run);
  const found = { releases: walked.releases, alerts: [...walked.alerts, ...alerts] };
  return {
    kind: 'sweep',
    at,
    preview,
    ...walked,
    steps: [...walked.steps, ...steps],
    ...(swept.length > 0 ? { overflow: swept } : {}),
    ...(await withNews(run, found)),
  };
};

/** What is told of those without a deny where no finding carries that news: by the very ledger that now says it was told. */
const summaryAlerts = (id: LedgerId, { steps }: UpkeepPlan, { ledger, at }: DecidedOn): Tended['alerts'] => {
  const flood = dueFloodSummary(ledger, at);
  const beyond = dueBeyondSummary(ledger, at);
  const isTold = (step: EntryStep | undefined): boolean => step !== undefined && steps.some(({ id }) => id === step.id);
  const subject = ledgerKey(id);
  return [
    ...(flood && isTold(flood.step) ? [{ reason: 'flood', because: floodSentence(flood.summary), subject }] : []),
    ...(beyond && isTold(beyond.step) ? [{ reason: 'beyond-list', because: beyond.because, subject }] : []),
  ];
};

interface DecidedOn {
  readonly ledger: Ledger;
  readonly at: Date;
}

const sweepLedger = async (run: Run, found: FoundLedger, askGate: SweepGate): Promise<Tended> => {
  if ('problem' in found) return problem('sweep', found.key, found.problem.code, found.problem.message);
  const { settings } = run;
  const { id, read } = found;
  const control = await settings.control.read(id.accountId);
  const now = run.now();
  const unreadable = control.readable ? undefined : pausedFor(control, 'release', now);
  if (unreadable) return problem('sweep', ledgerKey(id), unreadable.reason, unreadable.because);
  const suppressed = suppressionsAt(control, now).map(({ cidr }) => cidr);
  const { gate, alerts } = await askGate(id, read.ledger);
  const known = gate ? { gate } : {};
  const again = letGoAlerts(read.ledger, now);
  if (!isDue({ ledger: read.ledger, suppressed, ...known }, settings.policy, now)) {
    return { releases: [], alerts: [...alerts, ...again], steps: [] };
  }
  const mode = await resolveMode(settings.mode, { accountId: id.accountId, region: id.region });
  let decidedOn: DecidedOn = { ledger: read.ledger, at: now };
  const released = await releaseLedger(run, {
    id,
    read,
    control,
    preview: mode === 'dry-run',
    decider: 'nacl/sweep',
    decide(sweepFacts, at) {
      const facts = { ...sweepFacts, ...known };
      decidedOn = { ledger: facts.ledger, at };
      return { facts, plan: decideSweep(facts, settings.policy, at) };
    },
  });
  const { releases, steps, plan } = released;
  const gone = released.aclGone ? [aclGone(id.networkAclId)] : [];
  return { releases, alerts: [...alerts, ...again, ...gone, ...summaryAlerts(id, plan, decidedOn)], steps };
};

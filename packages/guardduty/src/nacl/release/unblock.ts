import {
  addSuppressions,
  addTo,
  controlKey,
  type Duration,
  days,
  isRemediationError,
  mapConcurrent,
  RemediationError,
  resolveMode,
  type StepOutcome,
  type Suppression,
} from '@remedykit/core';
import { canonicalCidr, familyOf, overlaps, parseCidr } from '../../gate/cidr.ts';
import { failureOf } from '../failure.ts';
import { type Ledger, ledgerKey, type Slot } from '../ledger/ledger.ts';
import { type FoundLedger, ledgerPages } from '../ledger/ledgers.ts';
import type { ReleaseOutcome, UnblockOutcome } from '../outcome.ts';
import type { Run } from '../run.ts';
import { decideUnblock, isSelected, type UnblockSelection } from './decide-release.ts';
import { type ReleasedLedger, releaseLedger } from './release-ledger.ts';

/** What a person wants to be let through again: exactly one of address, finding and network ACL. */
export type UnblockQuery = (
  | { readonly address: string; readonly findingId?: never; readonly networkAclId?: never }
  | { readonly findingId: string; readonly address?: never; readonly networkAclId?: never }
  | { readonly networkAclId: string; readonly address?: never; readonly findingId?: never }
) & {
  readonly reason: string;
  readonly requestedBy: string;
  /** For how long the same must not be denied again, ms; else the next finding would. */
  readonly suppressFor: Duration;
};

type Readable = Extract<FoundLedger, { read: unknown }>;

/** Unblocks everywhere at once, and keeps it unblocked. */
export const unblockAll = async (run: Run, query: UnblockQuery): Promise<UnblockOutcome> => {
  const { settings } = run;
  const selection = readQuery(query);
  const at = settings.now().toISOString();
  const author = { reason: query.reason, requestedBy: query.requestedBy };
  const until = addTo(settings.now(), query.suppressFor);
  const found: Readable[] = [];
  const steps: StepOutcome[] = [];
  for await (const page of ledgerPages(run)) {
    for (const ledger of page.ledgers) {
      if (!('problem' in ledger)) found.push(ledger);
      else steps.push(failed(ledger.key, failureOf(new RemediationError(ledger.problem))));
    }
  }
  const touched = found.filter(({ read }) => selected(read.ledger, selection).length > 0);
  const cidrs = selection.cidr
    ? [selection.cidr]
    : [...new Set(touched.flatMap(({ read }) => selected(read.ledger, selection).map(({ cidr }) => cidr)))];
  const suppressions: Suppression[] = cidrs.map((cidr) => ({ cidr, ...author, until }));
  const preview = await isPreview(run, touched);
  // One network ACL is a place, not an address: elsewhere the same attacker stays denied.
  const everywhere = selection.networkAclId === undefined;
  let suppressedEverywhere = false;
  if (!preview && everywhere && suppressions.length > 0) {
    const problem = await suppressEverywhere(run, suppressions);
    if (problem) steps.push(failed(controlKey(), failureOf(problem)));
    else suppressedEverywhere = true;
  }
  const results = await mapConcurrent(touched, 4, (ledger) => unblockLedger(run, ledger, selection, suppressions));
  const releases: ReleaseOutcome[] = [];
  const suppressedThere = new Set<string>();
  results.forEach((result, at) => {
    if (result.ok) {
      releases.push(...result.value.releases);
      steps.push(...result.value.steps);
      for (const cidr of suppressedBy(result.value, suppressions)) suppressedThere.add(cidr);
    } else {
      const ledger = touched[at];
      steps.push(failed(ledger ? ledgerKey(ledger.id) : '', failureOf(result.error)));
    }
  });
  return {
    kind: 'unblock',
    at,
    preview,
    releases,
    suppressed: suppressions.flatMap(({ cidr }) =>
      suppressedEverywhere || (!everywhere && suppressedThere.has(cidr)) ? [{ cidr, until }] : [],
    ),
    requestedBy: query.requestedBy,
    because: query.reason,
    steps,
    done: !steps.some(({ reason }) => reason === 'out-of-time'),
  };
};

/**
 * Writes the control document of every account. What cannot be written does not keep a person from being let through: the
 * ledgers concerned suppress as well, and the outcome says so. Misuse is thrown.
 */
const suppressEverywhere = async (
  { settings }: Run,
  suppressions: readonly Suppression[],
): Promise<RemediationError | undefined> => {
  try {
    await addSuppressions(settings.store, suppressions, { now: settings.now });
    return undefined;
  } catch (error) {
    if (!isRemediationError(error) || error.code === 'SUPPRESSION_INVALID') throw error;
    return error;
  }
};

/** What a ledger suppresses from now on: nothing where the step was refused or only planned. */
const suppressedBy = ({ plan, steps }: ReleasedLedger, suppressions: readonly Suppression[]): string[] => {
  const isDone = (id: string): boolean =>
    steps.some(({ stepId, status }) => status === 'applied' && stepId.endsWith(`#${id}`));
  return suppressions.flatMap(({ cidr }) =>
    plan.steps.some((step) => step.action === 'suppress' && step.suppression.cidr === cidr && isDone(step.id))
      ? [cidr]
      : [],
  );
};

/** Whether nothing may be written in any place concerned; then nothing is suppressed either. */
const isPreview = async ({ settings: { mode } }: Run, touched: readonly Readable[]): Promise<boolean> => {
  if (typeof mode !== 'function' || touched.length === 0) return mode === 'dry-run';
  const modes = await Promise.all(
    touched.map(({ id: { accountId, region } }) => resolveMode(mode, { accountId, region })),
  );
  return modes.every((one) => one === 'dry-run');
};

const failed = (stepId: string, failure: ReturnType<typeof failureOf>): StepOutcome => ({
  stepId,
  action: 'unblock',
  status: 'failed',
  ...failure,
});

const selected = (ledger: Ledger, query: UnblockSelection): Slot[] =>
  ledger.slots.filter((slot) => isSelected(slot, { query, ledger }));

const unblockLedger = async (
  run: Run,
  { id, read }: Readable,
  query: UnblockSelection,
  all: readonly Suppression[],
): Promise<ReleasedLedger> => {
  const { settings } = run;
  const control = await settings.control.read(id.accountId);
  const mode = await resolveMode(settings.mode, { accountId: id.accountId, region: id.region });
  const slots = selected(read.ledger, query);
  const suppressions = all.filter(({ cidr }) => slots.some((slot) => overlaps(cidr, slot.cidr)));
  return releaseLedger(run, {
    id,
    read,
    control,
    preview: mode === 'dry-run',
    decider: 'nacl/unblock',
    decide: (sweepFacts, at) => {
      const facts = { ...sweepFacts, query, suppressions };
      return { facts, plan: decideUnblock(facts, settings.policy, at) };
    },
  });
};

const readQuery = (query: UnblockQuery): UnblockSelection => {
  const { address, findingId, networkAclId, reason, requestedBy, suppressFor } = query;
  const given = [address, findingId, networkAclId].filter((part) => part !== undefined && part !== '');
  if (given.length !== 1) throw invalid('name exactly one of "address", "findingId" and "networkAclId"');
  if (!reason?.trim() || !requestedBy?.trim()) throw invalid('"reason" and "requestedBy" must be given');
  if (!(suppressFor > 0 && suppressFor <= days(366))) {
    throw invalid(
      '"suppressFor" must be a time in ms (days(30)) up to a year; without it the next finding would block again',
    );
  }
  if (address) checkWidth(address);
  return {
    ...(address ? { cidr: canonicalCidr(address) } : {}),
    ...(findingId ? { findingId } : {}),
    ...(networkAclId ? { networkAclId } : {}),
  };
};

/** `/2` for `/24` would let half the Internet through, for as long as `suppressFor` says. */
const checkWidth = (address: string): void => {
  const widest = familyOf(address) === 4 ? 16 : 32;
  if (parseCidr(address)[1] < widest) {
    throw invalid(`"address" is ${address}, wider than /${widest}; unblock narrower ranges, or pause new denies`);
  }
};

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'UNBLOCK_QUERY_INVALID', message: `unblock: ${what}.` });

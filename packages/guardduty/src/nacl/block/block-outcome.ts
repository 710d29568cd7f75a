import type { Reason, StepOutcome } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import type { JudgedThreat, ThreatsPlan } from '../../gate/decide-threats.ts';
import { type HandedOver, isTakenOver } from '../../overflow/handed-over.ts';
import type { Placement } from '../entries/entry-plan.ts';
import { type Match, sameMatch } from '../ledger/ledger.ts';
import type { BlockOutcome, EntryView, EvictedEntry, OverflowView, ThreatOutcome, ThreatResult } from '../outcome.ts';
import type { PlacedDeny } from './placed-deny.ts';

/** Everything from which the outcome of one finding is put together. */
export interface BlockParts {
  readonly recordId?: string;
  readonly finding: Finding;
  readonly preview: boolean;
  readonly plan: ThreatsPlan;
  /** By id of the `deny` step. */
  readonly denies: ReadonlyMap<string, readonly PlacedDeny[]>;
}

/** Puts the outcome of one finding together. Pure. */
export const blockOutcome = ({ recordId, finding, preview, plan, denies }: BlockParts): BlockOutcome => {
  const threats = plan.judged.map((judged) => threatOutcome(judged, plan, denies, preview));
  const steps = plan.judged.flatMap((judged) => stepsOf(judged, denies));
  const needsPerson = threats.some(({ outcome }) => outcome === 'not-blocked' || outcome === 'ineffective');
  return {
    kind: 'block',
    ...(recordId === undefined ? {} : { recordId }),
    preview,
    finding,
    escalate: plan.escalate || needsPerson || threats.some(({ outcome }) => outcome === 'escalated'),
    threats,
    steps,
    done: !steps.some(({ reason }) => reason === 'out-of-time'),
  };
};

/** Reasons of the gate that people asked for themselves, or that recur without being news. */
const quiet = new Set(['archived', 'allow-listed', 'reserved', 'vpc-cidr', 'suppressed', 'account-not-listed']);

const threatOutcome = (
  { threat, verdict, reason, because, stepIds }: JudgedThreat,
  plan: ThreatsPlan,
  denies: BlockParts['denies'],
  preview: boolean,
): ThreatOutcome => {
  const nothing = { entries: [], missing: [], evicted: [] };
  if (verdict !== 'deny') {
    const announce = verdict === 'ignored' ? false : !quiet.has(reason);
    return { threat, outcome: verdict, reason, because, announce, ...nothing };
  }
  const placed = stepIds.flatMap((id) => denies.get(id) ?? []);
  const results = placed.map((deny) => resultOf(deny, preview));
  const worst = results.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0];
  const steps = plan.steps.filter(({ id }) => stepIds.includes(id));
  if (worst === undefined) {
    const no = { reason: 'no-place', because: 'There is no network ACL to put it into.' };
    return { threat, outcome: 'escalated', ...no, announce: true, ...nothing };
  }
  const outcome = worst.outcome;
  const isWritten = (worst.outcome === 'blocked' || worst.outcome === 'planned') && worst.reason !== 'overflow';
  const told = isWritten ? { reason, because } : worst;
  return {
    threat,
    outcome,
    reason: told.reason,
    because: told.because,
    entries: placed.flatMap(entryOf),
    missing: [
      ...placed.flatMap((deny, at) => missingOf(deny, results[at])),
      ...steps.flatMap((step) =>
        step.omittedRuns.map(({ from, to }) => ({
          networkAclId: '*',
          egress: step.egress,
          reason: 'port-runs',
          because: `Ports ${from}${to > from ? ` to ${to}` : ''} were attacked as well and are not denied: two runs of ports per address at most.`,
        })),
      ),
    ],
    evicted: placed.flatMap(evictedBy),
    ...floodOf(placed),
    ...overflowOf(placed),
    announce: results.some(({ news }) => news),
  };
};

/** The worst first: what is told of a threat is the worst that happened to it in any network ACL. */
const order: readonly ThreatResult[] = [
  'failed',
  'not-blocked',
  'ineffective',
  'escalated',
  'refused',
  'planned',
  'blocked',
  'extended',
  'unchanged',
];

interface Result extends Reason {
  readonly outcome: ThreatResult;
  readonly news: boolean;
}

const resultOf = (deny: PlacedDeny, preview: boolean): Result => {
  if (deny.kind === 'no-place') return { ...pick(deny), outcome: 'escalated', news: true };
  if (deny.kind === 'failed') return { ...pick(deny), outcome: 'failed', news: true };
  const { placement, step } = deny;
  const own = deny.overflow?.find(({ whose }) => whose === 'wanted');
  if (own) return overflowResult(own, placement);
  const why = pick(placement);
  switch (placement.result) {
    case 'in-progress':
      return { ...why, outcome: 'failed', news: false };
    case 'unplaced':
      return { ...why, outcome: 'not-blocked', news: placement.news };
    case 'ineffective':
      return { ...why, outcome: 'ineffective', news: placement.news };
    case 'refused':
      // Nobody decided this pause: the control document could not be read, and a retry may.
      return placement.reason === 'control-unreadable'
        ? { ...why, outcome: 'failed', news: true }
        : { ...why, outcome: 'refused', news: placement.news };
    case 'present':
      return { ...why, outcome: 'unchanged', news: placement.news };
    default:
      return writtenResult(placement.result, why, placement.news, step, preview || deny.preview === true);
  }
};

/** What an overflow blocker said about a deny without a place. */
const overflowResult = (
  { by, status, because, expiresAt, reason, review }: HandedOver,
  placement: Placement,
): Result => {
  if (review !== undefined) return { reason, because, outcome: review ? 'escalated' : 'unchanged', news: review };
  const { news } = placement;
  const denies = { reason: 'overflow', because: `${placement.because} "${by}" denies it until ${expiresAt}.` };
  switch (status) {
    case 'blocked':
      // In a flood only the summary is told, else every attacker would be told of.
      return { ...denies, outcome: 'blocked', news: news || placement.reason !== 'flood' };
    case 'already-blocked':
      return { ...denies, outcome: news ? 'blocked' : 'unchanged', news };
    case 'planned':
      return { ...denies, because: `${placement.because} "${by}" would be asked.`, outcome: 'planned', news };
    case 'not-blocked':
      return { reason, because: `${placement.because} ${because}`, outcome: 'not-blocked', news };
    case 'failed':
      return { reason, because: `${placement.because} ${because}`, outcome: 'failed', news: true };
  }
};

const writtenResult = (
  result: 'create' | 'extend',
  why: Reason,
  news: boolean,
  step: StepOutcome | undefined,
  preview: boolean,
): Result => {
  if (preview) return { ...why, outcome: 'planned', news };
  if (step === undefined || step.status === 'failed') {
    const outcome = step?.reason === 'quota' ? 'not-blocked' : 'failed';
    return { ...(step ? pick(step) : why), outcome, news: true };
  }
  if (result === 'extend') return { ...why, outcome: 'extended', news };
  // A restored deny that EC2 had all along was a stale answer, not news.
  if (step.status === 'already-applied' && why.reason === 'restore')
    return { ...pick(step), outcome: 'unchanged', news: false };
  return { ...why, outcome: 'blocked', news };
};

const pick = ({ reason, because }: Reason): Reason => ({ reason, because });

const entryOf = (deny: PlacedDeny): EntryView[] => {
  if (deny.kind !== 'placed') return [];
  const { networkAclId, egress, subnetIds, placement, step } = deny;
  const { result, ruleNumber, expiresAt, match } = placement;
  const inForce = result === 'present' || ((result === 'create' || result === 'extend') && step?.status !== 'failed');
  if (!inForce || ruleNumber === undefined || expiresAt === undefined) return [];
  return [{ networkAclId, ruleNumber, egress, ...match, expiresAt, subnetIds }];
};

/** Who gave way to a deny that is in force, or would. What did not take place evicted nobody. */
const evictedBy = (deny: PlacedDeny): EvictedEntry[] => {
  if (deny.kind !== 'placed') return [];
  const { networkAclId, egress, subnetIds, placement, step, lost = [] } = deny;
  const { evicted, ruleNumber } = placement;
  const took = step === undefined || step.status !== 'failed';
  const takenOver = (entry: Match): boolean =>
    deny.overflow?.some((one) => one.whose === 'evicted' && isTakenOver(one) && sameMatch(one.threat, entry)) === true;
  const gone = [...(evicted && ruleNumber !== undefined && took ? [{ ...evicted, ruleNumber }] : []), ...lost];
  return gone
    .filter((entry) => !takenOver(entry))
    .map(({ cidr, protocol, ports, ruleNumber: number }) => ({
      networkAclId,
      egress,
      cidr,
      protocol,
      ...(ports ? { ports } : {}),
      ruleNumber: number,
      subnetIds,
    }));
};

const overflowOf = (placed: readonly PlacedDeny[]): Pick<ThreatOutcome, 'overflow'> => {
  const overflow = placed.flatMap((deny): OverflowView[] =>
    deny.kind !== 'placed'
      ? []
      : (deny.overflow ?? []).map(({ by, whose, status, threat, expiresAt, reason, because }) => {
          const { networkAclId, egress, subnetIds } = deny;
          const { cidr, protocol, ports } = threat;
          const traffic = { cidr, protocol, ...(ports ? { ports } : {}) };
          return { by, whose, status, networkAclId, egress, ...traffic, subnetIds, expiresAt, reason, because };
        }),
  );
  return overflow.length === 0 ? {} : { overflow };
};

/** Whom a flood leaves without a deny, from the network ACLs in which this event is to tell it. */
const floodOf = (placed: readonly PlacedDeny[]): Pick<ThreatOutcome, 'flood'> => {
  const floods = placed.flatMap((deny) =>
    deny.kind === 'placed' && deny.placement.flood ? [deny.placement.flood] : [],
  );
  if (floods.length === 0) return {};
  const cidrs = [...new Set(floods.flatMap((flood) => flood.cidrs))];
  return { flood: { cidrs, omitted: floods.reduce((sum, { omitted }) => sum + omitted, 0) } };
};

const missingOf = (deny: PlacedDeny, result: Result | undefined): ThreatOutcome['missing'][number][] => {
  if (deny.kind === 'no-place' || result === undefined) return [];
  const missing = ['failed', 'not-blocked', 'ineffective', 'refused'].includes(result.outcome);
  return missing ? [{ networkAclId: deny.networkAclId, egress: deny.egress, ...pick(result) }] : [];
};

const stepsOf = (
  { threat, verdict, reason, because, stepIds }: JudgedThreat,
  denies: BlockParts['denies'],
): StepOutcome[] => {
  const subject = threat.address ?? 'finding';
  if (verdict === 'failed') {
    return [{ stepId: subject, action: 'deny', status: 'failed', reason, because, retryable: true }];
  }
  return stepIds.flatMap((id) =>
    (denies.get(id) ?? []).flatMap((deny) => [
      denyStep(id, deny),
      ...(deny.kind === 'placed' ? (deny.overflow ?? []).map(({ step }) => step) : []),
    ]),
  );
};

const denyStep = (id: string, deny: PlacedDeny): StepOutcome => {
  if (deny.kind === 'no-place')
    return { stepId: id, action: 'deny', status: 'skipped', ...pick(deny), retryable: false };
  const stepId = `${id}@${deny.networkAclId}`;
  if (deny.kind === 'failed') {
    return { stepId, action: 'deny', status: 'failed', ...pick(deny), retryable: deny.retryable };
  }
  const { placement, step } = deny;
  if (step) return { ...step, stepId };
  const status = placement.reason === 'control-unreadable' ? 'failed' : statusWithoutStep[placement.result];
  return { stepId, action: 'deny', status, ...pick(placement), retryable: status === 'failed' };
};

/** What a placement is where no step was carried out; one that wanted a step and has no outcome did not take place. */
const statusWithoutStep: Readonly<Record<Placement['result'], StepOutcome['status']>> = {
  create: 'failed',
  extend: 'failed',
  'in-progress': 'failed',
  present: 'already-applied',
  refused: 'refused',
  unplaced: 'skipped',
  ineffective: 'skipped',
};

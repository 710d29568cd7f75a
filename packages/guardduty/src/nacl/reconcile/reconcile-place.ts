import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { type ControlState, suppressionsAt } from '@remedykit/core';
import { gatherGateFacts } from '../../gate/gather-gate-facts.ts';
import type { GateFacts } from '../../gate/judge-cidr.ts';
import { aclFacts } from '../entries/acl.ts';
import { makesEntry } from '../entries/entry-plan.ts';
import { failureOf } from '../failure.ts';
import { guardFacts } from '../guard-facts.ts';
import type { ReadLedger } from '../ledger/change-ledger.ts';
import type { LedgerId } from '../ledger/ledger.ts';
import type { ContestOutcome, OrphanOutcome } from '../outcome.ts';
import type { SweepFacts } from '../release/decide-release.ts';
import { releaseLedger } from '../release/release-ledger.ts';
import { aclGone, type Tended } from '../release/walk-ledgers.ts';
import { newLease, type Run } from '../run.ts';
import { decideReconcile } from './decide-reconcile.ts';
import type { AdoptOptions } from './reconcile-options.ts';
import type { ReconcileFacts, ReconcilePlan } from './reconcile-plan.ts';

/** One direction of one network ACL with its ledger, as they were listed. */
export interface Compared {
  readonly id: LedgerId;
  readonly read: ReadLedger;
  /** Absent: the network ACL does not exist any more. */
  readonly acl?: NetworkAcl;
  readonly control: ControlState;
  readonly preview: boolean;
}

/** What comparing it came to. */
export interface Reconciled extends Tended {
  readonly orphans: readonly OrphanOutcome[];
  readonly contests: readonly ContestOutcome[];
}

/** Brings one ledger and its network ACL to agree. Where they do, nothing is read again and nothing recorded. */
export const reconcilePlace = async (
  run: Run,
  { id, read, acl, control, preview }: Compared,
  adopt: AdoptOptions | undefined,
): Promise<Reconciled> => {
  const { settings } = run;
  const adoption = adoptionFor(id, adopt);
  const factsWith = (facts: SweepFacts): ReconcileFacts => ({ ...facts, ...(adoption ? { adopt: adoption } : {}) });
  const now = run.now();
  const listed = factsWith({
    ledger: read.ledger,
    ...(acl ? { entries: aclFacts(acl, id.direction === 'egress').entries } : {}),
    guard: guardFacts({ control, preview }, now),
    suppressed: suppressionsAt(control, now).map(({ cidr }) => cidr),
    // Nothing is written on this look.
    lease: newLease(run, ''),
  });
  const glance = decideReconcile(listed, settings.policy, now);
  if (glance.steps.length === 0 && glance.refused.length === 0 && glance.releases.length === 0) {
    return { releases: [], alerts: [], steps: [], ...(await told(run, id, read, glance)) };
  }
  // A put-back is a new deny: the gate is asked as for any other.
  const wanted = [...glance.steps, ...glance.refused.map(({ step }) => step)];
  const denies = wanted.flatMap((step) => (makesEntry(step) ? [step.slot.cidr] : []));
  const gate = denies.length > 0 ? await askGate(run, listed, denies) : undefined;
  const released = await releaseLedger<ReconcilePlan>(run, {
    id,
    read,
    control,
    preview,
    decider: 'nacl/reconcile',
    decide(sweepFacts, at) {
      const facts = { ...factsWith(sweepFacts), ...(gate ? { gate } : {}) };
      return { facts, plan: decideReconcile(facts, settings.policy, at) };
    },
  });
  const { releases, steps, plan } = released;
  return {
    releases,
    alerts: released.aclGone ? [aclGone(id.networkAclId)] : [],
    steps,
    ...(await told(run, id, read, plan)),
  };
};

const askGate = async (
  { settings }: Run,
  { ledger, entries }: ReconcileFacts,
  cidrs: readonly string[],
): Promise<GateFacts> => {
  const { accountId, region, networkAclId } = ledger;
  try {
    return await gatherGateFacts(
      settings,
      { accountId, region },
      [...new Set(cidrs)],
      entries && { networkAclId, entries },
    );
  } catch (error) {
    return { inventories: {}, answers: {}, problem: failureOf(error).because };
  }
};

const adoptionFor = ({ networkAclId }: LedgerId, adopt: AdoptOptions | undefined): ReconcileFacts['adopt'] => {
  if (adopt === undefined || (adopt.networkAclIds && !adopt.networkAclIds.includes(networkAclId))) return undefined;
  const { requestedBy, reason, expires, ruleNumbers } = adopt;
  return { requestedBy, reason, expiresAt: expires.toISOString(), ...(ruleNumbers ? { ruleNumbers } : {}) };
};

const told = async (
  run: Run,
  { accountId, region, networkAclId, direction }: LedgerId,
  read: ReadLedger,
  { orphans, contest }: ReconcilePlan,
): Promise<Pick<Reconciled, 'orphans' | 'contests'>> => {
  const target = { accountId, region };
  const place = { target, networkAclId, egress: direction === 'egress' };
  const who =
    contest?.news && contest.state !== 'over' ? await whoChanged(run, place, read, contest.contest.since) : undefined;
  return {
    orphans: orphans.map(({ entry: { ruleNumber, cidr, protocol, ports }, news }) => ({
      ...place,
      ruleNumber,
      cidr,
      protocol,
      ...(ports ? { ports } : {}),
      announce: news,
    })),
    contests: contest
      ? [
          {
            ...place,
            state: contest.state,
            since: contest.contest.since,
            until: contest.contest.until,
            ...(who === undefined ? {} : { who }),
            announce: contest.news,
            reason: contest.state === 'over' ? 'contest-over' : 'contested',
            because:
              contest.state === 'over' ? 'The quarrel is over; denies are written again.' : contest.contest.because,
          },
        ]
      : [],
  };
};

/** Who took the denies out, if somebody can say; that nobody can keeps nobody from being told of the rest. */
const whoChanged = async (
  { settings }: Run,
  { target, networkAclId }: Pick<ContestOutcome, 'target' | 'networkAclId'>,
  { ledger }: ReadLedger,
  contestedSince: string,
): Promise<string | undefined> => {
  // They were last seen in force when they were put back.
  const since = ledger.vanishings.at(-1)?.at ?? contestedSince;
  try {
    return await settings.whoChanged?.(target, networkAclId, new Date(since));
  } catch (error) {
    settings.observe({ event: 'who-unknown', data: { networkAclId, error: String(error) } });
    return undefined;
  }
};

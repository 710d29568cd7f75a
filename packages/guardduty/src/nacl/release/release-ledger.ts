import { type ControlState, type Reason, RemediationError, type StepOutcome, suppressionsAt } from '@remedykit/core';
import { aclFacts, entryAt, isOurs } from '../entries/acl.ts';
import type { EntryStep } from '../entries/entry-plan.ts';
import { gatherAcl } from '../entries/gather-acls.ts';
import { createRecentAcl } from '../entries/recent-acl.ts';
import { guardFacts } from '../guard-facts.ts';
import { changeLedger, type ReadLedger } from '../ledger/change-ledger.ts';
import { type LedgerId, ledgerKey, type Slot } from '../ledger/ledger.ts';
import type { ReleaseOutcome } from '../outcome.ts';
import { consistencyWindow } from '../policy.ts';
import type { Run } from '../run.ts';
import type { SweepFacts } from './decide-release.ts';
import { releaseOutcome } from './release-outcome.ts';
import type { UpkeepPlan } from './upkeep-plan.ts';

/** One ledger in which something is to be put right. */
export interface LedgerRelease<P extends UpkeepPlan> {
  readonly id: LedgerId;
  readonly read: ReadLedger;
  readonly control: ControlState;
  readonly preview: boolean;
  readonly decider: 'nacl/sweep' | 'nacl/unblock' | 'nacl/reconcile' | 'nacl/drain';
  readonly decide: (facts: SweepFacts, at: Date) => { readonly facts: unknown; readonly plan: P };
}

/** What came of it. */
export interface ReleasedLedger<P extends UpkeepPlan = UpkeepPlan> {
  /** The plan that was carried out, or would be. */
  readonly plan: P;
  readonly releases: readonly ReleaseOutcome[];
  readonly steps: readonly StepOutcome[];
  /** True when the network ACL does not exist any more. */
  readonly aclGone: boolean;
}

/** Decides what is put right in one ledger and its network ACL, and does it. */
export const releaseLedger = async <P extends UpkeepPlan>(
  run: Run,
  { id, read, control, preview, decider, decide }: LedgerRelease<P>,
): Promise<ReleasedLedger<P>> => {
  const ec2 = run.settings.ec2(id);
  let aclGone = false;
  const { plan, outcomes } = await changeLedger<P, SweepFacts>(run, {
    id,
    decider,
    preview,
    first: read,
    gather: async (ledger, lease): Promise<SweepFacts> => {
      const acl = await gatherAcl(ec2, id.networkAclId);
      aclGone = acl === undefined;
      const now = run.now();
      return {
        ledger,
        ...(acl ? { entries: aclFacts(acl, id.direction === 'egress').entries } : {}),
        guard: guardFacts({ control, preview }, now),
        suppressed: suppressionsAt(control, now).map(({ cidr }) => cidr),
        lease,
      };
    },
    decide,
    recheck: stillOurs(run, id),
  });
  const settled = outcomes.map(unlessTaken);
  const byStep = new Map(settled.map((outcome) => [outcome.stepId, outcome]));
  const releases = plan.releases.map((release) => releaseOutcome(id, release, byStep, preview));
  const kept = plan.releases.flatMap(({ result, reason, because, slot }): StepOutcome[] =>
    result === 'kept'
      ? [{ stepId: `keep/${slot.ruleNumber}`, action: 'keep', status: 'failed', reason, because, retryable: true }]
      : [],
  );
  const steps = [...settled, ...kept].map((step) => ({ ...step, stepId: `${ledgerKey(id)}#${step.stepId}` }));
  return { plan, releases, steps, aclGone };
};

/** A deny that was left out because somebody took its rule number is not carried out. */
const unlessTaken = (step: StepOutcome): StepOutcome =>
  step.reason === 'number-taken' ? { ...step, status: 'failed', retryable: true } : step;

/** Reads the network ACL once more right before the deletes: an entry that is not ours (any more) is left alone. */
const stillOurs = (run: Run, id: LedgerId) => {
  const recentAcl = createRecentAcl(run, id);
  return async (step: EntryStep, before: Slot | undefined): Promise<Reason | undefined> => {
    if (step.action !== 'delete-entry') return undefined;
    const acl = await recentAcl();
    const { ruleNumber } = step.slot;
    const live = acl && entryAt(aclFacts(acl, id.direction === 'egress').entries, ruleNumber);
    if (live === undefined && before && isRecent(before, run.now())) {
      throw new RemediationError({
        code: 'ENTRY_NOT_VISIBLE',
        message: `Rule ${ruleNumber} was written a moment ago and EC2 does not show it at each reading; try again in a minute.`,
        retryable: true,
      });
    }
    if (live === undefined) return { reason: 'already-gone', because: `Rule ${ruleNumber} is gone already.` };
    if (isOurs(live, step.slot)) return undefined;
    return { reason: 'foreign', because: `Rule ${ruleNumber} holds somebody else's entry; it is left alone.` };
  };
};

/** True while a describe may not show what was written for this slot. */
const isRecent = ({ writtenAt }: Slot, now: Date): boolean =>
  now.getTime() - Date.parse(writtenAt) <= consistencyWindow;

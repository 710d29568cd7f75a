import {
  type Plan,
  previewPlan,
  type Reason,
  RemediationError,
  runPlan,
  type StepOutcome,
  type Stored,
  toJson,
  type WriteResult,
} from '@remedykit/core';
import { type Ec2Step, type EntryStep, writesEc2 } from '../entries/entry-plan.ts';
import { executeEntry } from '../entries/execute-entry.ts';
import { heldBySomebody } from '../entries/held-by-somebody.ts';
import { consistencyWindow } from '../policy.ts';
import { type Lease, newLease, type Run, record } from '../run.ts';
import { claimLedger, type Settlement, settleLedger } from './claim.ts';
import { emptyLedger, type Ledger, type LedgerId, ledgerKey, type Slot } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { shortOwner } from './room.ts';

/** A ledger as it was read; version absent: there is no document yet. */
export interface ReadLedger {
  readonly ledger: Ledger;
  readonly version?: string;
}

/** One decision about one ledger. */
export interface LedgerChange<P extends Plan<EntryStep>, Facts> {
  readonly id: LedgerId;
  readonly decider: string;
  /** True when nothing may be written. */
  readonly preview: boolean;
  /** Reads what the decision needs besides the ledger, again at each attempt, and gives the facts for it. */
  readonly gather: (ledger: Ledger, lease: Lease, attempt: number) => Promise<Facts>;
  /** Decides, and says on which facts, complete. */
  readonly decide: (facts: Facts, at: Date) => { readonly facts: unknown; readonly plan: P };
  /**
   * Checks right before a delete that the live entry is still ours; undefined: it is. `before` is the slot as it was
   * before the claim. What it throws leaves the entry and the slot as they are.
   */
  readonly recheck?: (step: EntryStep, before: Slot | undefined) => Promise<Reason | undefined>;
  /** What was read already; saves the first read. */
  readonly first?: ReadLedger;
}

/** What a change came to. */
export interface ChangedLedger<P extends Plan<EntryStep>> {
  readonly plan: P;
  readonly outcomes: readonly StepOutcome[];
}

const maxAttempts = 12;

/** Reads one ledger. Throws `LEDGER_INVALID`, `LEDGER_NEWER`, and what the store throws. */
export const readLedger = async ({ settings }: Run, id: LedgerId): Promise<ReadLedger> =>
  fromStored(id, await settings.store.get(ledgerKey(id)));

const fromStored = (id: LedgerId, stored: Stored | undefined): ReadLedger =>
  stored === undefined
    ? { ledger: emptyLedger(id) }
    : { ledger: parseLedger(stored.value, stored.key), version: stored.version };

/**
 * Decides about one ledger and carries the plan out: claim (compare-and-set), EC2, settle. When somebody else changed the
 * ledger in between, everything is decided again on what it is now. A worker that dies after the claim leaves slots that
 * say who was writing and until when; a sweep finishes them.
 * @throws RemediationError `LEDGER_CONTENDED` (retryable), `LEDGER_INVALID`, `LEDGER_NEWER`, and what the store or EC2 throw while reading
 */
export const changeLedger = async <P extends Plan<EntryStep>, Facts>(
  run: Run,
  change: LedgerChange<P, Facts>,
): Promise<ChangedLedger<P>> => {
  const { settings } = run;
  let read = change.first ?? (await readLedger(run, change.id));
  // One owner for all attempts: a claim whose answer was lost is found again as our own.
  const owner = shortOwner(settings.newId());
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const lease = newLease(run, owner);
    const gathered = await gatherInTime(run, () => change.gather(read.ledger, lease, attempt));
    const at = run.now();
    const { facts, plan } = change.decide(gathered, at);
    const decision = { decider: change.decider, facts, plan, at };
    if (change.preview || plan.steps.length === 0) {
      const outcomes = previewPlan(plan).steps;
      await record(run, { ...decision, outcomes });
      return { plan, outcomes };
    }
    const claimed = claimLedger(read.ledger, plan.steps, settings.now(), settings.policy.blockFor);
    const write = await writeLedger(run, change.id, claimed, read.version);
    if (write.ok) {
      const outcomes = await carryOut(
        run,
        change,
        plan,
        read.ledger,
        { ledger: claimed, version: write.version },
        lease,
      );
      await record(run, { ...decision, outcomes });
      return { plan, outcomes };
    }
    settings.observe({ event: 'conflict', data: { key: ledgerKey(change.id), attempt } });
    read = fromStored(change.id, write.current);
    if (!(await pauseBeforeRetry(run, attempt))) break;
  }
  throw new RemediationError({
    code: 'LEDGER_CONTENDED',
    message: `The ledger ${ledgerKey(change.id)} was changed by other workers at every attempt.`,
    retryable: true,
  });
};

/** What took so long to read that the worker may have been frozen meanwhile is read once more: EC2's answer has to be fresh. */
const gatherInTime = async <Facts>({ settings }: Run, gather: () => Promise<Facts>): Promise<Facts> => {
  const began = settings.now().getTime();
  const gathered = await gather();
  return settings.now().getTime() - began < consistencyWindow / 3 ? gathered : gather();
};

const writeLedger = ({ settings }: Run, id: LedgerId, ledger: Ledger, version?: string): Promise<WriteResult> =>
  version === undefined
    ? settings.store.putIfAbsent(ledgerKey(id), toJson(ledger))
    : settings.store.compareAndSet(ledgerKey(id), toJson(ledger), version);

/** Waits a random time, longer at each attempt; false when no time is left for another. */
const pauseBeforeRetry = async ({ settings, remainingTimeMs }: Run, attempt: number): Promise<boolean> => {
  const ms = settings.random() * Math.min(4_000, 100 * 2 ** attempt);
  if (remainingTimeMs() < ms + settings.requestTimeoutMs) return false;
  await settings.sleep(ms);
  return true;
};

const carryOut = async (
  run: Run,
  { id, recheck }: Pick<LedgerChange<Plan<EntryStep>, never>, 'id' | 'recheck'>,
  plan: Plan<EntryStep>,
  before: Ledger,
  claimed: ReadLedger,
  lease: Lease,
): Promise<readonly StepOutcome[]> => {
  const { settings } = run;
  const settlements = new Map<number, Settlement>();
  const slotBefore = ({ slot }: Ec2Step): Slot | undefined =>
    before.slots.find(({ ruleNumber }) => ruleNumber === slot.ruleNumber);
  const undone = (step: Ec2Step): Settlement => {
    const slot = slotBefore(step);
    return slot === undefined ? { kind: 'undone' } : { kind: 'undone', before: slot };
  };
  const isHeldBySomebody = heldBySomebody(run, id);
  // Whatever the caller says of its time, nothing is begun that could take effect after the lease.
  const remainingTimeMs = (): number =>
    Math.min(run.remainingTimeMs(), Date.parse(lease.until) - settings.now().getTime() - settings.requestTimeoutMs);
  const { steps: outcomes } = await runPlan<EntryStep>(plan, {
    reserveMs: 0,
    observe: settings.observe,
    recheck: async (step) => {
      if (!writesEc2(step)) return undefined;
      // Stays when the recheck throws: nothing was sent then.
      settlements.set(step.slot.ruleNumber, undone(step));
      const changed = (await isHeldBySomebody(step)) ?? (await recheck?.(step, slotBefore(step)));
      settlements.delete(step.slot.ruleNumber);
      if (changed) settlements.set(step.slot.ruleNumber, { kind: 'removed' });
      return changed;
    },
    execute: async (step) => {
      if (!writesEc2(step)) return { status: 'applied' };
      const { outcome, settlement } = await executeEntry(step, {
        ec2: settings.ec2(id),
        networkAclId: id.networkAclId,
        egress: id.direction === 'egress',
        requestTimeoutMs: settings.requestTimeoutMs,
        remainingTimeMs,
        sleep: settings.sleep,
        random: settings.random,
      });
      const isUndone = settlement.kind === 'undone' && settlement.unplaced === undefined;
      settlements.set(step.slot.ruleNumber, isUndone ? undone(step) : settlement);
      return outcome;
    },
  });
  return settlements.size === 0 ? outcomes : settle(run, id, claimed, lease.owner, settlements, outcomes);
};

/** Writes what became of the claims. EC2 has spoken already, so a failure here is told, and a sweep will settle them. */
const settle = async (
  run: Run,
  id: LedgerId,
  claimed: ReadLedger,
  owner: string,
  settlements: ReadonlyMap<number, Settlement>,
  outcomes: readonly StepOutcome[],
): Promise<readonly StepOutcome[]> => {
  let error = 'other workers changed it at every attempt';
  try {
    let read = claimed;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const settled = settleLedger(read.ledger, owner, settlements, run.settings.now());
      const write = await writeLedger(run, id, settled, read.version);
      if (write.ok) return outcomes;
      read = fromStored(id, write.current);
      if (!(await pauseBeforeRetry(run, attempt))) break;
    }
  } catch (thrown) {
    error = String(thrown);
  }
  run.settings.observe({ event: 'unsettled', data: { key: ledgerKey(id), error } });
  const because = 'EC2 was written, but the ledger could not be settled; a sweep will, once the lease has ended.';
  return [
    ...outcomes,
    { stepId: 'settle', action: 'settle', status: 'failed', reason: 'unsettled', because, retryable: true },
  ];
};

import {
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  type DescribeNetworkAclsCommandOutput,
  type EC2Client,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import { RemediationError, retry, type StepOutcome, summarizeError } from '@remedykit/core';
import { awsErrorCode, isClientFault, isDenied, isThrottled, requestIdOf } from '../../aws/errors.ts';
import { sendOnce } from '../../aws/send-once.ts';
import { familyOf } from '../../gate/cidr.ts';
import type { Settlement } from '../ledger/claim.ts';
import type { Slot, Unplaced } from '../ledger/ledger.ts';
import { type AclEntry, aclFacts, entryAt, isOurs } from './acl.ts';
import type { CreateStep, DeleteStep, Ec2Step, ReplaceStep } from './entry-plan.ts';

/** What an EC2 write needs besides its step. */
export interface EntryWriter {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly networkAclId: string;
  readonly egress: boolean;
  /** Milliseconds after which one request is given up. */
  readonly requestTimeoutMs: number;
  /** Milliseconds until the lease must not be used any more for starting a write. */
  readonly remainingTimeMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly random: () => number;
}

/** What became of an EC2 write, for the step and for the ledger; `undone` leaves it to the caller what was there before. */
export interface EntryResult {
  readonly outcome: Pick<StepOutcome, 'status' | 'reason' | 'because' | 'retryable' | 'error' | 'requestIds'>;
  readonly settlement: Settlement;
}

/** Creates, replaces or deletes the entry of one claimed slot; every answer of EC2 becomes a result, none is thrown. */
export const executeEntry = (step: Ec2Step, writer: EntryWriter): Promise<EntryResult> => {
  if (step.action === 'create-entry') return executeCreate(step, writer);
  return step.action === 'replace-entry' ? executeReplace(step, writer) : executeDelete(step, writer);
};

const executeCreate = async (step: CreateStep, writer: EntryWriter): Promise<EntryResult> => {
  const { slot } = step;
  // A retake does not know what the dead writer did, so "not now" never means "not at all".
  const undone: Settlement = step.origin === 'retake' ? { kind: 'unknown' } : { kind: 'undone' };
  const attempt = await attempts(writer, () =>
    sendOnce(writer.ec2, new CreateNetworkAclEntryCommand(entryInput(slot, writer)), writer.requestTimeoutMs),
  );
  const { requestIds } = attempt;
  if (attempt.ok) {
    return {
      outcome: applied(`Rule ${slot.ruleNumber} denies ${slot.cidr} now.`, requestIds),
      settlement: step.origin === 'restore' ? { kind: 'active', vanished: true } : { kind: 'active' },
    };
  }
  const { error } = attempt;
  const code = awsErrorCode(error);
  if (code === 'NetworkAclEntryAlreadyExists') return whoHolds(step, writer, attempt);
  if (attempt.ambiguous) return unknown(error, requestIds);
  if (code === 'NetworkAclEntryLimitExceeded') {
    const because = 'EC2 says that the network ACL has no room for another entry.';
    const settlement: Settlement = { kind: 'undone', unplaced: unplacedSlot(slot, 'quota') };
    return { outcome: { ...failure(error, 'quota', because, false), requestIds }, settlement };
  }
  return { outcome: { ...definite(error), requestIds }, settlement: undone };
};

/**
 * Writes over whatever has the rule number, so after an answer that is not clear it is not sent again: a person may have
 * taken the number in between.
 */
const executeReplace = async (step: ReplaceStep, writer: EntryWriter): Promise<EntryResult> => {
  const { slot, origin } = step;
  const attempt = await attempts(
    writer,
    () => sendOnce(writer.ec2, new ReplaceNetworkAclEntryCommand(entryInput(slot, writer)), writer.requestTimeoutMs),
    isThrottled,
  );
  const { requestIds } = attempt;
  const instead = slot.replaced ? `, in place of ${slot.replaced.cidr}` : '';
  const because = `Rule ${slot.ruleNumber} denies ${slot.cidr} now${instead}.`;
  if (attempt.ok) return { outcome: applied(because, requestIds), settlement: { kind: 'active' } };
  const { error } = attempt;
  if (awsErrorCode(error) === 'InvalidNetworkAclEntry.NotFound') return createInstead(step, writer, requestIds);
  if (attempt.ambiguous) return tookEffect(slot, writer, attempt);
  const settlement: Settlement = origin === 'retake' ? { kind: 'unknown' } : { kind: 'undone' };
  return { outcome: { ...definite(error), requestIds }, settlement };
};

/** The one to be replaced is gone, so the number is free; where that fails too, it is as it was: gone, and known to be. */
const createInstead = async (
  { slot, origin, ...step }: ReplaceStep,
  writer: EntryWriter,
  earlierIds: readonly string[],
): Promise<EntryResult> => {
  const create: CreateStep = { ...step, action: 'create-entry', origin: origin === 'retake' ? 'retake' : 'new', slot };
  const { outcome, settlement } = await executeCreate(create, writer);
  const requestIds = [...earlierIds, ...(outcome.requestIds ?? [])];
  return {
    outcome: { ...outcome, requestIds },
    settlement: settlement.kind === 'undone' ? { kind: 'undone' } : settlement,
  };
};

/** EC2 did not answer clearly: what it shows of ours is there, what it does not show may still come. */
const tookEffect = async (
  slot: Slot,
  writer: EntryWriter,
  { error, requestIds }: FailedAttempts,
): Promise<EntryResult> => {
  try {
    if (!isOurs(await lookAt(slot.ruleNumber, writer), slot)) return unknown(error, requestIds);
    return alreadyThere(slot, requestIds);
  } catch {
    return unknown(error, requestIds);
  }
};

const alreadyThere = ({ ruleNumber, cidr }: Slot, requestIds: readonly string[]): EntryResult => {
  const because = `Rule ${ruleNumber} denied ${cidr} already.`;
  const outcome = {
    status: 'already-applied',
    reason: 'already-exists',
    because,
    retryable: false,
    requestIds,
  } as const;
  return { outcome, settlement: { kind: 'active' } };
};

const unplacedSlot = (
  { cidr, protocol, ports, madeBy, severity, sightings, writtenAt }: Slot,
  reason: string,
): Unplaced => ({
  cidr,
  protocol,
  ...(ports ? { ports } : {}),
  reason,
  ...madeBy,
  severity,
  sightings,
  since: writtenAt,
});

/**
 * Somebody has the rule number: an earlier attempt of ours, or somebody else. Only a look can tell, and where an earlier
 * attempt may have made the entry (`ambiguous`) not even that: EC2 may still show who held the number before.
 */
const whoHolds = async (
  { slot }: CreateStep,
  writer: EntryWriter,
  { error: exists, requestIds, ambiguous }: FailedAttempts,
): Promise<EntryResult> => {
  const { ruleNumber } = slot;
  try {
    const holder = await lookAt(ruleNumber, writer);
    if (isOurs(holder, slot)) return alreadyThere(slot, requestIds);
    if (ambiguous) return unknown(exists, requestIds);
    const because = `Rule ${ruleNumber} was taken by somebody else in the meantime; it is left alone.`;
    const outcome = { status: 'failed', reason: 'number-taken', because, retryable: true, requestIds } as const;
    return { outcome, settlement: { kind: 'removed' } };
  } catch (error) {
    return unknown(error, requestIds);
  }
};

const lookAt = (ruleNumber: number, writer: EntryWriter): Promise<AclEntry> =>
  retry(
    async () => {
      const command = new DescribeNetworkAclsCommand({ NetworkAclIds: [writer.networkAclId] });
      const { NetworkAcls } = await sendOnce<DescribeNetworkAclsCommandOutput>(
        writer.ec2,
        command,
        writer.requestTimeoutMs,
      );
      const acl = NetworkAcls?.[0];
      const holder = acl && entryAt(aclFacts(acl, writer.egress).entries, ruleNumber);
      if (holder) return holder;
      throw new RemediationError({
        code: 'ENTRY_NOT_VISIBLE',
        message: `EC2 says that rule ${ruleNumber} of ${writer.networkAclId} exists and does not show it yet.`,
        retryable: true,
      });
    },
    { ...patience, ...writer, isRetryable: () => true },
  );

const executeDelete = async (step: DeleteStep, writer: EntryWriter): Promise<EntryResult> => {
  const { ruleNumber, cidr } = step.slot;
  const command = () =>
    new DeleteNetworkAclEntryCommand({
      NetworkAclId: writer.networkAclId,
      Egress: writer.egress,
      RuleNumber: ruleNumber,
    });
  const attempt = await attempts(writer, () => sendOnce(writer.ec2, command(), writer.requestTimeoutMs));
  const { requestIds } = attempt;
  const settlement: Settlement = { kind: 'removed' };
  if (attempt.ok) return { outcome: applied(`Rule ${ruleNumber} (${cidr}) is gone.`, requestIds), settlement };
  const { error } = attempt;
  if (awsErrorCode(error) === 'InvalidNetworkAclEntry.NotFound') {
    const because = `Rule ${ruleNumber} (${cidr}) was gone already.`;
    const outcome = {
      status: 'already-applied',
      reason: 'already-gone',
      because,
      retryable: false,
      requestIds,
    } as const;
    return { outcome, settlement };
  }
  if (attempt.ambiguous) return unknown(error, requestIds);
  return {
    outcome: { ...definite(error), requestIds },
    settlement: { kind: 'undone' },
  };
};

const patience = { attempts: 4, baseMs: 200, maxMs: 2_000 } as const;

interface FailedAttempts {
  readonly ok: false;
  readonly requestIds: readonly string[];
  readonly error: unknown;
  readonly ambiguous: boolean;
}

type Attempts = { readonly ok: true; readonly requestIds: readonly string[] } | FailedAttempts;

/** Tries while time is left; remembers whether any attempt may have had an effect although it failed. */
const attempts = async (
  writer: EntryWriter,
  send: () => Promise<unknown>,
  isRetryable: (error: unknown) => boolean = (error) =>
    isThrottled(error) || !(isClientFault(error) || isOutOfTime(error)),
): Promise<Attempts> => {
  const requestIds: string[] = [];
  let ambiguous = false;
  try {
    await retry(
      async () => {
        if (writer.remainingTimeMs() < writer.requestTimeoutMs) throw outOfTime();
        try {
          noteId(requestIds, await send());
        } catch (error) {
          noteId(requestIds, error);
          if (!isThrottled(error) && !isClientFault(error)) ambiguous = true;
          throw error;
        }
      },
      { ...patience, ...writer, isRetryable },
    );
    return { ok: true, requestIds };
  } catch (error) {
    return { ok: false, requestIds, error, ambiguous };
  }
};

const noteId = (ids: string[], answer: unknown): void => {
  const id = requestIdOf(answer);
  if (id !== undefined) ids.push(id);
};

const outOfTime = (): RemediationError =>
  new RemediationError({
    code: 'OUT_OF_TIME',
    message: 'Too little time is left to write to EC2 within the lease.',
    retryable: true,
  });

const isOutOfTime = (error: unknown): boolean => error instanceof RemediationError && error.code === 'OUT_OF_TIME';

const applied = (because: string, requestIds: readonly string[]): EntryResult['outcome'] => ({
  status: 'applied',
  reason: 'applied',
  because,
  retryable: false,
  requestIds,
});

const failure = (error: unknown, reason: string, because: string, retryable: boolean): EntryResult['outcome'] => ({
  status: 'failed',
  reason,
  because,
  retryable,
  error: summarizeError(error),
});

const definite = (error: unknown): EntryResult['outcome'] => {
  if (isThrottled(error)) return failure(error, 'throttled', 'EC2 throttled the request.', true);
  if (isDenied(error)) return failure(error, 'access-denied', 'The role may not change this network ACL.', true);
  if (isOutOfTime(error)) return failure(error, 'out-of-time', 'Too little time was left.', true);
  return failure(error, 'rejected-by-ec2', `EC2 rejected the request (${awsErrorCode(error)}).`, true);
};

const unknown = (error: unknown, requestIds: readonly string[]): EntryResult => ({
  outcome: {
    ...failure(error, 'unknown-effect', 'EC2 did not answer clearly; whether it took place is not known yet.', true),
    requestIds,
  },
  settlement: { kind: 'unknown' },
});

/** What EC2 is told of an entry, to create it or to write it over another. */
const entryInput = (slot: Slot, { networkAclId, egress }: EntryWriter): CreateNetworkAclEntryCommandInput => ({
  NetworkAclId: networkAclId,
  Egress: egress,
  RuleNumber: slot.ruleNumber,
  RuleAction: 'deny',
  Protocol: slot.protocol,
  ...(familyOf(slot.cidr) === 4 ? { CidrBlock: slot.cidr } : { Ipv6CidrBlock: slot.cidr }),
  ...(slot.protocol === '-1' ? {} : { PortRange: { From: slot.ports?.from ?? 0, To: slot.ports?.to ?? 65_535 } }),
});

import {
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  type DescribeNetworkAclsCommandOutput,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import { RemediationError, retry } from '@remedykit/core';
import { awsErrorCode, isThrottled } from '../../aws/errors.ts';
import { sendOnce } from '../../aws/send-once.ts';
import { familyOf } from '../../gate/cidr.ts';
import type { Settlement } from '../ledger/claim.ts';
import type { Slot, Unplaced } from '../ledger/ledger.ts';
import { type AclEntry, aclFacts, entryAt, isOurs } from './acl.ts';
import { attempts, type EntryWriter, type FailedAttempts, patience } from './attempts.ts';
import type { CreateStep, DeleteStep, Ec2Step, ReplaceStep } from './entry-plan.ts';
import { applied, definite, type EntryResult, failure, unknown } from './entry-result.ts';

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

import type {
  CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommandInput,
  ReplaceNetworkAclEntryCommandInput,
} from '@aws-sdk/client-ec2';
import { canonicalCidr } from './cidr.ts';
import {
  dryRunSucceeded,
  entryAlreadyExists,
  entryLimitExceeded,
  entryNotFound,
  invalidCombination,
  invalidParameterValue,
  missingParameter,
  networkAclNotFound,
} from './errors.ts';
import type { Entry, NetworkAcl, World } from './state.ts';

type EntryInput = CreateNetworkAclEntryCommandInput | ReplaceNetworkAclEntryCommandInput;

/** What names an entry: rule numbers are unique per network ACL and direction, across both families. */
interface EntryKey {
  readonly networkAclId: string;
  readonly ruleNumber: number;
  readonly egress: boolean;
}

const keyOf = (input: DeleteNetworkAclEntryCommandInput): EntryKey => {
  const { NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress: egress } = input;
  if (networkAclId === undefined) throw missingParameter('networkAclId');
  if (ruleNumber === undefined) throw missingParameter('ruleNumber');
  if (egress === undefined) throw missingParameter('egress');
  if (!Number.isInteger(ruleNumber) || ruleNumber < 1 || ruleNumber > 32766) {
    throw invalidParameterValue('ruleNumber', ruleNumber, 'The rule number must be between 1 and 32766.');
  }
  return { networkAclId, ruleNumber, egress };
};

const cidrOf = (input: EntryInput): Pick<Entry, 'cidr' | 'family'> => {
  const { CidrBlock, Ipv6CidrBlock } = input;
  if (CidrBlock !== undefined && Ipv6CidrBlock !== undefined) {
    throw invalidCombination('The parameters cidrBlock and ipv6CidrBlock cannot be used together.');
  }
  if (CidrBlock !== undefined) return { cidr: canonicalCidr(CidrBlock, 4, 'cidrBlock'), family: 4 };
  if (Ipv6CidrBlock !== undefined) return { cidr: canonicalCidr(Ipv6CidrBlock, 6, 'ipv6CidrBlock'), family: 6 };
  throw missingParameter('cidrBlock');
};

const protocolOf = ({ Protocol }: EntryInput): string => {
  if (Protocol === undefined) throw missingParameter('protocol');
  const isNumber = /^(-1|\d{1,3})$/.test(Protocol) && Number(Protocol) <= 255;
  if (!isNumber) throw invalidParameterValue('protocol', Protocol, 'Give the protocol number, or -1 for all.');
  return String(Number(Protocol));
};

/** Ports count for TCP and UDP, ICMP types for ICMP and ICMPv6; for all other protocols both are ignored. */
const rangeOf = (protocol: string, input: EntryInput): Pick<Entry, 'ports' | 'icmp'> => {
  if (protocol === '6' || protocol === '17') {
    const { From: from, To: to } = input.PortRange ?? {};
    if (from === undefined || to === undefined) throw missingParameter('portRange');
    const fits = [from, to].every((port) => Number.isInteger(port) && port >= 0 && port <= 65535) && from <= to;
    if (!fits)
      throw invalidParameterValue('portRange', `${from}-${to}`, 'Give ports from 0 to 65535 in ascending order.');
    return { ports: { from, to } };
  }
  if (protocol === '1' || protocol === '58') {
    const { Type: type, Code: code } = input.IcmpTypeCode ?? {};
    if (type === undefined || code === undefined) throw missingParameter('icmpTypeCode');
    return { icmp: { type, code } };
  }
  return {};
};

const entryOf = (input: EntryInput, { ruleNumber, egress }: EntryKey): Entry => {
  const { RuleAction: action } = input;
  if (action === undefined) throw missingParameter('ruleAction');
  if (action !== 'allow' && action !== 'deny') {
    throw invalidParameterValue('ruleAction', action, 'Give allow or deny.');
  }
  const protocol = protocolOf(input);
  return { ruleNumber, egress, ...cidrOf(input), action, protocol, ...rangeOf(protocol, input) };
};

const aclOf = (world: World, id: string): NetworkAcl => {
  const acl = world.networkAcls.find((one) => one.networkAclId === id);
  if (acl === undefined) throw networkAclNotFound(id);
  return acl;
};

const indexIn = (acl: NetworkAcl, { ruleNumber, egress }: EntryKey): number =>
  acl.entries.findIndex((one) => one.ruleNumber === ruleNumber && one.egress === egress);

const assertRoom = (entries: readonly Entry[], { egress, family }: Entry, quota: number): void => {
  if (entries.filter((one) => one.egress === egress && one.family === family).length >= quota) {
    throw entryLimitExceeded();
  }
};

/** Adds an entry; `quota` counts per direction and family, the default deny included. */
export const createEntry = (world: World, input: CreateNetworkAclEntryCommandInput, quota: number): object => {
  const key = keyOf(input);
  const entry = entryOf(input, key);
  const acl = aclOf(world, key.networkAclId);
  if (input.DryRun) throw dryRunSucceeded();
  if (indexIn(acl, key) >= 0) throw entryAlreadyExists(key.ruleNumber);
  assertRoom(acl.entries, entry, quota);
  acl.entries.push(entry);
  return {};
};

/** Puts an entry in the place of another in one step; the quota counts only where the family changes. */
export const replaceEntry = (world: World, input: ReplaceNetworkAclEntryCommandInput, quota: number): object => {
  const key = keyOf(input);
  const entry = entryOf(input, key);
  const acl = aclOf(world, key.networkAclId);
  const index = indexIn(acl, key);
  if (index < 0) throw entryNotFound(key.ruleNumber);
  if (input.DryRun) throw dryRunSucceeded();
  assertRoom(acl.entries.toSpliced(index, 1), entry, quota);
  acl.entries[index] = entry;
  return {};
};

/** Removes an entry. */
export const deleteEntry = (world: World, input: DeleteNetworkAclEntryCommandInput): object => {
  const key = keyOf(input);
  const acl = aclOf(world, key.networkAclId);
  const index = indexIn(acl, key);
  if (index < 0) throw entryNotFound(key.ruleNumber);
  if (input.DryRun) throw dryRunSucceeded();
  acl.entries.splice(index, 1);
  return {};
};

import type { NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import { canonicalCidr, overlaps } from '../../gate/cidr.ts';
import type { Match, Slot } from '../ledger/ledger.ts';
import type { PortRange } from '../outcome.ts';
import { consistencyWindow } from '../policy.ts';

/** One entry of a network ACL in one direction, as EC2 shows it. */
export interface AclEntry {
  readonly ruleNumber: number;
  /** Canonical. */
  readonly cidr: string;
  readonly action: 'allow' | 'deny';
  /** IP protocol number, `-1` for all. */
  readonly protocol: string;
  /** Absent: all ports. */
  readonly ports?: PortRange;
}

/** One direction of a network ACL. */
export interface AclFacts {
  readonly networkAclId: string;
  readonly ownerAccountId: string;
  readonly vpcId: string;
  /** The subnets that it serves. */
  readonly subnetIds: readonly string[];
  /** The default deny (32767, 32768) included, in order of rule numbers. */
  readonly entries: readonly AclEntry[];
}

/** One direction of a network ACL as `DescribeNetworkAcls` returned it. */
export const aclFacts = (acl: NetworkAcl, egress: boolean): AclFacts => ({
  networkAclId: acl.NetworkAclId ?? '',
  ownerAccountId: acl.OwnerId ?? '',
  vpcId: acl.VpcId ?? '',
  subnetIds: (acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []).toSorted(),
  entries: (acl.Entries ?? [])
    .filter((entry) => entry.Egress === egress)
    .flatMap((entry) => aclEntry(entry) ?? [])
    .toSorted((a, b) => a.ruleNumber - b.ruleNumber),
});

const aclEntry = (entry: NetworkAclEntry): AclEntry | undefined => {
  const cidr = entry.CidrBlock ?? entry.Ipv6CidrBlock;
  if (cidr === undefined || entry.RuleNumber === undefined) return undefined;
  const protocol = entry.Protocol ?? '-1';
  const { From, To } = entry.PortRange ?? {};
  const ports = protocol !== '-1' && From !== undefined && To !== undefined ? { from: From, to: To } : undefined;
  return {
    ruleNumber: entry.RuleNumber,
    cidr: canonicalCidr(cidr),
    action: entry.RuleAction === 'allow' ? 'allow' : 'deny',
    protocol,
    ...(ports && (ports.from > 0 || ports.to < 65_535) ? { ports } : {}),
  };
};

/** The entry with this rule number. */
export const entryAt = (entries: readonly AclEntry[], ruleNumber: number): AclEntry | undefined =>
  entries.find((entry) => entry.ruleNumber === ruleNumber);

/** True for a rule number that is reserved for us. */
export const inRange = (ruleNumber: number, { from, to }: PortRange): boolean => ruleNumber >= from && ruleNumber <= to;

/**
 * True while EC2 may answer as if the latest write for this slot had not taken place: the entry not there yet, or still
 * what was under its rule number before. A worker may have written until its lease ended. What is being released was seen.
 */
export const mayBeUnseen = ({ status, writtenAt, lease }: Slot, now: Date): boolean => {
  if (status === 'releasing') return false;
  const latest = Math.max(Date.parse(writtenAt), lease === undefined ? 0 : Date.parse(lease.until));
  return now.getTime() - latest <= consistencyWindow;
};

/** True when the entry is the deny that we wrote for `match`. */
export const isOurs = (entry: AclEntry, match: Match): boolean =>
  entry.action === 'deny' &&
  entry.cidr === match.cidr &&
  entry.protocol === match.protocol &&
  entry.ports?.from === match.ports?.from &&
  entry.ports?.to === match.ports?.to;

/**
 * The first allow that is evaluated before a deny at `ruleNumber` and lets through a packet which that deny should stop.
 * Entries are evaluated in ascending order and the first match decides. Source: VPC user guide, network ACL rules.
 */
export const allowBefore = (entries: readonly AclEntry[], ruleNumber: number, match: Match): AclEntry | undefined =>
  entries.find(
    (entry) =>
      entry.action === 'allow' &&
      entry.ruleNumber < ruleNumber &&
      (entry.protocol === '-1' || match.protocol === '-1' || entry.protocol === match.protocol) &&
      overlaps(entry.cidr, match.cidr) &&
      sharePort(entry.ports, match.ports),
  );

const sharePort = (a: PortRange | undefined, b: PortRange | undefined): boolean =>
  a === undefined || b === undefined || (a.from <= b.to && b.from <= a.to);

import type { PortRange } from '../../nacl/outcome.ts';
import type { Entry, NetworkAcl, World } from './state.ts';

/** A network ACL entry as a test reads it. */
export interface EntryInForce {
  readonly ruleNumber: number;
  readonly cidr: string;
  readonly action: 'allow' | 'deny';
  /** IP protocol number; `-1` all. */
  readonly protocol: string;
  /** Absent: all ports. */
  readonly ports?: PortRange;
}

/** A network ACL as a test reads it; entries by rule number, the default denies (32767, 32768) among them. */
export interface NetworkAclView {
  readonly networkAclId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  readonly ingress: readonly EntryInForce[];
  readonly egress: readonly EntryInForce[];
}

const entriesOf = (acl: NetworkAcl, egress: boolean): EntryInForce[] =>
  acl.entries
    .filter((one) => one.egress === egress)
    .sort((one, other) => one.ruleNumber - other.ruleNumber)
    .map(
      ({ ruleNumber, cidr, action, protocol, ports }: Entry): EntryInForce => ({
        ruleNumber,
        cidr,
        action,
        protocol,
        ...(ports === undefined ? {} : { ports }),
      }),
    );

/** The network ACLs as they are now, whatever describes show. */
export const viewNetworkAcls = (world: World): NetworkAclView[] =>
  world.networkAcls.map((acl) => ({
    networkAclId: acl.networkAclId,
    vpcId: acl.vpcId,
    ownerId: acl.ownerId,
    isDefault: acl.isDefault,
    subnetIds: world.subnets.filter((one) => one.networkAclId === acl.networkAclId).map((one) => one.subnetId),
    ingress: entriesOf(acl, false),
    egress: entriesOf(acl, true),
  }));

import type { NetworkAcl } from '@aws-sdk/client-ec2';
import type { Scope } from '../options.ts';
import type { Target } from '../outcome.ts';
import type { PlaceReader } from './places.ts';
import type { ReachedInterface } from './subnets-to-deny.ts';

/** The network ACLs in which a deny is due. */
export interface AclsInScope {
  readonly acls: readonly NetworkAcl[];
  /** Attacked subnets for which EC2 shows none. */
  readonly without: readonly string[];
}

/** The network ACLs of the attacked subnets, or with `scope: 'vpc'` every one in use in their VPCs. */
export const aclsInScope = async (
  reader: PlaceReader,
  scope: Scope,
  target: Target,
  subnetIds: readonly string[],
  interfaces: readonly Pick<ReachedInterface, 'subnetId' | 'vpcId'>[],
): Promise<AclsInScope> => {
  if (scope === 'subnet') {
    const bySubnet = await reader.acls(target, subnetIds);
    return { acls: unique([...bySubnet.values()]), without: subnetIds.filter((subnetId) => !bySubnet.has(subnetId)) };
  }
  const vpcOf = new Map(interfaces.flatMap(({ subnetId, vpcId }) => (vpcId ? [[subnetId, vpcId] as const] : [])));
  const unknown = subnetIds.filter((subnetId) => !vpcOf.has(subnetId));
  if (unknown.length > 0) {
    for (const [subnetId, { VpcId }] of await reader.acls(target, unknown)) if (VpcId) vpcOf.set(subnetId, VpcId);
  }
  const vpcIds = [...new Set(subnetIds.flatMap((subnetId) => vpcOf.get(subnetId) ?? []))];
  const acls = await reader.aclsOfVpcs(target, vpcIds);
  const served = new Set(acls.flatMap(({ Associations = [] }) => Associations.map(({ SubnetId }) => SubnetId)));
  return { acls, without: subnetIds.filter((subnetId) => !served.has(subnetId)) };
};

const unique = (acls: readonly NetworkAcl[]): NetworkAcl[] => [
  ...new Map(acls.map((acl) => [acl.NetworkAclId, acl])).values(),
];

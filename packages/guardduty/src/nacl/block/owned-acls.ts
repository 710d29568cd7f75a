import type { NetworkAcl } from '@aws-sdk/client-ec2';
import type { Finding } from '../../finding.ts';
import { targetOf } from '../../gate/judge-finding.ts';
import { worksInOwner } from '../../gate/owners.ts';
import type { Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { PlacedDeny } from './placed-deny.ts';
import type { PlaceReader } from './places.ts';
import { aclsInScope } from './scope.ts';
import type { ReachedInterface } from './subnets-to-deny.ts';

/** A network ACL as its owner sees it. */
export interface OwnedAcl {
  readonly owner: Target;
  readonly acl: NetworkAcl;
}

/** The network ACLs for a threat, and why there is none for part of it. */
export interface OwnedAcls {
  readonly acls: readonly OwnedAcl[];
  /** Attacked subnets for which EC2 shows none. */
  readonly without: readonly string[];
  readonly notOurs: readonly PlacedDeny[];
}

/**
 * The network ACLs in which a deny is due. Those of a shared VPC belong to its owner, and are read again as the owner sees
 * them: a participant is not shown every subnet that they serve.
 */
export const ownedAcls = async (
  { settings }: Pick<Run, 'settings'>,
  reader: PlaceReader,
  finding: Finding,
  subnetIds: readonly string[],
  interfaces: readonly ReachedInterface[],
): Promise<OwnedAcls> => {
  const target = targetOf(finding);
  const { scope } = settings;
  const { acls, without } = await aclsInScope(reader, scope, target, subnetIds, interfaces);
  const own = acls.filter(({ OwnerId }) => OwnerId === finding.accountId).map((acl) => ({ owner: target, acl }));
  const notOurs: PlacedDeny[] = [];
  const shared: OwnedAcl[] = [];
  const missing: string[] = [];
  for (const ownerId of new Set(
    acls.flatMap(({ OwnerId }) => (OwnerId === finding.accountId ? [] : [OwnerId ?? ''])),
  )) {
    const theirs = acls.filter(({ OwnerId = '' }) => OwnerId === ownerId);
    if (!(await worksInOwner(settings, ownerId))) {
      notOurs.push(...theirs.map((acl) => sharedVpc(acl, settings)));
      continue;
    }
    const owner = { accountId: ownerId, region: target.region };
    const served = theirs.flatMap(({ VpcId, Associations = [] }) =>
      Associations.flatMap(({ SubnetId }) =>
        SubnetId !== undefined && subnetIds.includes(SubnetId)
          ? [{ subnetId: SubnetId, ...(VpcId ? { vpcId: VpcId } : {}) }]
          : [],
      ),
    );
    const theirSubnets = served.map(({ subnetId }) => subnetId);
    const seen = await aclsInScope(reader, scope, owner, theirSubnets, served);
    shared.push(...seen.acls.filter(({ OwnerId }) => OwnerId === ownerId).map((acl) => ({ owner, acl })));
    missing.push(...seen.without);
  }
  return { acls: [...own, ...shared], without: [...without, ...missing], notOurs };
};

const sharedVpc = ({ NetworkAclId, OwnerId }: NetworkAcl, { policy }: Settings): PlacedDeny =>
  OwnerId !== undefined && OwnerId === policy.managementAccountId
    ? {
        kind: 'no-place',
        reason: 'management-account',
        because: `The network ACL ${NetworkAclId} belongs to the management account ${OwnerId}, in which nothing is written.`,
      }
    : {
        kind: 'no-place',
        reason: 'shared-vpc',
        because: `The network ACL ${NetworkAclId} belongs to account ${OwnerId}, which shares the VPC; only its owner may change it. List that account in "accounts" and give "ec2" as a function from account to client.`,
      };

import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { type AclFacts, aclFacts } from '../entries/acl.ts';
import { gatherAclsOfSubnets } from '../entries/gather-acls.ts';
import { type ReadLedger, readLedger } from '../ledger/change-ledger.ts';
import { type LedgerId, ledgerKey } from '../ledger/ledger.ts';
import type { Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import { gatherInterfaces, type ReachedInterface } from './reach.ts';

/** One direction of one network ACL, as read: where a deny would go. */
export interface Place {
  readonly id: LedgerId;
  readonly acl: AclFacts;
  readonly read: ReadLedger;
}

/** What was read in this call, so that the findings of one batch share it. */
export interface PlaceReader {
  /** The network ACLs of these subnets; a subnet that does not exist any more has none. */
  acls(target: Target, subnetIds: readonly string[]): Promise<ReadonlyMap<string, NetworkAcl>>;
  /** The live interfaces of an instance. */
  interfaces(target: Target, instanceId: string): Promise<readonly ReachedInterface[]>;
  /** The ledger and the entries of one direction. */
  place(target: Target, acl: NetworkAcl, egress: boolean): Promise<Place>;
}

/** Reads each network ACL, instance and ledger once per call. */
export const createPlaceReader = (run: Run): PlaceReader => {
  const byInstance = new Map<string, Promise<ReadonlyMap<string, readonly ReachedInterface[]>>>();
  const bySubnet = new Map<string, Promise<ReadonlyMap<string, NetworkAcl>>>();
  const places = new Map<string, Promise<Place>>();
  return {
    async acls(target, subnetIds) {
      const key = (subnetId: string) => `${target.accountId}/${target.region}/${subnetId}`;
      const missing = subnetIds.filter((subnetId) => !bySubnet.has(key(subnetId)));
      if (missing.length > 0) {
        const reading = gatherAclsOfSubnets(run.settings.ec2(target), missing).then(aclsBySubnet);
        for (const subnetId of missing) bySubnet.set(key(subnetId), reading);
      }
      const found = new Map<string, NetworkAcl>();
      for (const subnetId of subnetIds) {
        const acl = (await bySubnet.get(key(subnetId)))?.get(subnetId);
        if (acl) found.set(subnetId, acl);
      }
      return found;
    },
    async interfaces(target, instanceId) {
      const key = `${target.accountId}/${target.region}/${instanceId}`;
      const reading = byInstance.get(key) ?? gatherInterfaces(run.settings.ec2(target), [instanceId]);
      byInstance.set(key, reading);
      return (await reading).get(instanceId) ?? [];
    },
    place({ region }, networkAcl, egress) {
      const acl = aclFacts(networkAcl, egress);
      const id: LedgerId = {
        accountId: acl.ownerAccountId,
        region,
        networkAclId: acl.networkAclId,
        direction: egress ? 'egress' : 'ingress',
      };
      const key = ledgerKey(id);
      const known = places.get(key);
      if (known) return known;
      const place = readLedger(run, id).then((read) => ({ id, acl, read }));
      places.set(key, place);
      return place;
    },
  };
};

const aclsBySubnet = (acls: readonly NetworkAcl[]): ReadonlyMap<string, NetworkAcl> => {
  const bySubnet = new Map<string, NetworkAcl>();
  for (const acl of acls) {
    for (const { SubnetId } of acl.Associations ?? []) if (SubnetId !== undefined) bySubnet.set(SubnetId, acl);
  }
  return bySubnet;
};

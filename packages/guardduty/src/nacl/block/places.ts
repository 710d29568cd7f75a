import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { type AclFacts, aclFacts } from '../entries/acl.ts';
import { gatherAclsOfSubnets } from '../entries/gather-acls.ts';
import { type ReadLedger, readLedger } from '../ledger/change-ledger.ts';
import { type LedgerId, ledgerKey } from '../ledger/ledger.ts';
import type { Ec2 } from '../options.ts';
import type { Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import { gatherAclsOfVpcs } from './gather-vpc-acls.ts';
import { gatherInterfaces, type ReachedInterface } from './reach.ts';

/** One direction of one network ACL, as read: where a deny would go. */
export interface Place {
  readonly id: LedgerId;
  readonly acl: AclFacts;
  readonly read: ReadLedger;
  /** When the entries were read. */
  readonly readAt: Date;
}

/** What was read in this call, so that the findings of one batch share it. */
export interface PlaceReader {
  /** The network ACLs of these subnets; a subnet that does not exist any more has none. */
  acls(target: Target, subnetIds: readonly string[]): Promise<ReadonlyMap<string, NetworkAcl>>;
  /** The network ACLs in use in these VPCs. */
  aclsOfVpcs(target: Target, vpcIds: readonly string[]): Promise<readonly NetworkAcl[]>;
  /** The live interfaces of an instance. */
  interfaces(target: Target, instanceId: string): Promise<readonly ReachedInterface[]>;
  /** Reads the network ACLs of these subnets together: they will be asked for. Never rejects. */
  expectAcls(target: Target, subnetIds: readonly string[]): Promise<void>;
  /** The same for those of these VPCs. */
  expectAclsOfVpcs(target: Target, vpcIds: readonly string[]): Promise<void>;
  /** The same for the interfaces of these instances. */
  expectInterfaces(target: Target, instanceIds: readonly string[]): Promise<void>;
  /** The ledger and the entries of one direction. */
  place(target: Target, acl: NetworkAcl, egress: boolean): Promise<Place>;
}

/** Reads each network ACL, instance and ledger once per call. */
export const createPlaceReader = (run: Run): PlaceReader => {
  const byInstance = new Map<string, Promise<ReadonlyMap<string, readonly ReachedInterface[]>>>();
  const bySubnet = new Map<string, Promise<ReadonlyMap<string, NetworkAcl>>>();
  const byVpc = new Map<string, Promise<readonly NetworkAcl[]>>();
  const places = new Map<string, Promise<Place>>();
  const readTimes = new WeakMap<NetworkAcl, Date>();

  /** A worker may be frozen between this and the reading of the ledger: then both tell of different times. */
  const timed =
    <Found extends ReadonlyMap<string, NetworkAcl> | readonly NetworkAcl[]>(
      gather: (ec2: Ec2, ids: readonly string[]) => Promise<Found>,
    ) =>
    async (ec2: Ec2, ids: readonly string[]): Promise<Found> => {
      const readAt = run.settings.now();
      const found = await gather(ec2, ids);
      for (const acl of found.values()) readTimes.set(acl, readAt);
      return found;
    };
  const gatherBySubnet = timed(gatherAcls);
  const gatherByVpc = timed(gatherAclsOfVpcs);

  /** Reads what is missing of `ids`, together. What fails is forgotten, so that whoever asks for one of them reads it alone. */
  const readTogether = <Found>(
    known: Map<string, Promise<Found>>,
    target: Target,
    ids: readonly string[],
    gather: (ec2: Ec2, ids: readonly string[]) => Promise<Found>,
  ): Promise<unknown> => {
    const missing = [...new Set(ids)].filter((id) => !known.has(keyOf(target, id)));
    if (missing.length === 0) return Promise.resolve();
    const reading = gather(run.settings.ec2(target), missing);
    for (const id of missing) known.set(keyOf(target, id), reading);
    return reading.catch(() => {
      for (const id of missing) known.delete(keyOf(target, id));
    });
  };

  return {
    expectAcls: async (target, subnetIds) => void (await readTogether(bySubnet, target, subnetIds, gatherBySubnet)),
    expectAclsOfVpcs: async (target, vpcIds) => void (await readTogether(byVpc, target, vpcIds, gatherByVpc)),
    expectInterfaces: async (target, ids) => void (await readTogether(byInstance, target, ids, gatherInterfaces)),
    async acls(target, subnetIds) {
      const missing = subnetIds.filter((subnetId) => !bySubnet.has(keyOf(target, subnetId)));
      if (missing.length > 0) {
        const reading = gatherBySubnet(run.settings.ec2(target), missing);
        for (const subnetId of missing) bySubnet.set(keyOf(target, subnetId), reading);
      }
      const found = new Map<string, NetworkAcl>();
      for (const subnetId of subnetIds) {
        const acl = (await bySubnet.get(keyOf(target, subnetId)))?.get(subnetId);
        if (acl) found.set(subnetId, acl);
      }
      return found;
    },
    async aclsOfVpcs(target, vpcIds) {
      const missing = vpcIds.filter((vpcId) => !byVpc.has(keyOf(target, vpcId)));
      if (missing.length > 0) {
        const reading = gatherByVpc(run.settings.ec2(target), missing);
        for (const vpcId of missing) byVpc.set(keyOf(target, vpcId), reading);
      }
      const found = new Map<string | undefined, NetworkAcl>();
      for (const vpcId of vpcIds) {
        for (const acl of (await byVpc.get(keyOf(target, vpcId))) ?? []) {
          if (acl.VpcId === vpcId && isInUse(acl)) found.set(acl.NetworkAclId, acl);
        }
      }
      return [...found.values()];
    },
    async interfaces(target, instanceId) {
      const key = keyOf(target, instanceId);
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
      const readAt = readTimes.get(networkAcl) ?? new Date(0);
      const place = readLedger(run, id).then((read) => ({ id, acl, read, readAt }));
      places.set(key, place);
      return place;
    },
  };
};

const keyOf = ({ accountId, region }: Target, id: string): string => `${accountId}/${region}/${id}`;

/** One that serves no subnet stands before nobody. */
const isInUse = ({ Associations = [] }: NetworkAcl): boolean => Associations.length > 0;

const gatherAcls = async (ec2: Ec2, subnetIds: readonly string[]): Promise<ReadonlyMap<string, NetworkAcl>> =>
  aclsBySubnet(await gatherAclsOfSubnets(ec2, subnetIds));

const aclsBySubnet = (acls: readonly NetworkAcl[]): ReadonlyMap<string, NetworkAcl> => {
  const bySubnet = new Map<string, NetworkAcl>();
  for (const acl of acls) {
    for (const { SubnetId } of acl.Associations ?? []) if (SubnetId !== undefined) bySubnet.set(SubnetId, acl);
  }
  return bySubnet;
};

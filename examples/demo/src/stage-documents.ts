import { isIPv4 } from 'node:net';
import type { Clock } from '@remedykit/core';
import type { FindingInterface, Target } from '@remedykit/guardduty';
import { createFakeEc2, type FakeEc2, getFindingsAnswer } from '@remedykit/guardduty/testing';
import { type Counts, countSends } from './count-calls.ts';
import type { SourceDocument, StagedFinding } from './documents.ts';
import { type HeldDocument, isRecord } from './held-documents.ts';
import { startLocalStores } from './local-dynamodb.ts';
import type { Stage } from './stage.ts';

/** One account and Region as far as documents name it. */
interface World {
  readonly ec2: FakeEc2;
  readonly vpcs: Set<string>;
  /** Subnet by what the documents call it, or by what it was made for where they call it nothing. */
  readonly subnets: Map<string, string>;
  /** Interface by what the documents call it, or by where it is. */
  readonly interfaces: Map<string, { readonly id: string; readonly at: string }>;
}

const allowAll = [false, true].map((egress) => ({
  ruleNumber: 100,
  egress,
  cidr: '0.0.0.0/0',
  action: 'allow' as const,
}));

const inside = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((found, name) => (isRecord(found) ? found[name] : undefined), value);

/** The public address that a document gives an interface; the library does not read it, EC2 does know it. */
const publicIpOf = (held: HeldDocument, networkInterfaceId: string): string | undefined => {
  const [finding] = getFindingsAnswer([held]).Findings;
  const interfaces = inside(finding, 'Resource', 'InstanceDetails', 'NetworkInterfaces');
  const named = (Array.isArray(interfaces) ? interfaces : []).find(
    (one) => inside(one, 'NetworkInterfaceId') === networkInterfaceId,
  );
  const address = inside(named, 'PublicIp');
  return typeof address === 'string' && isIPv4(address) ? address : undefined;
};

const addSubnet = ({ ec2, vpcs, subnets }: World, key: string, named: Partial<FindingInterface>): string => {
  const known = subnets.get(key);
  if (known !== undefined) return known;
  const vpcId = named.vpcId ?? 'vpc-unnamed';
  if (!vpcs.has(vpcId)) ec2.addVpc({ vpcId });
  vpcs.add(vpcId);
  const subnetId = ec2.addSubnet({ vpcId, ...(named.subnetId === undefined ? {} : { subnetId: named.subnetId }) });
  ec2.addNetworkAcl({ vpcId, subnetIds: [subnetId], entries: allowAll });
  subnets.set(key, subnetId);
  return subnetId;
};

/**
 * Stages the instance of a finding: each interface in its subnet, each subnet with a network ACL of its own. An interface
 * that an earlier document had elsewhere moves.
 */
const addInstance = (world: World, { finding: { instance }, held }: StagedFinding): void => {
  const instanceId = instance?.instanceId;
  if (instance === undefined || instanceId === undefined) return;
  const unnamed: FindingInterface = { privateIpv4: [], ipv6: [] };
  for (const named of instance.interfaces.length > 0 ? instance.interfaces : [unnamed]) {
    const { networkInterfaceId, privateIpv4, ipv6 } = named;
    const subnetKey = named.subnetId ?? `of ${instanceId}`;
    const at = `${instanceId} in ${subnetKey}`;
    const key = networkInterfaceId ?? at;
    const known = world.interfaces.get(key);
    if (known?.at === at) continue;
    if (known !== undefined) world.ec2.removeInterface(known.id);
    const publicIp = networkInterfaceId === undefined ? undefined : publicIpOf(held, networkInterfaceId);
    const id = world.ec2.addInterface({
      instanceId,
      subnetId: addSubnet(world, subnetKey, named),
      ipv6,
      ...(networkInterfaceId === undefined ? {} : { networkInterfaceId }),
      ...(privateIpv4.length === 0 ? {} : { privateIps: privateIpv4 }),
      ...(publicIp === undefined ? {} : { publicIp }),
    });
    world.interfaces.set(key, { id, at });
  }
};

/** A stage on which documents are replayed. */
export interface DocumentStage {
  readonly stage: Stage;
  /** Every account and Region that the documents name. */
  readonly targets: readonly Target[];
  /** Makes EC2 as this document has it, where another one said otherwise. */
  arrange(document: SourceDocument): void;
}

/** A stage with one fake EC2 for each account and Region that the documents name, and in it what they name. */
export const setDocumentStage = async (documents: readonly SourceDocument[], now: Clock): Promise<DocumentStage> => {
  const calls: Counts = {};
  const stageCalls: Counts = {};
  const worlds = new Map<string, World & { readonly target: Target }>();
  const worldOf = ({ accountId, region }: Target): World => {
    const key = `${accountId}/${region}`;
    const known = worlds.get(key);
    if (known !== undefined) return known;
    const ec2 = createFakeEc2({ accountId, region, now, withDefaultWorld: false });
    const world = { ec2, vpcs: new Set<string>(), subnets: new Map(), interfaces: new Map() };
    worlds.set(key, { ...world, target: { accountId, region } });
    return world;
  };
  const arrange = ({ findings }: SourceDocument): void => {
    for (const staged of findings) addInstance(worldOf(staged.finding), staged);
  };
  documents.forEach(arrange);
  return {
    arrange,
    targets: [...worlds.values()].map(({ target }) => target),
    stage: {
      title: 'replays documents on embedded parts, through the production gate',
      calls,
      stageCalls,
      ec2: (target) => countSends(worldOf(target).ec2, 'ec2', calls),
      stageEc2: (target) => countSends(worldOf(target).ec2, 'ec2', stageCalls),
      ...(await startLocalStores(calls, stageCalls)),
    },
  };
};

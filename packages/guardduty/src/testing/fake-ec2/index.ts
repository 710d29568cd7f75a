import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Clock } from '@remedykit/core';
import { createTransport, type FakeControls } from '../fake-transport.ts';
import { createIdSequence, fakeWorld } from '../fake-world.ts';
import { describeAddresses } from './addresses.ts';
import { describeCustomerGateways } from './customer-gateways.ts';
import { dryRunSucceeded } from './errors.ts';
import { getIpamDiscoveredPublicAddresses } from './ipam.ts';
import { createEntry, deleteEntry, replaceEntry } from './network-acl-entries.ts';
import { describeNetworkAcls } from './network-acls.ts';
import { describeNetworkInterfaces } from './network-interfaces.ts';
import { getManagedPrefixListEntries } from './prefix-lists.ts';
import { describeSecurityGroupRules } from './security-groups.ts';
import { createSetup, type FakeEc2Setup } from './setup.ts';
import { createHistory, type StaleReads } from './staleness.ts';
import { emptyWorld, type World } from './state.ts';
import { describeSubnets } from './subnets.ts';
import { createThrottle, isRead } from './throttle.ts';
import { type NetworkAclView, viewNetworkAcls } from './views.ts';
import { describeVpcs } from './vpcs.ts';

/** How the fake account differs from the usual one. */
export interface FakeEc2Options {
  readonly accountId?: string;
  readonly region?: string;
  /** Network ACL entries per direction and family, the default deny included: 20 as AWS gives, at most 40. */
  readonly entryQuota?: number;
  /** Makes pages of describes this small, whatever was asked for; 1 or more. */
  readonly pageSize?: number;
  /** True: requests beyond EC2's rates fail with RequestLimitExceeded. */
  readonly throttle?: boolean;
  /** The clock of throttling and of stale reads; the machine's by default. */
  readonly now?: Clock;
  /** False: an empty account, for stages that add everything themselves. */
  readonly withDefaultWorld?: boolean;
}

/** An EC2 account in memory, usable where an `EC2Client` is. */
export interface FakeEc2 extends FakeControls, FakeEc2Setup {
  readonly send: EC2Client['send'];
  readonly accountId: string;
  readonly region: string;
  /** The network ACLs as they are now, whatever describes show; the first is that of the default VPC. */
  readonly networkAcls: readonly [NetworkAclView, ...NetworkAclView[]];
  /** Lets describes lag behind the writes to come, as EC2's may; `false` ends it. */
  staleReads(lag: StaleReads): void;
}

type Perform = (input: never) => object;

const assertOptions = ({ entryQuota = 20, pageSize = 1 }: FakeEc2Options): void => {
  if (!Number.isInteger(entryQuota) || entryQuota < 1 || entryQuota > 40) {
    throw new Error(`entryQuota must be a whole number from 1 to 40 (AWS raises it no further), not ${entryQuota}.`);
  }
  if (!Number.isInteger(pageSize) || pageSize < 1) {
    throw new Error(`pageSize must be a whole number of 1 or more, not ${pageSize}.`);
  }
};

const addDefaultWorld = (setup: FakeEc2Setup): void => {
  const { vpcId, vpcCidr, networkAclId, subnetId, subnetCidr } = fakeWorld;
  setup.addVpc({ vpcId, cidrs: [vpcCidr], networkAclId });
  setup.addSubnet({ subnetId, vpcId, cidr: subnetCidr });
  const { networkInterfaceId, instanceId, privateIp, publicIp } = fakeWorld;
  setup.addInterface({ networkInterfaceId, subnetId, instanceId, privateIps: [privateIp], publicIp });
};

/**
 * An EC2 account with one VPC, one subnet, the network ACL that AWS makes with it, and one running instance: what the
 * finding builders name. It keeps EC2's rules, quotas and error codes for network ACLs and answers describes of
 * network ACLs, interfaces, subnets, VPCs, Elastic IPs, security group rules, managed prefix lists, customer gateways and
 * what IPAM discovered. A command or filter that it does not know is an error.
 * @example
 * ```ts
 * import { createFakeEc2 } from '@remedykit/guardduty/testing';
 * const ec2 = createFakeEc2();
 * ec2.addEntry(ec2.networkAcls[0].networkAclId, { ruleNumber: 50, cidr: '203.0.113.0/24' });
 * ```
 */
export const createFakeEc2 = (options: FakeEc2Options = {}): FakeEc2 => {
  assertOptions(options);
  const { accountId = fakeWorld.accountId, region = fakeWorld.region, entryQuota = 20, pageSize } = options;
  const { now = () => new Date(), withDefaultWorld = true } = options;
  const world: World = emptyWorld();
  const history = createHistory(world, now);
  const { beforeWrite, staleReads } = history;
  const setup = createSetup({ world, beforeWrite, accountId, quota: entryQuota, nextId: createIdSequence() });
  if (withDefaultWorld) addDefaultWorld(setup);

  // `never`: the SDK's command has typed its input; the transport passes it on under the operation's name.
  const handlers: Readonly<Record<string, Perform>> = {
    CreateNetworkAclEntry: (input) => createEntry(world, input, entryQuota),
    ReplaceNetworkAclEntry: (input) => replaceEntry(world, input, entryQuota),
    DeleteNetworkAclEntry: (input) => deleteEntry(world, input),
    DescribeNetworkAcls: (input) => describeNetworkAcls(history.seenBy('DescribeNetworkAcls'), input, pageSize),
    DescribeNetworkInterfaces: (input) =>
      describeNetworkInterfaces(history.seenBy('DescribeNetworkInterfaces'), input, pageSize),
    DescribeSubnets: (input) => describeSubnets(history.seenBy('DescribeSubnets'), input, pageSize, region),
    DescribeVpcs: (input) => describeVpcs(history.seenBy('DescribeVpcs'), input, pageSize),
    DescribeAddresses: (input) => describeAddresses(history.seenBy('DescribeAddresses'), input),
    DescribeSecurityGroupRules: (input) =>
      describeSecurityGroupRules(history.seenBy('DescribeSecurityGroupRules'), input, pageSize),
    GetManagedPrefixListEntries: (input) =>
      getManagedPrefixListEntries(history.seenBy('GetManagedPrefixListEntries'), input, pageSize),
    DescribeCustomerGateways: (input) => describeCustomerGateways(history.seenBy('DescribeCustomerGateways'), input),
    GetIpamDiscoveredPublicAddresses: (input) =>
      getIpamDiscoveredPublicAddresses(history.seenBy('GetIpamDiscoveredPublicAddresses'), input, pageSize),
  };
  const transport = createTransport({
    service: 'ec2',
    operations: Object.keys(handlers),
    ...(options.throttle === true ? { throttle: createThrottle(now) } : {}),
    perform(operation, input) {
      if (!isRead(operation)) beforeWrite();
      const output = (handlers[operation] as Perform)(input as never);
      if (input.DryRun === true) throw dryRunSucceeded();
      return output;
    },
  });

  return {
    ...transport,
    ...setup,
    staleReads,
    // The SDK's `send` is overloaded by command and callback; this one answers each command in its promise form.
    send: transport.send as EC2Client['send'],
    accountId,
    region,
    get networkAcls() {
      // Not empty, for a VPC's default network ACL cannot be removed; only a world without any VPC has none.
      return viewNetworkAcls(world) as [NetworkAclView, ...NetworkAclView[]];
    },
  };
};

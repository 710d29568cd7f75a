import type { PortRange } from '../../nacl/outcome.ts';
import { fakeWorld } from '../fake-world.ts';
import { canonicalCidr, familyOf } from './cidr.ts';
import type { CustomerGateway, DiscoveredAddress, SecurityGroupRule, World } from './state.ts';

/** A rule that a person makes; ingress and all protocols where nothing else is said. */
export interface SecurityGroupRuleToAdd {
  readonly egress?: boolean;
  readonly protocol?: string;
  readonly ports?: PortRange;
  /** Exactly one of these three. */
  readonly cidr?: string;
  readonly prefixListId?: string;
  readonly referencedGroupId?: string;
}

export interface SecurityGroupToAdd {
  readonly groupId?: string;
  readonly vpcId?: string;
  readonly rules?: readonly SecurityGroupRuleToAdd[];
}

export interface PrefixListToAdd {
  readonly prefixListId?: string;
  readonly cidrs?: readonly string[];
}

export interface CustomerGatewayToAdd {
  readonly customerGatewayId?: string;
  readonly ipAddress?: string;
  readonly state?: CustomerGateway['state'];
}

export interface ResourceDiscoveryToSet {
  readonly ipamResourceDiscoveryId?: string;
  readonly addresses?: readonly (string | Partial<DiscoveredAddress>)[];
  /** Absent: IPAM does not say. */
  readonly oldestSampleTime?: Date;
}

/** What decides whom an account trusts, and which addresses IPAM knows. */
export interface FakeTrustSetup {
  /** Adds a security group with its rules; gives its id. */
  addSecurityGroup(group?: SecurityGroupToAdd): string;
  /** Adds a rule to a security group; gives the rule's id. */
  addSecurityGroupRule(groupId: string, rule: SecurityGroupRuleToAdd): string;
  /** Adds a managed prefix list; gives its id. */
  addPrefixList(list?: PrefixListToAdd): string;
  /** Adds a customer gateway; gives its id. */
  addCustomerGateway(gateway?: CustomerGatewayToAdd): string;
  /** Sets what a resource discovery of IPAM has found; gives its id. */
  setResourceDiscovery(discovery?: ResourceDiscoveryToSet): string;
}

interface TrustSetupContext {
  readonly world: World;
  readonly beforeWrite: () => void;
  readonly accountId: string;
  readonly nextId: (prefix: string) => string;
}

export const createTrustSetup = ({ world, beforeWrite, accountId, nextId }: TrustSetupContext): FakeTrustSetup => {
  const toRule = ({ egress = false, protocol = '-1', cidr, ...rule }: SecurityGroupRuleToAdd): SecurityGroupRule => {
    if ([cidr, rule.prefixListId, rule.referencedGroupId].filter(Boolean).length !== 1) {
      throw new Error('A security group rule names exactly one of cidr, prefixListId and referencedGroupId.');
    }
    const range = cidr === undefined ? {} : { cidr: canonicalCidr(cidr, familyOf(cidr), 'cidr') };
    return { ruleId: nextId('sgr'), egress, protocol, ...rule, ...range };
  };
  return {
    addSecurityGroup({ groupId = nextId('sg'), vpcId = fakeWorld.vpcId, rules = [] } = {}) {
      beforeWrite();
      world.securityGroups.push({ groupId, vpcId, ownerId: accountId, rules: rules.map(toRule) });
      return groupId;
    },
    addSecurityGroupRule(groupId, rule) {
      const group = world.securityGroups.find((one) => one.groupId === groupId);
      if (group === undefined) throw new Error(`The fake ec2 has no security group ${groupId}.`);
      beforeWrite();
      const added = toRule(rule);
      group.rules.push(added);
      return added.ruleId;
    },
    addPrefixList({ prefixListId = nextId('pl'), cidrs = [] } = {}) {
      beforeWrite();
      const canonical = cidrs.map((cidr) => canonicalCidr(cidr, familyOf(cidr), 'cidr'));
      world.prefixLists.push({ prefixListId, cidrs: canonical });
      return prefixListId;
    },
    addCustomerGateway({ customerGatewayId = nextId('cgw'), ipAddress, state = 'available' } = {}) {
      beforeWrite();
      world.customerGateways.push({ customerGatewayId, state, ...(ipAddress === undefined ? {} : { ipAddress }) });
      return customerGatewayId;
    },
    setResourceDiscovery({
      ipamResourceDiscoveryId = nextId('ipam-res-disco'),
      addresses = [],
      oldestSampleTime,
    } = {}) {
      beforeWrite();
      const found = addresses.map((one): DiscoveredAddress => {
        const {
          address = '',
          region = fakeWorld.region,
          ownerId = accountId,
        } = typeof one === 'string' ? { address: one } : one;
        return { address, region, ownerId };
      });
      const others = world.resourceDiscoveries.filter((one) => one.ipamResourceDiscoveryId !== ipamResourceDiscoveryId);
      world.resourceDiscoveries.splice(0, Number.POSITIVE_INFINITY, ...others, {
        ipamResourceDiscoveryId,
        addresses: found,
        ...(oldestSampleTime === undefined ? {} : { oldestSampleTime }),
      });
      return ipamResourceDiscoveryId;
    },
  };
};

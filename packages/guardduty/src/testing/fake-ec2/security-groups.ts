import type { DescribeSecurityGroupRulesCommandInput, SecurityGroupRule as SdkRule } from '@aws-sdk/client-ec2';
import { familyOf } from './cidr.ts';
import { applyFilters, type FilterFields, pageOf, pickByIds } from './describe.ts';
import { securityGroupRuleNotFound } from './errors.ts';
import type { SecurityGroup, SecurityGroupRule, World } from './state.ts';

interface Owned {
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
}

const filters: FilterFields<Owned> = {
  'group-id': ({ group }) => [group.groupId],
  'security-group-rule-id': ({ rule }) => [rule.ruleId],
};

const answer = ({ group, rule }: Owned): SdkRule => ({
  GroupId: group.groupId,
  GroupOwnerId: group.ownerId,
  IsEgress: rule.egress,
  IpProtocol: rule.protocol,
  FromPort: rule.ports?.from ?? -1,
  ToPort: rule.ports?.to ?? -1,
  ...(rule.cidr === undefined ? {} : familyOf(rule.cidr) === 4 ? { CidrIpv4: rule.cidr } : { CidrIpv6: rule.cidr }),
  ...(rule.prefixListId === undefined ? {} : { PrefixListId: rule.prefixListId }),
  ...(rule.referencedGroupId === undefined
    ? {}
    : { ReferencedGroupInfo: { GroupId: rule.referencedGroupId, UserId: group.ownerId } }),
  SecurityGroupRuleId: rule.ruleId,
  Tags: [],
});

/** The answer to DescribeSecurityGroupRules. */
export const describeSecurityGroupRules = (
  world: World,
  input: DescribeSecurityGroupRulesCommandInput,
  forced: number | undefined,
): object => {
  const all = world.securityGroups.flatMap((group) => group.rules.map((rule): Owned => ({ group, rule })));
  const ids = input.SecurityGroupRuleIds ?? [];
  const picked = pickByIds(all, ids, ({ rule }) => rule.ruleId, securityGroupRuleNotFound);
  const found = applyFilters('DescribeSecurityGroupRules', picked, input.Filters, filters);
  const { page, ...next } = pageOf('DescribeSecurityGroupRules', found, input, { forced, hasIds: ids.length > 0 });
  return { SecurityGroupRules: page.map(answer), ...next };
};

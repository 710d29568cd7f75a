import type { PolicyDocument } from '../../nacl/permissions.ts';
import { targetOfGroup } from './options.ts';

/**
 * The IAM policy that the client of `createNetworkFirewallOverflow` needs: these actions on these rule groups and no others.
 * A group that is encrypted with a key of your own needs grants on that key, too. Source: service authorization reference,
 * AWS Network Firewall.
 * @throws RemediationError `BLOCKER_OPTION_INVALID` for what is no ARN of a stateful rule group, or without one
 * @example
 * ```ts
 * import { networkFirewallPermissions } from '@remedykit/guardduty/network-firewall';
 * const policy = networkFirewallPermissions({
 *   ruleGroups: ['arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/remedykit'],
 * });
 * ```
 */
export const networkFirewallPermissions = ({
  ruleGroups,
}: {
  readonly ruleGroups: readonly [string, ...string[]];
}): PolicyDocument => {
  const [first, ...others] = ruleGroups;
  for (const arn of [first, ...others]) targetOfGroup(arn);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ChangeRuleGroups',
        Effect: 'Allow',
        Action: ['network-firewall:DescribeRuleGroup', 'network-firewall:UpdateRuleGroup'],
        Resource: [first, ...others],
      },
    ],
  };
};

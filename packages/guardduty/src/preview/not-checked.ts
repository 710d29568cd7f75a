import type { PreviewSettings } from './options.ts';
import type { UnmadeCheck } from './report.ts';

/** The checks that a blocker makes before it writes, and that take AWS or a state store; none was made. */
const needAws: readonly UnmadeCheck[] = [
  {
    check: 'Read-back: GuardDuty holds this very finding',
    effect: 'What is in the files was taken to be true. A finding that GuardDuty does not hold would block nobody.',
  },
  {
    check: 'Own public addresses and the CIDRs of the VPCs',
    effect: 'Addresses of your own would be refused; here they count as attackers unless the allow-list names them.',
  },
  {
    check: 'Addresses that security groups, network ACLs and customer gateways trust',
    effect: 'They would be escalated instead of denied.',
  },
  {
    check: 'Lists of partners and proxies',
    effect: 'Partners would be refused, proxies escalated; here only the allow-list protects them.',
  },
  {
    check: 'Which network ACL serves which subnet, and who owns it',
    effect:
      'Each subnet was taken to have a network ACL of its own. Where several share one, its denies add up; in a shared VPC nothing would be written.',
  },
  {
    check: 'Instances and interfaces that still exist',
    effect: 'For an instance that is gone nothing would be denied.',
  },
  {
    check: 'Rules that the network ACLs have, and their order',
    effect: 'More rules than assumed leave less room; an allow before the reserved range makes a deny ineffective.',
  },
  {
    check: 'Suppressions, pauses and limits per account and day',
    effect: 'They would keep some denies from being written.',
  },
];

/** What was not checked, for these options. */
export const notChecked = ({ accounts, known }: PreviewSettings): UnmadeCheck[] => [
  ...needAws,
  ...(accounts
    ? []
    : [{ check: 'Accounts', effect: 'Every account was taken to be listed. Findings of others would be refused.' }]),
  ...(known.aws
    ? []
    : [
        {
          check: 'Address ranges of AWS services',
          effect: 'They would be refused; here only the allow-list protects them.',
        },
      ]),
  ...(known.allowList.size > 0
    ? []
    : [
        {
          check: 'Allow-list',
          effect: 'None was given, so partners and monitors of yours may be among the attackers.',
        },
      ]),
];

import { createFakeEc2, type FakeEc2, type FindingEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';

/** The size of the burst, as the design fixes it. */
export const burstSize = { findings: 1_000, attackers: 200, acls: 5, quota: 20, foreignRules: 2 } as const;

const vpcId = 'vpc-0b000000000000000';
const instancesPerAcl = 5;
const aclIdOf = (acl: number): string => `acl-0b0000000000000${acl}0`;
const subnetIdOf = (acl: number): string => `subnet-0b0000000000000${acl}0`;
const instanceIdOf = (acl: number, host: number): string => `i-0b0000000000000${acl}${host}`;
const interfaceIdOf = (acl: number, host: number): string => `eni-0b0000000000000${acl}${host}`;

/** What people have put into each network ACL, and what a burst must leave alone. */
const foreignEntries = [
  { ruleNumber: 5, cidr: '192.0.2.77/32', action: 'deny' },
  { ruleNumber: 100, cidr: '0.0.0.0/0', action: 'allow' },
] as const;

/** Five network ACLs of one account, each with one subnet, five instances and two rules of other people. */
export const createBurstWorld = (now: () => Date): { readonly ec2: FakeEc2; readonly aclIds: readonly string[] } => {
  const ec2 = createFakeEc2({ withDefaultWorld: false, throttle: true, now, entryQuota: burstSize.quota });
  ec2.addVpc({ vpcId, cidrs: ['10.9.0.0/16'] });
  const aclIds = Array.from({ length: burstSize.acls }, (_, acl) => {
    const networkAclId = aclIdOf(acl);
    ec2.addNetworkAcl({ networkAclId, vpcId, entries: foreignEntries });
    ec2.addSubnet({ subnetId: subnetIdOf(acl), vpcId, cidr: `10.9.${acl}.0/24`, networkAclId });
    for (let host = 0; host < instancesPerAcl; host++) {
      ec2.addInterface({
        networkInterfaceId: interfaceIdOf(acl, host),
        subnetId: subnetIdOf(acl),
        instanceId: instanceIdOf(acl, host),
        privateIps: [`10.9.${acl}.${10 + host}`],
      });
    }
    return networkAclId;
  });
  return { ec2, aclIds };
};

/** One finding of the burst. */
export interface BurstFinding {
  readonly attacker: string;
  readonly aclId: string;
  readonly event: FindingEvent;
}

/** Each attacker tries the five instances behind one network ACL; the findings come in any order. */
export const burstFindings = (at: Date, random: () => number): readonly BurstFinding[] => {
  const findings = Array.from({ length: burstSize.findings }, (_, index): BurstFinding => {
    const who = index % burstSize.attackers;
    const acl = who % burstSize.acls;
    const host = Math.floor(index / burstSize.attackers);
    const attacker = `198.51.100.${who + 1}`;
    const event = sshBruteForceEvent({
      id: `burst-${index}`,
      from: attacker,
      at,
      vpcId,
      subnetId: subnetIdOf(acl),
      instanceId: instanceIdOf(acl, host),
      networkInterfaceId: interfaceIdOf(acl, host),
    });
    return { attacker, aclId: aclIdOf(acl), event };
  });
  return findings
    .map((finding) => [random(), finding] as const)
    .sort(([a], [b]) => a - b)
    .map(([, finding]) => finding);
};

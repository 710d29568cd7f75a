import { describe, expect, it } from 'vitest';
import type { Match } from '../ledger/ledger.ts';
import { entryOf, sampleSlot } from '../ledger/sample-ledger.ts';
import { type AclEntry, aclFacts, allowBefore, isOurs } from './acl.ts';

const allow = (ruleNumber: number, cidr: string, protocol = '-1', from?: number, to = from): AclEntry => ({
  ruleNumber,
  cidr,
  action: 'allow',
  protocol,
  ...(from === undefined || to === undefined ? {} : { ports: { from, to } }),
});

describe('aclFacts', () => {
  const acl = {
    NetworkAclId: 'acl-1',
    OwnerId: '111122223333',
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: 'subnet-b' }, {}, { SubnetId: 'subnet-a' }],
    Entries: [
      { RuleNumber: 32_767, Egress: false, RuleAction: 'deny' as const, Protocol: '-1', CidrBlock: '0.0.0.0/0' },
      { RuleNumber: 10, Egress: true, RuleAction: 'deny' as const, Protocol: '-1', CidrBlock: '198.51.100.7/32' },
      {
        RuleNumber: 20,
        Egress: false,
        RuleAction: 'allow' as const,
        Protocol: '6',
        Ipv6CidrBlock: '2001:DB8::/64',
        PortRange: { From: 22, To: 23 },
      },
      {
        RuleNumber: 15,
        Egress: false,
        RuleAction: 'deny' as const,
        Protocol: '6',
        CidrBlock: '198.51.100.8/32',
        PortRange: { From: 0, To: 65_535 },
      },
      {
        RuleNumber: 16,
        Egress: false,
        RuleAction: 'deny' as const,
        Protocol: '-1',
        CidrBlock: '198.51.100.9/32',
        PortRange: { From: 1, To: 2 },
      },
      {
        RuleNumber: 17,
        Egress: false,
        RuleAction: 'deny' as const,
        Protocol: '6',
        CidrBlock: '198.51.100.9/32',
        PortRange: { From: 0, To: 80 },
      },
    ],
  };

  it('G3: sees one direction only, in order, in canonical form', () => {
    expect(aclFacts(acl, false)).toEqual({
      networkAclId: 'acl-1',
      ownerAccountId: '111122223333',
      vpcId: 'vpc-1',
      subnetIds: ['subnet-a', 'subnet-b'],
      entries: [
        { ruleNumber: 15, cidr: '198.51.100.8/32', action: 'deny', protocol: '6' },
        { ruleNumber: 16, cidr: '198.51.100.9/32', action: 'deny', protocol: '-1' },
        { ruleNumber: 17, cidr: '198.51.100.9/32', action: 'deny', protocol: '6', ports: { from: 0, to: 80 } },
        { ruleNumber: 20, cidr: '2001:db8::/64', action: 'allow', protocol: '6', ports: { from: 22, to: 23 } },
        { ruleNumber: 32_767, cidr: '0.0.0.0/0', action: 'deny', protocol: '-1' },
      ],
    });
    expect(aclFacts(acl, true).entries.map(({ ruleNumber }) => ruleNumber)).toEqual([10]);
  });
});

describe('isOurs', () => {
  const slot = sampleSlot();
  const live = entryOf(slot);

  it('G36: takes nothing for ours that differs in any part', () => {
    expect(isOurs(live, slot)).toBe(true);
    const { ports: _, ...allPorts } = live;
    for (const other of [
      { ...live, action: 'allow' as const },
      { ...live, cidr: '198.51.100.70/32' },
      { ...live, cidr: '198.51.100.0/24' },
      { ...live, protocol: '17' },
      { ...live, protocol: '-1' },
      { ...live, ports: { from: 22, to: 23 } },
      { ...live, ports: { from: 21, to: 22 } },
      allPorts,
    ])
      expect(isOurs(other, slot)).toBe(false);
  });
});

describe('allowBefore', () => {
  const ssh: Match = { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } };
  const at50 = (entry: AclEntry, match = ssh) => allowBefore([entry], 50, match);

  it.each([
    ['everything', allow(49, '0.0.0.0/0')],
    ['the address', allow(1, '198.51.100.7/32')],
    ['a range that holds it, all TCP', allow(49, '198.51.100.0/24', '6')],
    ['SSH from everywhere', allow(49, '0.0.0.0/0', '6', 22)],
    ['a run of ports with it', allow(49, '0.0.0.0/0', '6', 0, 1_024)],
  ])('G13: an earlier allow of %s makes a deny ineffective', (_, entry) => {
    expect(at50(entry)).toBe(entry);
  });

  it.each([
    ['comes later', allow(51, '0.0.0.0/0')],
    ['is about other addresses', allow(49, '198.51.100.8/32')],
    ['is about the other family', allow(49, '::/0')],
    ['is about UDP', allow(49, '0.0.0.0/0', '17')],
    ['is about other ports', allow(49, '0.0.0.0/0', '6', 23, 80)],
    ['is a deny', { ...allow(49, '0.0.0.0/0'), action: 'deny' as const }],
  ])('an entry that %s does not', (_, entry) => {
    expect(at50(entry)).toBeUndefined();
  });

  it('G13: an allow of one address in a denied /64 makes it ineffective, and so does one of one port where all are denied', () => {
    const all: Match = { cidr: '2001:db8::/64', protocol: '-1' };
    expect(at50(allow(49, '2001:db8::1/128'), all)).toBeDefined();
    expect(at50(allow(49, '::/0', '6', 443), all)).toBeDefined();
    expect(at50(allow(49, '2001:db8:0:1::/64'), all)).toBeUndefined();
  });

  it('names the first of several', () => {
    expect(allowBefore([allow(5, '0.0.0.0/0'), allow(6, '0.0.0.0/0')], 50, ssh)?.ruleNumber).toBe(5);
  });
});

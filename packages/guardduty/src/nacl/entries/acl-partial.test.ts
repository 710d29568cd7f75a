import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { aclFacts, allowBefore } from './acl.ts';

describe('aclFacts of an answer that leaves things out', () => {
  const entriesOf = (entry: NetworkAclEntry) => aclFacts({ Entries: [{ Egress: false, ...entry }] }, false).entries;
  const deny = { RuleNumber: 10, CidrBlock: '198.51.100.7/32', RuleAction: 'deny', Protocol: '6' } as const;

  it('makes nothing up', () => {
    const nothing = { networkAclId: '', ownerAccountId: '', vpcId: '', subnetIds: [], entries: [] };
    expect(aclFacts({}, false)).toEqual(nothing);
  });

  it('passes over an entry without a number or without an address', () => {
    const { RuleNumber: _n, ...numberless } = deny;
    const { CidrBlock: _c, ...addressless } = deny;
    expect(entriesOf(numberless)).toEqual([]);
    expect(entriesOf(addressless)).toEqual([]);
  });

  it('takes no protocol for all of them, and half a range of ports for all ports', () => {
    const { Protocol: _, ...any } = deny;
    expect(entriesOf({ ...any, PortRange: { From: 22, To: 22 } })).toEqual([
      { ruleNumber: 10, cidr: '198.51.100.7/32', action: 'deny', protocol: '-1' },
    ]);
    for (const PortRange of [{ From: 22 }, { To: 22 }, {}])
      expect(entriesOf({ ...deny, PortRange })[0]).not.toHaveProperty('ports');
  });

  it('takes every port from some on for some ports', () => {
    expect(entriesOf({ ...deny, PortRange: { From: 1_024, To: 65_535 } })[0]?.ports).toEqual({
      from: 1_024,
      to: 65_535,
    });
  });
});

describe('allowBefore', () => {
  const match = { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } } as const;
  const allow = (ruleNumber: number, from: number, to: number) =>
    ({ ruleNumber, cidr: '0.0.0.0/0', action: 'allow', protocol: '6', ports: { from, to } }) as const;

  it('is silent about an allow under the same number, which is written over', () => {
    expect(allowBefore([allow(50, 0, 65_535)], 50, match)).toBeUndefined();
    expect(allowBefore([allow(49, 0, 65_535)], 50, match)).toBeDefined();
  });

  it('is silent about an allow of lower ports, and of higher ones, but not of a run that touches ours', () => {
    expect(allowBefore([allow(49, 1, 21)], 50, match)).toBeUndefined();
    expect(allowBefore([allow(49, 23, 80)], 50, match)).toBeUndefined();
    expect(allowBefore([allow(49, 1, 22)], 50, match)).toBeDefined();
    expect(allowBefore([allow(49, 22, 80)], 50, match)).toBeDefined();
  });
});

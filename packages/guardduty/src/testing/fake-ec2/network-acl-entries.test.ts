import {
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommand,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from '../fake-world.ts';
import { createFakeEc2 } from './index.ts';

const { networkAclId } = fakeWorld;

const deny = (input: Partial<CreateNetworkAclEntryCommandInput> = {}) => ({
  NetworkAclId: networkAclId,
  RuleNumber: 10,
  Egress: false,
  RuleAction: 'deny' as const,
  Protocol: '-1',
  ...('Ipv6CidrBlock' in input ? {} : { CidrBlock: '198.51.100.7/32' }),
  ...input,
});
const create = (input?: Partial<CreateNetworkAclEntryCommandInput>) => new CreateNetworkAclEntryCommand(deny(input));
const replace = (input?: Partial<CreateNetworkAclEntryCommandInput>) => new ReplaceNetworkAclEntryCommand(deny(input));
const remove = (RuleNumber: number, Egress = false) =>
  new DeleteNetworkAclEntryCommand({ NetworkAclId: networkAclId, RuleNumber, Egress });

describe('network ACL entries of the fake EC2', () => {
  it('are created in the direction asked for', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create());
    await ec2.send(create({ Egress: true, CidrBlock: '203.0.113.9/32' }));
    const [acl] = ec2.networkAcls;
    expect(acl.ingress[0]).toEqual({ ruleNumber: 10, cidr: '198.51.100.7/32', action: 'deny', protocol: '-1' });
    expect(acl.egress[0]).toEqual({ ruleNumber: 10, cidr: '203.0.113.9/32', action: 'deny', protocol: '-1' });
    expect(acl.ingress.map((one) => one.ruleNumber)).toEqual([10, 100, 32767]);
  });

  it('share one number space across families and have one per direction', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create());
    await expect(ec2.send(create({ Ipv6CidrBlock: '2001:db8::/64' }))).rejects.toMatchObject({
      name: 'NetworkAclEntryAlreadyExists',
      message: 'The network acl entry identified by 10 already exists.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 1, requestId: expect.any(String) },
    });
    await expect(ec2.send(create({ Egress: true }))).resolves.toHaveProperty('$metadata.requestId');
  });

  it.each([
    [undefined, 20],
    [40, 40],
  ])('are limited per direction and family, the default deny included (quota %s)', async (entryQuota, limit) => {
    const ec2 = createFakeEc2(entryQuota === undefined ? {} : { entryQuota });
    const free = limit - 2;
    for (let n = 1; n <= free; n += 1) await ec2.send(create({ RuleNumber: n, CidrBlock: `198.51.100.${n}/32` }));
    await expect(ec2.send(create({ RuleNumber: 90 }))).rejects.toMatchObject({
      name: 'NetworkAclEntryLimitExceeded',
      message: 'The maximum number of network acl entries has been reached.',
    });
    await ec2.send(create({ RuleNumber: 90, Egress: true }));
    await ec2.send(create({ RuleNumber: 91, Ipv6CidrBlock: '2001:db8::/64' }));
    await expect(ec2.send(replace({ RuleNumber: 91 }))).rejects.toHaveProperty('name', 'NetworkAclEntryLimitExceeded');
    await ec2.send(replace({ RuleNumber: 1, CidrBlock: '203.0.113.1/32' }));
    await ec2.send(remove(1));
    await ec2.send(create({ RuleNumber: 90 }));
    expect(ec2.networkAcls[0].ingress.filter((one) => !one.cidr.includes(':'))).toHaveLength(limit);
  });

  it('counts the IPv6 default deny of a VPC with IPv6 against the IPv6 quota', async () => {
    const ec2 = createFakeEc2();
    ec2.addVpc({ vpcId: 'vpc-6', ipv6Cidrs: ['2001:db8:1::/56'], networkAclId: 'acl-6' });
    const acl = ec2.networkAcls.find((one) => one.networkAclId === 'acl-6');
    expect(acl?.ingress.map((one) => [one.ruleNumber, one.cidr, one.action])).toEqual([
      [100, '0.0.0.0/0', 'allow'],
      [101, '::/0', 'allow'],
      [32767, '0.0.0.0/0', 'deny'],
      [32768, '::/0', 'deny'],
    ]);
    for (let n = 1; n <= 18; n += 1) ec2.addEntry('acl-6', { ruleNumber: n, cidr: `2001:db8:${n}::/64` });
    expect(() => ec2.addEntry('acl-6', { ruleNumber: 19, cidr: '2001:db8:19::/64' })).toThrow(
      'The maximum number of network acl entries has been reached.',
    );
  });

  it('refuse to replace or delete an entry that is not there', async () => {
    const ec2 = createFakeEc2();
    const notFound = { name: 'InvalidNetworkAclEntry.NotFound' };
    await expect(ec2.send(replace())).rejects.toMatchObject(notFound);
    await expect(ec2.send(remove(10))).rejects.toMatchObject(notFound);
    await ec2.send(create());
    await expect(ec2.send(remove(10, true))).rejects.toMatchObject(notFound);
    await ec2.send(remove(10));
    await expect(ec2.send(remove(10))).rejects.toMatchObject(notFound);
  });

  it('are replaced in place', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create());
    await ec2.send(replace({ CidrBlock: '203.0.113.9/32', Protocol: '6', PortRange: { From: 22, To: 22 } }));
    expect(ec2.networkAcls[0].ingress[0]).toEqual({
      ruleNumber: 10,
      cidr: '203.0.113.9/32',
      action: 'deny',
      protocol: '6',
      ports: { from: 22, to: 22 },
    });
  });

  it.each([0, 32767, 32768, 40000, 1.5])('refuse the rule number %s', async (RuleNumber) => {
    const ec2 = createFakeEc2();
    const invalid = { name: 'InvalidParameterValue' };
    await expect(ec2.send(create({ RuleNumber }))).rejects.toMatchObject(invalid);
    await expect(ec2.send(remove(RuleNumber))).rejects.toMatchObject(invalid);
  });

  it('take the rule numbers 1 and 32766', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create({ RuleNumber: 1 }));
    await ec2.send(create({ RuleNumber: 32766 }));
    expect(ec2.networkAcls[0].ingress.map((one) => one.ruleNumber)).toEqual([1, 100, 32766, 32767]);
  });

  it.each([
    [{ CidrBlock: '198.51.100.77/24' }, '198.51.100.0/24'],
    [{ Ipv6CidrBlock: '2001:0DB8:0:1:ab::1/64' }, '2001:db8:0:1::/64'],
  ])('hold the canonical form of %j', async (cidr, canonical) => {
    const ec2 = createFakeEc2();
    await ec2.send(create(cidr));
    expect(ec2.networkAcls[0].ingress[0]?.cidr).toBe(canonical);
  });

  it.each([
    [{ CidrBlock: '198.51.100.7' }, 'InvalidParameterValue'],
    [{ CidrBlock: '198.51.100.7/33' }, 'InvalidParameterValue'],
    [{ CidrBlock: '198.51.100/24' }, 'InvalidParameterValue'],
    [{ CidrBlock: '0x10.1.1.1/32' }, 'InvalidParameterValue'],
    [{ CidrBlock: '2001:db8::/64' }, 'InvalidParameterValue'],
    [{ Ipv6CidrBlock: '198.51.100.7/32' }, 'InvalidParameterValue'],
    [{ Ipv6CidrBlock: '2001:db8::/129' }, 'InvalidParameterValue'],
    [{ Ipv6CidrBlock: '2001:db8::/64', CidrBlock: '198.51.100.7/32' }, 'InvalidParameterCombination'],
    [{ CidrBlock: undefined }, 'MissingParameter'],
    [{ NetworkAclId: undefined }, 'MissingParameter'],
    [{ RuleNumber: undefined }, 'MissingParameter'],
    [{ Egress: undefined }, 'MissingParameter'],
    [{ RuleAction: undefined }, 'MissingParameter'],
    [{ Protocol: undefined }, 'MissingParameter'],
    [{ Protocol: 'tcp' }, 'InvalidParameterValue'],
    [{ Protocol: '256' }, 'InvalidParameterValue'],
    [{ Protocol: '6' }, 'MissingParameter'],
    [{ Protocol: '17', PortRange: { From: 53 } }, 'MissingParameter'],
    [{ Protocol: '6', PortRange: { From: 23, To: 22 } }, 'InvalidParameterValue'],
    [{ Protocol: '6', PortRange: { From: 0, To: 65536 } }, 'InvalidParameterValue'],
    [{ Protocol: '1' }, 'MissingParameter'],
    [{ NetworkAclId: 'acl-gone' }, 'InvalidNetworkAclID.NotFound'],
  ])('refuse %j with %s and change nothing', async (input, name) => {
    const ec2 = createFakeEc2();
    const before = ec2.networkAcls;
    await expect(ec2.send(create(input as Partial<CreateNetworkAclEntryCommandInput>))).rejects.toHaveProperty(
      'name',
      name,
    );
    expect(ec2.networkAcls).toEqual(before);
  });

  it('ignore a port range where all protocols are meant', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create({ Protocol: '-1', PortRange: { From: 22, To: 22 } }));
    expect(ec2.networkAcls[0].ingress[0]).not.toHaveProperty('ports');
  });

  it('change nothing in a dry run', async () => {
    const ec2 = createFakeEc2();
    const before = ec2.networkAcls;
    await expect(ec2.send(create({ DryRun: true }))).rejects.toMatchObject({
      name: 'DryRunOperation',
      $metadata: { httpStatusCode: 412 },
    });
    expect(ec2.networkAcls).toEqual(before);
  });
});

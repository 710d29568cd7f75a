import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { evaluateDocument } from '../evaluate/document.ts';
import {
  confusedDeputy,
  denyLeaveOrganization,
  denyRootUser,
  enableControl,
  expectedNetworks,
  orgIdentityPerimeter,
  protectGuardDuty,
  protectLogArchive,
  quarantine,
  requireMfa,
  restrictRegions,
  trustedOidcTenants,
} from '../index.ts';
import { policyVariable } from '../policy/variable.ts';
import type { Exemption } from './guardrail.ts';

const now = new Date('2026-11-24T12:00:00Z');
const role = 'arn:aws:iam::111122223333:role/break-glass';
const exempt = (value: string, more: Partial<Exemption> = {}): Exemption => ({
  value,
  reason: 'CHG-4711',
  expires: new Date('2026-12-24'),
  ...more,
});
const withPrincipals = (...exemptedPrincipalArns: readonly Exemption[]) => ({
  now,
  exemptions: { exemptedPrincipalArns },
});
const managed = { managedBy: ['arn:aws:iam::111122223333:role/deployer'] } as const;

const codeOf = (build: () => unknown): string => {
  try {
    build();
    return 'none';
  } catch (error) {
    return isRemediationError(error) ? error.code : String(error);
  }
};

describe('an exemption', () => {
  it('is left out from the instant of its end, and not before', () => {
    const at = (instant: string) =>
      JSON.stringify(denyLeaveOrganization({ ...withPrincipals(exempt(role)), now: new Date(instant) }).document);
    expect(at('2026-12-23T23:59:59.999Z')).toContain(role);
    expect(at('2026-12-24T00:00:00.000Z')).not.toContain(role);
  });

  it('is written once, however often it is given', () => {
    const { document } = denyLeaveOrganization(withPrincipals(exempt(role), exempt(role, { reason: 'CHG-4712' })));
    expect(document.Statement[0]?.Condition).toEqual({ ArnNotLike: { 'aws:PrincipalArn': role } });
  });

  it('of a role is not written where only root users are meant', () => {
    const root = 'arn:aws:iam::111122223333:root';
    const { document } = denyRootUser(withPrincipals(exempt(role), exempt(root)));
    expect(document.Statement[0]?.Condition?.ArnNotLike).toEqual({ 'aws:PrincipalArn': root });
  });

  it('of an action is open to everybody, in every Region', () => {
    const { document } = restrictRegions({
      now,
      allowedRegions: ['eu-west-1'],
      exemptions: { exemptedActions: [exempt('bedrock:InvokeModel')] },
    });
    expect(document.Statement[0]?.NotAction).toContain('bedrock:InvokeModel');
  });

  it('by wildcard brings the statement that keeps others from making themselves exempt', () => {
    const { document } = denyLeaveOrganization(
      withPrincipals(exempt('arn:aws:iam::111122223333:role/remedykit-*', managed)),
    );
    const ask = (action: string, name: string, by: string) =>
      evaluateDocument(document, {
        action,
        resource: `arn:aws:iam::111122223333:role/${name}`,
        principal: { arn: `arn:aws:iam::111122223333:role/${by}`, accountId: '111122223333' },
        context: {},
      }).effect;
    for (const action of ['iam:CreateRole', 'iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy']) {
      expect(ask(action, 'remedykit-mine', 'Administrator')).toBe('denied');
      expect(ask(action, 'remedykit-mine', 'remedykit-blocker')).toBe('denied');
      expect(ask(action, 'remedykit-mine', 'deployer')).toBe('undecided');
      expect(ask(action, 'mine', 'Administrator')).toBe('undecided');
    }
  });

  it('by wildcard of users keeps their credentials from being given out', () => {
    const { document } = denyLeaveOrganization(withPrincipals(exempt('arn:aws:iam::111122223333:user/svc-*', managed)));
    const protection = document.Statement.find(({ Sid }) => Sid === 'ProtectExempt');
    expect(protection?.Action).toContain('iam:CreateAccessKey');
    expect(protection?.Action).not.toContain('iam:EnableMFADevice');
  });

  it.each<[string, Exemption, string]>([
    ['without a reason', exempt(role, { reason: ' ' }), 'GUARDRAIL_PARAMETER_INVALID'],
    ['without an end', exempt(role, { expires: new Date(Number.NaN) }), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of no ARN', exempt('break-glass'), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of another partition', exempt('arn:aws-cn:iam::111122223333:role/x'), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of any partition', exempt('arn:*:iam::111122223333:role/x'), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of a session', exempt('arn:aws:sts::111122223333:assumed-role/x/y'), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of a group', exempt('arn:aws:iam::111122223333:group/x'), 'GUARDRAIL_PARAMETER_INVALID'],
    ['of anybody in an account', exempt('arn:aws:iam::111122223333:*', managed), 'GUARDRAIL_PARAMETER_INVALID'],
    [
      'by a wildcard that nobody manages',
      exempt('arn:aws:iam::111122223333:role/r-*'),
      'GUARDRAIL_EXEMPTION_UNPROTECTED',
    ],
    [
      'managed by a wildcard',
      exempt('arn:aws:iam::111122223333:role/r-*', { managedBy: ['arn:aws:iam::111122223333:role/*'] }),
      'GUARDRAIL_PARAMETER_INVALID',
    ],
    [
      'in every account, without existing there',
      exempt('arn:aws:iam::*:role/r', managed),
      'GUARDRAIL_EXEMPTION_UNPROTECTED',
    ],
    ['with a placeholder', exempt(`arn:aws:iam::${policyVariable('Account')}:role/x`), 'GUARDRAIL_PLACEHOLDER'],
    [
      'with a policy variable',
      exempt(`arn:aws:iam::${policyVariable('aws:PrincipalAccount')}:role/x`),
      'GUARDRAIL_PLACEHOLDER',
    ],
  ])('%s is refused', (_, exemption, code) => {
    expect(codeOf(() => denyLeaveOrganization(withPrincipals(exemption)))).toBe(code);
  });

  it('that leaves nobody is refused', () => {
    const all = ['role', 'user'].map((kind) =>
      exempt(`arn:aws:iam::*:${kind}/*`, { ...managed, existsEverywhere: true }),
    );
    expect(codeOf(() => denyLeaveOrganization(withPrincipals(...all)))).toBe('GUARDRAIL_PARAMETER_INVALID');
  });

  it.each([
    [
      'a resource where it has no place',
      () => denyLeaveOrganization({ exemptions: { exemptedResourceArns: [exempt('arn:aws:s3:::x')] } }),
    ],
    [
      'an action where it has no place',
      () => denyLeaveOrganization({ exemptions: { exemptedActions: [exempt('s3:GetObject')] } }),
    ],
    [
      'a principal where services are meant',
      () => confusedDeputy({ organizationId: 'o-a1b2c3d4e5', ...withPrincipals(exempt(role)) }),
    ],
  ])('of %s is refused', (_, build) => expect(codeOf(build)).toBe('GUARDRAIL_PARAMETER_INVALID'));

  it('by wildcard is refused where the policy cannot protect it', () => {
    const wildcard = exempt('arn:aws:iam::111122223333:role/r-*', managed);
    const organizationId = 'o-a1b2c3d4e5';
    expect(codeOf(() => orgIdentityPerimeter({ organizationId, ...withPrincipals(wildcard) }))).toBe(
      'GUARDRAIL_EXEMPTION_UNPROTECTED',
    );
    const targetIdentifier = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
    const allowedRegions = ['eu-west-1'];
    const control = 'CT.MULTISERVICE.PV.1';
    expect(
      codeOf(() => enableControl({ control, targetIdentifier, allowedRegions, ...withPrincipals(wildcard) })),
    ).toBe('GUARDRAIL_EXEMPTION_UNPROTECTED');
  });

  it('is needed to stop everything, and must hold still', () => {
    expect(codeOf(() => quarantine({}))).toBe('GUARDRAIL_PARAMETER_INVALID');
    const late = { ...withPrincipals(exempt(role)), now: new Date('2027-01-01') };
    expect(codeOf(() => quarantine(late))).toBe('GUARDRAIL_PARAMETER_INVALID');
    expect(codeOf(() => quarantine(withPrincipals(exempt(role))))).toBe('none');
  });

  it('that somebody else manages is refused where he is stopped', () => {
    const wildcard = exempt('arn:aws:iam::111122223333:role/r-*', managed);
    expect(codeOf(() => quarantine(withPrincipals(wildcard)))).toBe('GUARDRAIL_PARAMETER_INVALID');
    const manager = exempt('arn:aws:iam::111122223333:role/deployer');
    expect(codeOf(() => quarantine(withPrincipals(wildcard, manager)))).toBe('none');
  });
});

describe('a parameter', () => {
  it.each([
    [
      `${policyVariable('Account')}`,
      () => protectLogArchive({ bucketArns: [`arn:aws:s3:::logs-${policyVariable('Account')}`] }),
    ],
    [
      '[PRIVILEGED_ROLE]',
      () => protectGuardDuty(withPrincipals(exempt('arn:aws:iam::111122223333:role/[PRIVILEGED_ROLE]'))),
    ],
    [
      '<octo-org>',
      () => trustedOidcTenants({ tenants: [{ issuer: 'gitlab.com', values: ['project_path:<octo-org>/*'] }] }),
    ],
    [`an open $\{`, () => protectLogArchive({ bucketArns: [`arn:aws:s3:::logs-$\{Account`] })],
    [
      'a variable that is none',
      () => protectLogArchive({ bucketArns: [`arn:aws:s3:::logs-${policyVariable('aws:SourceIp')}`] }),
    ],
    ['[REGION]', () => restrictRegions({ allowedRegions: ['[REGION]'] })],
  ])('R1: %s is a placeholder, and refused', (_, build) => expect(codeOf(build)).toBe('GUARDRAIL_PLACEHOLDER'));

  it('may hold a policy variable that is meant, and its cases say so', () => {
    const { document, cases } = protectLogArchive({
      bucketArns: [`arn:aws:s3:::logs-${policyVariable('aws:PrincipalTag/team')}`],
    });
    expect(document.Statement[0]?.Resource).toContain(`arn:aws:s3:::logs-${policyVariable('aws:PrincipalTag/team')}`);
    for (const { request, expect: wanted } of cases) expect(evaluateDocument(document, request).effect).toBe(wanted);
  });

  it.each([
    ['a Region of another partition', () => restrictRegions({ allowedRegions: ['cn-north-1'] })],
    ['a Region that is none', () => restrictRegions({ allowedRegions: ['europe'] })],
    ['no Region', () => restrictRegions({ allowedRegions: [] })],
    ['an organisation that is none', () => orgIdentityPerimeter({ organizationId: 'my-org' })],
    ['a service without support', () => orgIdentityPerimeter({ organizationId: 'o-a1b2c3d4e5', services: ['ec2'] })],
    ['a path of a bucket', () => protectLogArchive({ bucketArns: ['arn:aws:s3:::logs/*'] })],
    ['enrolling MFA among what needs it', () => requireMfa({ actions: ['iam:*MFA*'] })],
    ['every address', () => expectedNetworks({ sourceIps: ['0.0.0.0/0'], sourceVpcs: ['vpc-0123456789abcdef0'] })],
    [
      'a tenant that lets everybody in',
      () => trustedOidcTenants({ tenants: [{ issuer: 'gitlab.com', values: ['*'] }] }),
    ],
  ])('that is %s is refused', (_, build) => expect(codeOf(build)).toBe('GUARDRAIL_PARAMETER_INVALID'));

  it.each([
    ['a control that is not known', { control: 'CT.NONE.PV.1' }],
    ['a mandatory control', { control: 'AWS-GR_CLOUDTRAIL_ENABLED' }],
    ['a control without its parameter', { control: 'CT.MULTISERVICE.PV.1' }],
    ['a parameter that the control does not take', { control: 'CT.EC2.PV.7', allowedRegions: ['eu-west-1'] }],
  ])('%s is refused', (_, given) => {
    const targetIdentifier = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
    expect(codeOf(() => enableControl({ targetIdentifier, ...given }))).toBe('GUARDRAIL_PARAMETER_INVALID');
  });
});

import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { validateEnabledControl } from '../control-tower/enable-control.ts';
import { reservedSlots } from '../data/attachments.ts';
import { controlEquivalents } from '../data/control-equivalents.ts';
import { controls } from '../data/controls.ts';
import { policyQuotas } from '../data/quotas.ts';
import { validateEc2Policy } from '../declarative/schema.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import { evaluate, fullAwsAccess, type PolicySet } from '../evaluate/evaluate.ts';
import { cloudFormationTemplate, toCloudFormation } from '../outputs/cloudformation.ts';
import { toTerraform } from '../outputs/terraform.ts';
import { packPolicies } from '../pack/pack-policies.ts';
import type { AccessRequest } from '../policy/request.ts';
import { guardrailCatalog } from '../templates/catalog.ts';
import type { Exemption } from '../templates/guardrail.ts';
import { prove } from '../templates/prove.ts';
import type { Baseline } from './baseline.ts';
import { baselineCatalog } from './catalog.ts';
import { foundationBaseline } from './foundation.ts';
import { sandboxBaseline } from './sandbox.ts';
import { suspendedBaseline } from './suspended.ts';
import { workloadBaseline } from './workload.ts';

const unit = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
const account = '111122223333';
const breakGlass = `arn:aws:iam::${account}:role/BreakGlass`;
const exempt = (value: string): Exemption => ({ value, reason: 'SEC-12', expires: new Date('2100-01-01') });
const execution: Exemption = {
  ...exempt('arn:aws:iam::*:role/AWSControlTowerExecution'),
  existsEverywhere: true,
  managedBy: [breakGlass],
};
const exemptions = { exemptedPrincipalArns: [exempt(breakGlass)] };
const underControlTower = { exemptedPrincipalArns: [execution, exempt(breakGlass)] };
const budget = { monthlyUsd: 100, notify: ['cloud@example.com'] };

const foundation = foundationBaseline({ allowedRegions: ['eu-west-1'], exemptions });
const workload = workloadBaseline({ organizationId: 'o-a1b2c3d4e5', exemptions });
const sandbox = sandboxBaseline({ allowedRegions: ['eu-west-1'], budget, exemptions });
const suspended = suspendedBaseline({ organizationId: 'o-a1b2c3d4e5', exemptions });

/** An account below a unit with a set, below a root with the foundation: packed, as they are attached. */
const organisation = (set: Baseline): PolicySet => {
  const of = (one: Baseline, type: string) =>
    packPolicies(one.guardrails)
      .policies.filter((policy) => policy.type === type)
      .map(({ name, document }) => ({ name, document }));
  const levels = (type: string) => [
    {
      target: 'root',
      policies: [...(type === 'SERVICE_CONTROL_POLICY' ? [fullAwsAccess] : []), ...of(foundation, type)],
    },
    { target: 'ou', policies: [...(type === 'SERVICE_CONTROL_POLICY' ? [fullAwsAccess] : []), ...of(set, type)] },
    { target: account, policies: type === 'SERVICE_CONTROL_POLICY' ? [fullAwsAccess] : [] },
  ];
  return {
    managementAccountId: '444455556666',
    serviceControlPolicies: levels('SERVICE_CONTROL_POLICY'),
    resourceControlPolicies: levels('RESOURCE_CONTROL_POLICY'),
  };
};

const sets = { foundation, workload, sandbox, suspended };
const organisations = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, organisation(set)]));

const ask = (action: string, more: Partial<AccessRequest> & { readonly by?: string } = {}): AccessRequest => {
  const { by = `arn:aws:iam::${account}:role/Developer`, context, ...others } = more;
  return {
    action,
    principal: { arn: by, accountId: by.split(':')[4] ?? account },
    resource: '*',
    ...others,
    context: {
      'aws:RequestedRegion': 'eu-west-1',
      'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      ...context,
    },
  };
};
const instance = `arn:aws:ec2:eu-west-1:${account}:instance/*`;
const runs = (type: string) =>
  ask('ec2:RunInstances', {
    resource: instance,
    context: {
      'ec2:InstanceType': type,
      'ec2:MetadataHttpTokens': 'required',
      'ec2:MetadataHttpPutResponseHopLimit': '1',
      'ec2:MetadataHttpEndpoint': 'enabled',
    },
  });
const stranger = 'arn:aws:iam::999988887777:role/Stranger';
const bucket = { resource: 'arn:aws:s3:::invoices/0815.pdf', resourceAccountId: account };

type Journey = readonly [set: keyof typeof sets, what: string, request: AccessRequest, expected: string];
const journeys: readonly Journey[] = [
  ['foundation', 'leaves the organisation', ask('organizations:LeaveOrganization'), 'explicitly-denied'],
  [
    'foundation',
    'stops the trail',
    ask('cloudtrail:StopLogging', { resource: `arn:aws:cloudtrail:eu-west-1:${account}:trail/all` }),
    'explicitly-denied',
  ],
  [
    'foundation',
    'works in Ohio',
    ask('ec2:RunInstances', { context: { 'aws:RequestedRegion': 'us-east-2' } }),
    'explicitly-denied',
  ],
  [
    'foundation',
    'works as root',
    ask('s3:ListAllMyBuckets', { by: `arn:aws:iam::${account}:root` }),
    'explicitly-denied',
  ],
  ['foundation', 'launches an instance at home', runs('m7g.large'), 'allowed'],
  ['foundation', 'reads IAM', ask('iam:ListRoles', { context: { 'aws:RequestedRegion': 'us-east-1' } }), 'allowed'],
  ['foundation', 'breaks the glass', ask('organizations:LeaveOrganization', { by: breakGlass }), 'allowed'],
  [
    'workload',
    'makes a key',
    ask('iam:CreateAccessKey', { resource: `arn:aws:iam::${account}:user/dana` }),
    'explicitly-denied',
  ],
  ['workload', 'opens the account’s buckets', ask('s3:PutAccountPublicAccessBlock'), 'explicitly-denied'],
  [
    'workload',
    'makes an unencrypted volume',
    ask('ec2:CreateVolume', {
      resource: `arn:aws:ec2:eu-west-1:${account}:volume/*`,
      context: { 'ec2:Encrypted': 'false' },
    }),
    'explicitly-denied',
  ],
  ['workload', 'leaves the organisation', ask('organizations:LeaveOrganization'), 'explicitly-denied'],
  [
    'workload',
    'reads as a stranger',
    ask('s3:GetObject', { ...bucket, by: stranger, context: { 'aws:PrincipalOrgID': 'o-zyxwvutsrq' } }),
    'explicitly-denied',
  ],
  [
    'workload',
    'reads without TLS',
    ask('s3:GetObject', { ...bucket, context: { 'aws:SecureTransport': 'false' } }),
    'explicitly-denied',
  ],
  ['workload', 'reads its own bucket', ask('s3:GetObject', bucket), 'allowed'],
  ['workload', 'launches a large machine', runs('m7g.16xlarge'), 'allowed'],
  [
    'workload',
    'creates a function',
    ask('lambda:CreateFunction', { resource: `arn:aws:lambda:eu-west-1:${account}:function:orders` }),
    'allowed',
  ],
  ['sandbox', 'launches a large machine', runs('p5.48xlarge'), 'explicitly-denied'],
  ['sandbox', 'launches a small machine', runs('t4g.small'), 'allowed'],
  ['sandbox', 'commits to a year', ask('savingsplans:CreateSavingsPlan'), 'explicitly-denied'],
  [
    'sandbox',
    'works in Sydney',
    ask('lambda:CreateFunction', { context: { 'aws:RequestedRegion': 'ap-southeast-2' } }),
    'explicitly-denied',
  ],
  ['sandbox', 'connects to the company', ask('ec2:CreateVpnConnection'), 'explicitly-denied'],
  [
    'sandbox',
    'makes a table',
    ask('dynamodb:CreateTable', { resource: `arn:aws:dynamodb:eu-west-1:${account}:table/try` }),
    'allowed',
  ],
  ['suspended', 'reads its own bucket', ask('s3:GetObject', bucket), 'explicitly-denied'],
  [
    'suspended',
    'assumes a role',
    ask('sts:AssumeRole', { resource: `arn:aws:iam::${account}:role/Other` }),
    'explicitly-denied',
  ],
  [
    'suspended',
    'works as root',
    ask('support:CreateCase', { by: `arn:aws:iam::${account}:root` }),
    'explicitly-denied',
  ],
  [
    'suspended',
    'reads as a stranger',
    ask('s3:GetObject', { ...bucket, by: stranger, context: { 'aws:PrincipalOrgID': 'o-zyxwvutsrq' } }),
    'explicitly-denied',
  ],
  ['suspended', 'breaks the glass', ask('ec2:TerminateInstances', { by: breakGlass, resource: instance }), 'allowed'],
];

describe('journeys', () => {
  it.each(journeys)('%s: somebody %s', (set, _, request, expected) => {
    const policies = organisations[set];
    if (policies === undefined) throw new Error(set);
    expect(evaluate(request, policies).verdict).toBe(expected);
  });

  it('in a suspended account nobody can do anything that AWS documents, but those who are exempt', () => {
    const [guardrail] = suspended.guardrails;
    if (guardrail === undefined) throw new Error('no guardrail');
    const open = (by: string): readonly string[] =>
      loadActionData()
        .actionsLike('*')
        .map(({ action }) => action)
        .filter((action) => evaluateDocument(guardrail.document, ask(action, { by })).effect !== 'denied');
    for (const who of ['role/Developer', 'role/OrganizationAccountAccessRole', 'user/dana', 'root'])
      expect(open(`arn:aws:iam::${account}:${who}`).filter((action) => !action.startsWith('health:Describe'))).toEqual([
        'sts:GetCallerIdentity',
      ]);
    expect(open(breakGlass).length).toBeGreaterThan(20_000);
  });
});

describe.each(baselineCatalog)('$name', ({ name, needs, intent, target, example }) => {
  const set = example();

  it('holds what it says, with reasons', () => {
    expect(set.name).toBe(name);
    for (const text of [intent, target]) expect(text.length).toBeGreaterThan(10);
    for (const { reason } of set.members) expect(reason.length).toBeGreaterThan(10);
    const named = new Set(set.members.map((member) => member.name));
    expect(named.size).toBe(set.members.length);
    for (const { id } of [...set.guardrails, ...set.settings]) expect(named).toContain(id);
    const known = new Set(guardrailCatalog.map((entry) => entry.name));
    for (const member of set.members) if (member.as !== 'setting') expect(known).toContain(member.name);
  });
  it('is plain data, the same each time', () => {
    expect(JSON.parse(JSON.stringify(set))).toEqual(set);
    expect(example()).toEqual(set);
  });
  it('proves each of its guardrails', () => {
    for (const guardrail of set.guardrails) expect(prove(guardrail)).toEqual([]);
    for (const { document } of set.declarative) expect(validateEc2Policy(document)).toEqual([]);
    expect(set.declarative.length).toBeLessThanOrEqual(1);
  });
  it('fits into the quotas, with room for Control Tower and as much again', () => {
    const { fullAccess, controlTower } = reservedSlots.data.SERVICE_CONTROL_POLICY;
    const { report } = packPolicies(set.guardrails, {
      reserved: { SERVICE_CONTROL_POLICY: fullAccess + controlTower },
    });
    for (const { used, headroom } of report.slots) expect(headroom).toBeGreaterThanOrEqual(used);
    for (const { headroom } of report.policies) expect(headroom).toBeGreaterThan(500);
    for (const { document } of set.declarative)
      expect(JSON.stringify(document).length).toBeLessThan(policyQuotas.data.DECLARATIVE_POLICY_EC2.characters / 2);
  });
  it('is written for CloudFormation and Terraform', () => {
    const packed = packPolicies(set.guardrails, { name });
    const targetIds = ['ou-ab12-11111111'];
    const { Resources } = cloudFormationTemplate(toCloudFormation(packed, { ...set, targetIds }));
    expect(Object.keys(Resources)).toHaveLength(packed.policies.length + set.declarative.length);
    const { resource } = toTerraform(packed, { ...set, targetIds });
    expect(Object.keys(resource.aws_organizations_policy ?? {})).toHaveLength(Object.keys(Resources).length);
  });
  it.each(needs)('is refused without %s', (parameter) => {
    const all = {
      allowedRegions: ['eu-west-1'],
      budget,
      organizationId: 'o-a1b2c3d4e5',
      exemptions,
      [parameter]: undefined,
    };
    // As parameters from a file come, which no type has checked.
    const build = { foundationBaseline, workloadBaseline, sandboxBaseline, suspendedBaseline }[
      `${name}Baseline` as const
    ];
    const untyped: (parameters: never) => Baseline = build;
    expect(() => untyped(all as never)).toThrow(
      expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID', message: expect.stringContaining(parameter) }),
    );
  });
});

describe('under Control Tower', () => {
  const preferred = foundationBaseline({
    allowedRegions: ['eu-west-1'],
    exemptions: underControlTower,
    controlTower: 'prefer',
    unit,
    landingZone: { region: 'eu-west-1', version: '5.0' },
  });

  it('its own controls stand for what they do as well, and the set says for what', () => {
    const replaced = preferred.members.filter(({ control }) => control !== undefined);
    expect(replaced.map(({ name, control }) => [name, control])).toEqual([
      ['denyRootUser', 'AWS-GR_RESTRICT_ROOT_USER'],
      ['denyRootAccessKeys', 'AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS'],
      ['restrictRegions', 'CT.MULTISERVICE.PV.1'],
      ['blockPublicSnapshots', 'CT.EC2.PV.7'],
      ['blockPublicAmis', 'CT.EC2.PV.11'],
      ['serialConsole', 'CT.EC2.PV.9'],
    ]);
    const ids = preferred.guardrails.map(({ id }) => id);
    for (const { name } of replaced) expect(ids).not.toContain(name);
    expect(ids).toHaveLength(10);
    expect(Object.keys(preferred.declarative[0]?.document.ec2_attributes ?? {})).toEqual([
      'instance_metadata_defaults',
    ]);
    for (const { control } of preferred.controls) expect(validateEnabledControl(control)).toEqual([]);
    expect(preferred.controls.map(({ control }) => control.parameters)).toContainEqual([
      { key: 'AllowedRegions', value: ['eu-west-1'] },
      { key: 'ExemptedPrincipalArns', value: [breakGlass] },
    ]);
    expect(preferred.baselines).toEqual([
      {
        baselineIdentifier: 'arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2',
        baselineVersion: '5.0',
        targetIdentifier: unit,
      },
    ]);
  });
  it('policies, controls and the registration of the unit go into one template', () => {
    const resources = toCloudFormation(packPolicies(preferred.guardrails), preferred);
    const count = (type: string): number => Object.values(resources).filter((one) => one.type === type).length;
    expect(count('AWS::ControlTower::EnabledControl')).toBe(6);
    expect(count('AWS::ControlTower::EnabledBaseline')).toBe(1);
    expect(count('AWS::Organizations::Policy')).toBe(2);
  });
  it('a control that cannot express an exemption stands for nothing: the policy is kept, and the set says why', () => {
    const wide: Exemption = { ...exempt('arn:aws:iam::111122223333:role/ops-*'), managedBy: [breakGlass] };
    const root = exempt(`arn:aws:iam::${account}:root`);
    const { members, guardrails } = foundationBaseline({
      allowedRegions: ['eu-west-1'],
      exemptions: { exemptedPrincipalArns: [...underControlTower.exemptedPrincipalArns, wide, root] },
      controlTower: 'prefer',
      unit,
    });
    const kept = members.filter((member) => member.kept !== undefined);
    expect(kept.map(({ name, as }) => [name, as])).toEqual([
      ['denyRootUser', 'policy'],
      ['denyRootAccessKeys', 'policy'],
      ['restrictRegions', 'policy'],
    ]);
    expect(guardrails).toHaveLength(13);
    expect(kept.at(-1)?.kept).toContain('wildcard');
  });
  it('what is wrong for the policy as well is an error, and not kept quietly', () => {
    expect(() =>
      foundationBaseline({
        allowedRegions: ['eu-west-1'],
        exemptions: { exemptedPrincipalArns: [execution] },
        controlTower: 'prefer',
        unit: 'ou-ab12-12345678',
      }),
    ).toThrow(expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' }));
  });
  it('Control Tower’s own role must be exempt, else it cannot set up what the set protects', () => {
    expect(() =>
      foundationBaseline({ allowedRegions: ['eu-west-1'], exemptions, controlTower: 'prefer', unit }),
    ).toThrow(expect.objectContaining({ message: expect.stringContaining('AWSControlTowerExecution') }));
    const byIt = { principal: { arn: `arn:aws:iam::${account}:role/AWSControlTowerExecution`, accountId: account } };
    for (const action of ['config:PutConfigurationRecorder', 'cloudtrail:UpdateTrail'])
      for (const { document } of preferred.guardrails)
        expect(evaluateDocument(document, { ...ask(action), ...byIt }).effect).toBe('undecided');
  });
  it.each(Object.entries(controlEquivalents.data))(
    '%s: %s is elective, and the catalogue’s only control',
    (template, control) => {
      expect(controls.data[control]).toBeDefined();
      expect(controls.data[control]?.mandatory).toBeUndefined();
      const entry = guardrailCatalog.find(({ name }) => name === template);
      expect(entry?.controls).toEqual([{ name: control, id: controls.data[control]?.id }]);
    },
  );
  it('a wrong combination is refused, and does not type-check', () => {
    const regions = { allowedRegions: ['eu-west-1'], exemptions: underControlTower };
    // @ts-expect-error the unit is missing
    expect(() => foundationBaseline({ ...regions, controlTower: 'prefer' })).toThrow('unit');
    // @ts-expect-error a unit means nothing without controls
    expect(() => foundationBaseline({ ...regions, unit })).toThrow('unit');
  });
});

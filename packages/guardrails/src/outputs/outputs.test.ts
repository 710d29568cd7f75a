import { describe, expect, it } from 'vitest';
import { enableControl } from '../control-tower/enable-control.ts';
import { blockPublicSnapshots } from '../declarative/ec2.ts';
import { packPolicies } from '../pack/pack-policies.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { policyVariable } from '../policy/variable.ts';
import { denyLeaveOrganization } from '../scp/organization.ts';
import { protectGuardDuty } from '../scp/security-services.ts';
import { cloudFormationTemplate, toCloudFormation } from './cloudformation.ts';
import type { EnabledBaseline } from './resources.ts';
import { toTerraform } from './terraform.ts';

const packed = packPolicies([denyLeaveOrganization(), protectGuardDuty()], { name: 'base' });
const targetIds = ['ou-ab12-11111111', '111122223333'];
const unit = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
const control = enableControl({
  control: 'CT.MULTISERVICE.PV.1',
  targetIdentifier: unit,
  allowedRegions: ['eu-west-1'],
});
const baseline: EnabledBaseline = {
  baselineIdentifier: 'arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2',
  baselineVersion: '4.0',
  targetIdentifier: unit,
};

/** What CDK’s `CfnResource` takes beside its scope and id. */
interface CfnResourceProps {
  readonly type: string;
  readonly properties?: { readonly [name: string]: unknown };
}

const forOwn = (text: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:PutObject', NotResource: text }],
});
const long = (name: string): typeof packed => ({
  ...packed,
  policies: packed.policies.map((policy) => ({
    ...policy,
    name,
    document: forOwn(`arn:aws:s3:::${'x'.repeat(40_000)}`),
  })),
});

describe('CloudFormation', () => {
  it('policies with their targets, as CfnResource takes them', () => {
    const resources: Readonly<Record<string, CfnResourceProps>> = toCloudFormation(packed, { targetIds });
    expect(resources).toEqual({
      BaseScp1: {
        type: 'AWS::Organizations::Policy',
        properties: {
          Name: 'base-scp-1',
          Type: 'SERVICE_CONTROL_POLICY',
          Description: 'denyLeaveOrganization, protectGuardDuty',
          Content: packed.policies[0]?.document,
          TargetIds: targetIds,
        },
      },
    });
  });
  it('logical ids stay when guardrails and targets change', () => {
    const other = packPolicies([denyLeaveOrganization()], { name: 'base' });
    expect(Object.keys(toCloudFormation(other))).toEqual(Object.keys(toCloudFormation(packed, { targetIds })));
  });
  it('declarative policies, controls and baselines beside them, as a template', () => {
    const resources = toCloudFormation(packed, {
      targetIds,
      declarative: [blockPublicSnapshots()],
      controls: [control],
      baselines: [baseline],
    });
    const { Resources } = cloudFormationTemplate(resources);
    expect(Object.entries(Resources).map(([id, { Type }]) => [id, Type])).toEqual([
      ['BaseScp1', 'AWS::Organizations::Policy'],
      ['GuardrailsBlockPublicSnapshots', 'AWS::Organizations::Policy'],
      ['ControlKa8e3pkqefnjsxuyc26ji580OuAb1212345678', 'AWS::ControlTower::EnabledControl'],
      ['Baseline17BSJV3IGJ2QSGA2OuAb1212345678', 'AWS::ControlTower::EnabledBaseline'],
    ]);
    expect(Resources.GuardrailsBlockPublicSnapshots?.Properties).toMatchObject({
      Type: 'DECLARATIVE_POLICY_EC2',
      Content: blockPublicSnapshots().document,
    });
    expect(Resources.ControlKa8e3pkqefnjsxuyc26ji580OuAb1212345678?.Properties).toEqual({
      ControlIdentifier: 'arn:aws:controlcatalog:::control/ka8e3pkqefnjsxuyc26ji580',
      TargetIdentifier: unit,
      Parameters: [{ Key: 'AllowedRegions', Value: ['eu-west-1'] }],
    });
    expect(Resources.Baseline17BSJV3IGJ2QSGA2OuAb1212345678?.Properties).toMatchObject({ BaselineVersion: '4.0' });
    // A control can be enabled on a registered unit alone.
    expect(Resources.ControlKa8e3pkqefnjsxuyc26ji580OuAb1212345678?.DependsOn).toEqual([
      'Baseline17BSJV3IGJ2QSGA2OuAb1212345678',
    ]);
    expect(Resources.BaseScp1).not.toHaveProperty('DependsOn');
  });
  it('one control twice on one unit is refused', () => {
    expect(() => toCloudFormation(packed, { controls: [control, control] })).toThrow(
      expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' }),
    );
  });
});

describe('Terraform', () => {
  it('policies with an attachment for each target', () => {
    const { resource, variable } = toTerraform(packed, { targetIds });
    expect(variable).toBeUndefined();
    expect(resource).toEqual({
      aws_organizations_policy: {
        base_scp_1: {
          name: 'base-scp-1',
          type: 'SERVICE_CONTROL_POLICY',
          description: 'denyLeaveOrganization, protectGuardDuty',
          content: packed.policies[0]?.content,
        },
      },
      aws_organizations_policy_attachment: {
        base_scp_1_ou_ab12_11111111: {
          policy_id: policyVariable('aws_organizations_policy.base_scp_1.id'),
          target_id: 'ou-ab12-11111111',
        },
        base_scp_1_111122223333: {
          policy_id: policyVariable('aws_organizations_policy.base_scp_1.id'),
          target_id: '111122223333',
        },
      },
    });
  });
  it('without targets, a variable for them', () => {
    const { resource, variable } = toTerraform(packed);
    expect(Object.keys(variable ?? {})).toEqual(['guardrail_target_ids']);
    expect(resource.aws_organizations_policy_attachment?.base_scp_1).toMatchObject({
      for_each: policyVariable('var.guardrail_target_ids'),
      target_id: policyVariable('each.value'),
    });
  });
  it('names of resources begin with a letter, whatever the policies are named', () => {
    const { resource } = toTerraform(packPolicies([denyLeaveOrganization()], { name: '2026-base' }), { targetIds });
    expect(Object.keys(resource.aws_organizations_policy ?? {})).toEqual(['policy_2026_base_scp_1']);
    expect(resource.aws_organizations_policy_attachment).toEqual({
      policy_2026_base_scp_1_ou_ab12_11111111: {
        policy_id: policyVariable('aws_organizations_policy.policy_2026_base_scp_1.id'),
        target_id: 'ou-ab12-11111111',
      },
      policy_2026_base_scp_1_111122223333: {
        policy_id: policyVariable('aws_organizations_policy.policy_2026_base_scp_1.id'),
        target_id: '111122223333',
      },
    });
  });
  it('R9: policy variables reach AWS as they are: Terraform reads its own out of no text', () => {
    const own = packPolicies([forOwn(`arn:aws:s3:::home/${policyVariable('aws:username')}/%{x}`)]);
    const { content } = toTerraform(own, { targetIds }).resource.aws_organizations_policy?.guardrails_scp_1 ?? {};
    expect(content).toContain(`home/$${policyVariable('aws:username')}/%%{x}`);
    expect(JSON.parse(String(content).replaceAll('$$', '$').replaceAll('%%', '%'))).toEqual(own.policies[0]?.document);
  });
  it('controls, and a declarative policy', () => {
    const { resource } = toTerraform(packed, { targetIds, declarative: [blockPublicSnapshots()], controls: [control] });
    expect(resource.aws_controltower_control).toEqual({
      ka8e3pkqefnjsxuyc26ji580_ou_ab12_12345678: {
        control_identifier: 'arn:aws:controlcatalog:::control/ka8e3pkqefnjsxuyc26ji580',
        target_identifier: unit,
        parameters: [{ key: 'AllowedRegions', value: '["eu-west-1"]' }],
      },
    });
    expect(Object.keys(resource.aws_organizations_policy ?? {})).toContain('guardrails_block_public_snapshots');
  });
  it('baselines, for which controls of the unit wait', () => {
    const value = 'arn:aws:controltower:eu-west-1:111122223333:enabledbaseline/X';
    const parameters = [{ key: 'IdentityCenterEnabledBaselineArn', value }];
    const { resource, terraform } = toTerraform(packed, {
      baselines: [{ ...baseline, parameters }],
      controls: [control],
    });
    expect(resource.aws_controltower_baseline).toEqual({
      baseline_17bsjv3igj2qsga2_ou_ab12_12345678: {
        baseline_identifier: 'arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2',
        baseline_version: '4.0',
        target_identifier: unit,
        parameters,
      },
    });
    expect(resource.aws_controltower_control?.ka8e3pkqefnjsxuyc26ji580_ou_ab12_12345678).toMatchObject({
      depends_on: ['aws_controltower_baseline.baseline_17bsjv3igj2qsga2_ou_ab12_12345678'],
    });
    expect(terraform).toEqual({ required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.22' } } });
  });
});

describe.each([
  ['toCloudFormation', toCloudFormation],
  ['toTerraform', toTerraform],
] as const)('%s', (_, write) => {
  it('R10: a policy over the quota is an error where it is written, not where it is deployed', () => {
    expect(() => write(long('base-scp-1'))).toThrow(
      expect.objectContaining({ code: 'POLICY_TOO_LONG', message: expect.stringContaining('base-scp-1') }),
    );
    expect(() => write(long('renamed'))).toThrow(expect.objectContaining({ code: 'POLICY_TOO_LONG' }));
  });
  it('R10: a description over 512 characters is refused', () => {
    const wordy = {
      ...packed,
      policies: packed.policies.map((policy) => ({ ...policy, description: 'x'.repeat(513) })),
    };
    expect(() => write(wordy)).toThrow(expect.objectContaining({ message: expect.stringContaining('513') }));
  });
  it('two policies of one name are refused', () => {
    const twice = { ...packed, policies: [...packed.policies, ...packed.policies] };
    expect(() => write(twice)).toThrow(expect.objectContaining({ message: expect.stringContaining('"base-scp-1"') }));
  });
  it('a target that is none is refused; a reference is left to who resolves it', () => {
    for (const id of ['ou-ab12', '11112222333', 'root', ''])
      expect(() => write(packed, { targetIds: [id] })).toThrow(
        expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' }),
      );
    const reference = policyVariable('aws_organizations_organizational_unit.workloads.id');
    expect(JSON.stringify(write(packed, { targetIds: ['r-ab12', reference] }))).toContain(reference);
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  enableControl,
  foundationBaseline,
  packPolicies,
  toAccountTerraform,
  toTerraform,
} from '@remedykit/guardrails';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organization } from './organization.ts';
import { terraformFiles } from './terraform.ts';
import { providerFaults } from './testing/provider-schema.ts';

const files = terraformFiles(organization);
const unit = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  cpSync(join(import.meta.dirname, '../terraform'), folder, { recursive: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const terraform = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
  });
  return { status, stdout, output: `${stdout}${stderr}` };
};
const isThere = spawnSync('terraform', ['version']).status === 0;
/** A folder as `terraform providers mirror` makes it: with it, the configuration is validated by the provider itself. */
const mirror = process.env.TERRAFORM_PROVIDER_MIRROR;

describe('modules', () => {
  it('one for each set, and one for the settings that it makes', () => {
    expect([...files.keys()]).toEqual([
      'organization/foundation/policies.tf.json',
      'account/foundation/settings.tf.json',
      'organization/workload/policies.tf.json',
      'organization/sandbox/policies.tf.json',
      'account/sandbox/settings.tf.json',
      'organization/suspended/policies.tf.json',
    ]);
  });
  it.each([...files])('%s: the provider knows each resource and its arguments', (_, text) => {
    expect(providerFaults(JSON.parse(text))).toEqual([]);
  });
  it('so it does with controls, baselines and every setting', () => {
    const set = foundationBaseline({
      allowedRegions: ['eu-west-1'],
      configBucket: 'example-config-logs',
      contacts: { security: organization.securityContact },
    });
    const control = enableControl({
      control: 'CT.MULTISERVICE.PV.1',
      targetIdentifier: unit,
      allowedRegions: ['eu-west-1'],
    });
    const baseline = {
      baselineIdentifier: 'arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2',
      baselineVersion: '5.0',
      targetIdentifier: unit,
      parameters: [{ key: 'IdentityCenterEnabledBaselineArn', value: 'arn:aws:controltower:eu-west-1:111122223333:x' }],
    };
    const written = toTerraform(packPolicies(set.guardrails), { ...set, controls: [control], baselines: [baseline] });
    expect(providerFaults(written)).toEqual([]);
    expect(providerFaults(toAccountTerraform(set.settings))).toEqual([]);
  });
  it('the check itself can fail', () => {
    const of = (resource: unknown) => providerFaults({ resource });
    expect(of({ aws_organizations_policy: { a: { content: '{}', nam: 'x' } } })).toEqual([
      'aws_organizations_policy.a lacks name',
      'aws_organizations_policy.a takes no nam',
    ]);
    expect(of({ aws_organization_policy: {} })).toHaveLength(1);
    expect(of({ aws_ebs_encryption_by_default: { '1st': { enabled: true } } })).toHaveLength(1);
    expect(
      of({
        aws_controltower_control: {
          a: { control_identifier: 'x', target_identifier: 'y', parameters: [{ key: 'k' }] },
        },
      }),
    ).toEqual(['aws_controltower_control.a.parameters[0] lacks value']);
  });
});

describe.skipIf(!isThere)('terraform', () => {
  it('fmt changes nothing in the configuration', () => {
    expect(terraform('fmt', '-check', '-recursive', '-diff')).toMatchObject({ status: 0, stdout: '' });
  });
  it.skipIf(mirror === undefined).each(['organization', 'account'])(
    'validate takes %s',
    { timeout: 120_000 },
    (root) => {
      const init = terraform(`-chdir=${root}`, 'init', '-input=false', '-backend=false', `-plugin-dir=${mirror}`);
      expect(init.output).toContain('successfully initialized');
      expect(terraform(`-chdir=${root}`, 'validate').output).toContain('The configuration is valid');
    },
  );
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { deploymentsFor } from './deployments.ts';
import { type Organization, organization } from './organization.ts';
import { createGuardrailsStack } from './stack.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const synth = (chosen: Organization): Readonly<Record<string, Resource>> => {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  folders.push(outdir);
  const app = new App({ outdir });
  const { stackName } = createGuardrailsStack(app, chosen);
  return app.synth().getStackByName(stackName).template.Resources;
};

const template = synth(organization);
const of = (type: string): readonly Resource[] => Object.values(template).filter(({ Type }) => Type === type);

describe('the stack', () => {
  it('holds every policy, as it was packed, on its targets', () => {
    const policies = of('AWS::Organizations::Policy').map(({ Properties }) => Properties);
    const packed = deploymentsFor(organization).flatMap(({ policies: { policies: all }, targetIds }) =>
      all.map(({ name, type, document }) => ({ Name: name, Type: type, Content: document, TargetIds: targetIds })),
    );
    expect(packed).toHaveLength(6);
    for (const policy of packed) expect(policies).toContainEqual(expect.objectContaining(policy));
    expect(policies.filter(({ Type }) => Type === 'DECLARATIVE_POLICY_EC2')).toHaveLength(2);
  });
  it('sets up accounts by stack sets, also those that join later', () => {
    const sets = of('AWS::CloudFormation::StackSet').map(({ Properties }) => Properties);
    expect(sets.map(({ StackSetName }) => StackSetName)).toEqual([
      'remedykit-FoundationSettingsOfRegions',
      'remedykit-SandboxSettings',
    ]);
    for (const { AutoDeployment, TemplateBody } of sets) {
      expect(AutoDeployment).toMatchObject({ Enabled: true });
      expect(Object.keys(JSON.parse(String(TemplateBody)).Resources).length).toBeGreaterThan(0);
    }
  });
  it('leaves out a set that is attached to nothing', () => {
    const fewer = synth({ ...organization, targets: { ...organization.targets, sandbox: [] } });
    expect(Object.keys(fewer).filter((id) => /sandbox/i.test(id))).toEqual([]);
    expect(Object.keys(template).filter((id) => /sandbox/i.test(id)).length).toBeGreaterThan(0);
  });
  it('R10: a policy over the quota stops the synth, not the deployment', () => {
    const exemptedPrincipalArns = Array.from({ length: 200 }, (_, index) => ({
      value: `arn:aws:iam::111122223333:role/team-with-a-long-name-${index}`,
      reason: 'SEC-12',
      expires: new Date('2099-12-31'),
    }));
    expect(() => synth({ ...organization, exemptions: { exemptedPrincipalArns } })).toThrow(
      expect.objectContaining({ code: 'POLICY_TOO_LONG' }),
    );
  });
});

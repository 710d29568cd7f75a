import {
  type AccountSetting,
  cloudFormationTemplate,
  toAccountCloudFormation,
  toCloudFormation,
} from '@remedykit/guardrails';
import { type App, CfnResource, CfnStackSet, Stack } from 'aws-cdk-lib';
import { deploymentsFor } from './deployments.ts';
import type { Organization } from './organization.ts';

const pascal = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A stack in each account below the targets, and in each that joins them later. */
const settingsStackSet = (
  stack: Stack,
  id: string,
  {
    settings,
    targetIds,
    regions,
  }: {
    readonly settings: readonly AccountSetting[];
    readonly targetIds: readonly string[];
    readonly regions: readonly string[];
  },
): void => {
  const { resources } = toAccountCloudFormation(settings);
  if (Object.keys(resources).length === 0) return;
  new CfnStackSet(stack, id, {
    stackSetName: `remedykit-${id}`,
    permissionModel: 'SERVICE_MANAGED',
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    operationPreferences: { failureTolerancePercentage: 0, maxConcurrentPercentage: 10 },
    stackInstancesGroup: [{ deploymentTargets: { organizationalUnitIds: [...targetIds] }, regions: [...regions] }],
    templateBody: JSON.stringify(cloudFormationTemplate(resources)),
  });
};

/** Policies on their targets, and the settings of accounts by stack sets. Belongs into the management account. */
export const createGuardrailsStack = (app: App, organization: Organization): Stack => {
  const stack = new Stack(app, 'Guardrails', { description: 'Guardrails of the organisation' });
  for (const { set, policies, targetIds } of deploymentsFor(organization)) {
    const resources = toCloudFormation(policies, { ...set, targetIds });
    const made = new Map(
      Object.entries(resources).map(([id, { type, properties }]) => [
        id,
        new CfnResource(stack, id, { type, properties }),
      ]),
    );
    for (const [id, { dependsOn = [] }] of Object.entries(resources))
      for (const other of dependsOn) {
        const [resource, before] = [made.get(id), made.get(other)];
        if (resource !== undefined && before !== undefined) resource.addDependency(before);
      }
    const [home] = organization.allowedRegions;
    const of = (per: AccountSetting['per']) => set.settings.filter((setting) => setting.per === per);
    const name = `${pascal(set.name)}Settings`;
    settingsStackSet(stack, name, { settings: of('account'), targetIds, regions: [home] });
    settingsStackSet(stack, `${name}OfRegions`, {
      settings: of('region'),
      targetIds,
      regions: organization.allowedRegions,
    });
  }
  return stack;
};

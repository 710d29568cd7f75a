import type { CloudFormationResource } from '../../outputs/cloudformation.ts';
import type { TerraformConfiguration } from '../../outputs/terraform.ts';
import { invalidParameter } from '../../templates/invalid.ts';
import type { AccountSetting } from './setting.ts';

/** A setting for which CloudFormation has no resource. */
export type SetElsewhere = Pick<AccountSetting, 'id' | 'per' | 'calls' | 'elsewhere'>;

const once = (where: string, names: readonly string[]): void => {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalidParameter(where, `${twice} is there twice: give each setting once.`);
};

/**
 * Account settings as resources of CloudFormation, for a StackSet or a blueprint of Account Factory Customization, and those that
 * CloudFormation cannot make, with the calls that do. The stack belongs into each account, and for settings of `per: 'region'`
 * into each Region.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` for a setting that is there twice
 * @example
 * ```ts
 * import { foundationBaseline, toAccountCloudFormation } from '@remedykit/guardrails';
 *
 * const { settings } = foundationBaseline({ allowedRegions: ['eu-west-1'] });
 * const { resources, setElsewhere } = toAccountCloudFormation(settings);
 * console.log(Object.keys(resources), setElsewhere.map(({ calls }) => calls.map(({ operation }) => operation)));
 * ```
 */
export const toAccountCloudFormation = (
  settings: readonly AccountSetting[],
): {
  readonly resources: Readonly<Record<string, CloudFormationResource>>;
  readonly setElsewhere: readonly SetElsewhere[];
} => {
  once(
    'toAccountCloudFormation',
    settings.map(({ id }) => id),
  );
  return {
    resources: Object.assign({}, ...settings.map(({ cloudFormation = {} }) => cloudFormation)),
    setElsewhere: settings
      .filter(({ cloudFormation }) => cloudFormation === undefined)
      .map(({ id, per, calls, elsewhere }) => ({ id, per, calls, ...(elsewhere === undefined ? {} : { elsewhere }) })),
  };
};

/**
 * Account settings as a configuration of Terraform, for account customizations of Account Factory for Terraform (AFT) or a module
 * of your own. It belongs into each account; the provider's Region is that of the settings with `per: 'region'`.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` for a setting that is there twice
 */
export const toAccountTerraform = (settings: readonly AccountSetting[]): TerraformConfiguration => {
  once(
    'toAccountTerraform',
    settings.map(({ id }) => id),
  );
  const resource: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const { terraform } of settings)
    for (const [name, { type, arguments: given }] of Object.entries(terraform))
      resource[type] = { ...resource[type], [name]: given };
  const reads = ['aws_caller_identity', 'aws_partition'].filter((name) =>
    JSON.stringify(resource).includes(`data.${name}.`),
  );
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.83' } } },
    ...(reads.length === 0 ? {} : { data: Object.fromEntries(reads.map((name) => [name, { current: {} }])) }),
    resource,
  };
};

import type { PackedPolicies } from '../pack/pack-policies.ts';
import { invalidParameter } from '../templates/invalid.ts';
import {
  checkTargets,
  type EnabledBaseline,
  lastOf,
  type OutputOptions,
  policiesToWrite,
  registrationsOf,
} from './resources.ts';

type Block = Readonly<Record<string, unknown>>;

/** A configuration in Terraform's JSON syntax: the content of a file `*.tf.json`. */
export interface TerraformConfiguration {
  readonly terraform: Block;
  readonly variable?: Readonly<Record<string, Block>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

const slug = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();

/** The name of a resource of Terraform, which begins with a letter. */
const blockName = (kind: string, text: string): string => slug(text).replace(/^(?=\d)/, `${kind}_`);

/** Terraform reads `${` and `%{` in texts as its own: a policy variable must reach AWS as it is. */
const literalText = (text: string): string => text.replace(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);

/** A reference that Terraform resolves. */
const reference = (path: string): string => `$\{${path}}`;

const nameOf = (identifier: string, target: string, kind: string): string =>
  blockName(kind, `${lastOf(identifier)}_${lastOf(target)}`);

const policyName = (name: string): string => blockName('policy', name);

const baselineId = ({ baselineIdentifier, targetIdentifier }: EnabledBaseline): string =>
  nameOf(baselineIdentifier, targetIdentifier, 'baseline');

/** The oldest provider that knows what is written. */
const providerVersion = ({ baselines = [] }: OutputOptions): string => (baselines.length > 0 ? '>= 6.22' : '>= 5.83');

const variable = 'guardrail_target_ids';

const unique = (
  where: string,
  entries: readonly (readonly [name: string, block: Block])[],
): Readonly<Record<string, Block>> => {
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => other === name) < index);
  if (twice !== undefined)
    throw invalidParameter(where, `${twice[0]} is there twice: give each policy, control and target once.`);
  return Object.fromEntries(entries);
};

/**
 * Packed policies as a configuration of Terraform: `aws_organizations_policy` with an `aws_organizations_policy_attachment` for
 * each target. Without `targetIds` the configuration has the variable `guardrail_target_ids` instead. Another version of a baseline
 * is a replacement to the provider, which fails while controls are enabled (hashicorp/terraform-provider-aws#45871, open in
 * 2026-11): change it in Control Tower, then here.
 *
 * @throws RemediationError `POLICY_TOO_LONG` for a document over the quota, which Terraform would find out at apply;
 * `GUARDRAIL_PARAMETER_INVALID`
 * @example
 * ```ts
 * import { denyLeaveOrganization, packPolicies, toTerraform } from '@remedykit/guardrails';
 * console.log(JSON.stringify(toTerraform(packPolicies([denyLeaveOrganization()])), null, 2));
 * ```
 */
export const toTerraform = (packed: PackedPolicies, options: OutputOptions = {}): TerraformConfiguration => {
  const where = 'toTerraform';
  const targetIds = options.targetIds === undefined ? undefined : checkTargets(where, options.targetIds);
  const policies = policiesToWrite(where, packed, options);
  const attachments = policies.flatMap(({ name }): (readonly [string, Block])[] => {
    const policy_id = reference(`aws_organizations_policy.${policyName(name)}.id`);
    return targetIds === undefined
      ? [[policyName(name), { for_each: reference(`var.${variable}`), policy_id, target_id: reference('each.value') }]]
      : targetIds.map((id) => [`${policyName(name)}_${slug(id)}`, { policy_id, target_id: id }]);
  });
  const controls = (options.controls ?? []).map(({ control }): readonly [string, Block] => {
    const { controlIdentifier, targetIdentifier, parameters } = control;
    const before = registrationsOf(options, targetIdentifier).map(
      (one) => `aws_controltower_baseline.${baselineId(one)}`,
    );
    return [
      nameOf(controlIdentifier, targetIdentifier, 'control'),
      {
        control_identifier: controlIdentifier,
        target_identifier: targetIdentifier,
        ...(parameters === undefined
          ? {}
          : { parameters: parameters.map(({ key, value }) => ({ key, value: literalText(JSON.stringify(value)) })) }),
        ...(before.length === 0 ? {} : { depends_on: before }),
      },
    ];
  });
  const baselines = (options.baselines ?? []).map((baseline): readonly [string, Block] => {
    const { baselineIdentifier, baselineVersion, targetIdentifier, parameters } = baseline;
    return [
      baselineId(baseline),
      {
        baseline_identifier: baselineIdentifier,
        baseline_version: baselineVersion,
        target_identifier: targetIdentifier,
        ...(parameters === undefined
          ? {}
          : {
              parameters: parameters.map(({ key, value }) => ({
                key,
                value: literalText(typeof value === 'string' ? value : JSON.stringify(value)),
              })),
            }),
      },
    ];
  });
  const resource = {
    aws_organizations_policy: unique(
      where,
      policies.map(({ name, type, description, document }) => [
        policyName(name),
        {
          name,
          type,
          description: literalText(description),
          // As text: Terraform would write an object anew, with its keys in another order.
          content: literalText(JSON.stringify(document)),
        },
      ]),
    ),
    aws_organizations_policy_attachment: unique(where, attachments),
    aws_controltower_baseline: unique(where, baselines),
    aws_controltower_control: unique(where, controls),
  };
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: providerVersion(options) } } },
    ...(targetIds === undefined && policies.length > 0
      ? {
          variable: {
            [variable]: {
              type: 'set(string)',
              description: 'Roots, organisational units and accounts to attach the policies to.',
            },
          },
        }
      : {}),
    // Terraform takes no empty block.
    resource: Object.fromEntries(Object.entries(resource).filter(([, blocks]) => Object.keys(blocks).length > 0)),
  };
};

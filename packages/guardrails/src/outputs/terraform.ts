import type { PackedPolicies } from '../pack/pack-policies.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { checkTargets, lastOf, type OutputOptions, policiesToWrite } from './resources.ts';

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

/** Terraform reads `${` and `%{` in texts as its own: a policy variable must reach AWS as it is. */
const literalText = (text: string): string => text.replace(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);

/** A reference that Terraform resolves. */
const reference = (path: string): string => `$\{${path}}`;

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
 * each target. Without `targetIds` the configuration has the variable `guardrail_target_ids` instead. Baselines are left to
 * CloudFormation: the provider has no resource for them.
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
  if ((options.baselines ?? []).length > 0)
    throw invalidParameter(where, 'the provider has no resource for baselines: deploy them by toCloudFormation.');
  const targetIds = options.targetIds === undefined ? undefined : checkTargets(where, options.targetIds);
  const policies = policiesToWrite(where, packed, options);
  const attachments = policies.flatMap(({ name }): (readonly [string, Block])[] => {
    const policy_id = reference(`aws_organizations_policy.${slug(name)}.id`);
    return targetIds === undefined
      ? [[slug(name), { for_each: reference(`var.${variable}`), policy_id, target_id: reference('each.value') }]]
      : targetIds.map((id) => [`${slug(name)}_${slug(id)}`, { policy_id, target_id: id }]);
  });
  const controls = (options.controls ?? []).map(({ control }): readonly [string, Block] => {
    const { controlIdentifier, targetIdentifier, parameters } = control;
    return [
      slug(`${lastOf(controlIdentifier)}_${lastOf(targetIdentifier)}`).replace(/^(?=\d)/, 'control_'),
      {
        control_identifier: controlIdentifier,
        target_identifier: targetIdentifier,
        ...(parameters === undefined
          ? {}
          : { parameters: parameters.map(({ key, value }) => ({ key, value: literalText(JSON.stringify(value)) })) }),
      },
    ];
  });
  const resource = {
    aws_organizations_policy: unique(
      where,
      policies.map(({ name, type, description, document }) => [
        slug(name),
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
    aws_controltower_control: unique(where, controls),
  };
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.83' } } },
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

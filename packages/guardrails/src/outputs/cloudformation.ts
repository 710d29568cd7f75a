import type { PackedPolicies } from '../pack/pack-policies.ts';
import { invalidParameter } from '../templates/invalid.ts';
import {
  camel,
  checkTargets,
  type EnabledBaseline,
  lastOf,
  type OutputOptions,
  policiesToWrite,
  registrationsOf,
} from './resources.ts';

/** A resource, in the form that CDK's `CfnResource` takes. */
export interface CloudFormationResource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /**
   * Logical ids of what must be there before: controls wait for the registration of their unit. CDK's `CfnResource` does not
   * take it; call its `addDependency`.
   */
  readonly dependsOn?: readonly string[];
}

const pascal = (text: string): string => camel(text).replace(/^./, (first) => first.toUpperCase());

type Entry = readonly [id: string, resource: CloudFormationResource];

/**
 * Packed policies as resources of CloudFormation by logical id, `AWS::Organizations::Policy` and what `options` add. The ids
 * depend on names and targets alone, so that a changed guardrail changes a policy in place.
 *
 * @throws RemediationError `POLICY_TOO_LONG` for a document over the quota, which CloudFormation would find out at deployment;
 * `GUARDRAIL_PARAMETER_INVALID`
 * @example
 * ```ts
 * import { cloudFormationTemplate, denyLeaveOrganization, packPolicies, toCloudFormation } from '@remedykit/guardrails';
 *
 * const policies = packPolicies([denyLeaveOrganization()]);
 * const resources = toCloudFormation(policies, { targetIds: ['ou-ab12-11111111'] });
 * console.log(JSON.stringify(cloudFormationTemplate(resources)));
 * ```
 */
export const toCloudFormation = (
  packed: PackedPolicies,
  options: OutputOptions = {},
): Readonly<Record<string, CloudFormationResource>> => {
  const where = 'toCloudFormation';
  const targetIds = checkTargets(where, options.targetIds ?? []);
  const policies = policiesToWrite(where, packed, options).map(
    ({ name, type, description, document }): Entry => [
      pascal(name),
      {
        type: 'AWS::Organizations::Policy',
        properties: {
          Name: name,
          Type: type,
          Description: description,
          Content: document,
          ...(targetIds.length === 0 ? {} : { TargetIds: targetIds }),
        },
      },
    ],
  );
  const baselineId = ({ baselineIdentifier, targetIdentifier }: EnabledBaseline): string =>
    pascal(`baseline-${lastOf(baselineIdentifier)}-${lastOf(targetIdentifier)}`);
  const controls = (options.controls ?? []).map(({ control }): Entry => {
    const { controlIdentifier, targetIdentifier, parameters } = control;
    const before = registrationsOf(options, targetIdentifier).map(baselineId);
    return [
      pascal(`control-${lastOf(controlIdentifier)}-${lastOf(targetIdentifier)}`),
      {
        type: 'AWS::ControlTower::EnabledControl',
        properties: {
          ControlIdentifier: controlIdentifier,
          TargetIdentifier: targetIdentifier,
          ...(parameters === undefined
            ? {}
            : { Parameters: parameters.map(({ key, value }) => ({ Key: key, Value: value })) }),
        },
        ...(before.length === 0 ? {} : { dependsOn: before }),
      },
    ];
  });
  const baselines = (options.baselines ?? []).map((baseline): Entry => {
    const { baselineIdentifier, baselineVersion, targetIdentifier, parameters } = baseline;
    return [
      baselineId(baseline),
      {
        type: 'AWS::ControlTower::EnabledBaseline',
        properties: {
          BaselineIdentifier: baselineIdentifier,
          BaselineVersion: baselineVersion,
          TargetIdentifier: targetIdentifier,
          ...(parameters === undefined
            ? {}
            : { Parameters: parameters.map(({ key, value }) => ({ Key: key, Value: value })) }),
        },
      },
    ];
  });
  const all = [...policies, ...controls, ...baselines];
  const twice = all.find(([id], index) => all.findIndex(([other]) => other === id) < index);
  if (twice !== undefined)
    throw invalidParameter(where, `${twice[0]} is there twice: give each policy, control and baseline once.`);
  return Object.fromEntries(all);
};

/** A template of CloudFormation, plain JSON. */
export interface CloudFormationTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly DependsOn?: readonly string[];
        readonly Properties: CloudFormationResource['properties'];
      }
    >
  >;
}

/** A whole template of the resources. Deploy it in the management account, or in that of a delegated administrator. */
export const cloudFormationTemplate = (
  resources: Readonly<Record<string, CloudFormationResource>>,
): CloudFormationTemplate => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: Object.fromEntries(
    Object.entries(resources).map(([id, { type, properties, dependsOn }]) => [
      id,
      { Type: type, ...(dependsOn === undefined ? {} : { DependsOn: dependsOn }), Properties: properties },
    ]),
  ),
});

import { type ControlParameterKey, controls } from '../data/controls.ts';
import { parseArn } from '../templates/arn.ts';
import type { TemplateDocs } from '../templates/catalog-entry.ts';
import { type ExemptionKind, resolveExemptions } from '../templates/exemptions.ts';
import type { Exemptions } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { type Partition, parsePartition, parseRegion } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';
import { type SchemaCase, schemaCases } from '../templates/schema-guardrail.ts';

/** A control on an organisational unit, with the properties of EnableControl and `AWS::ControlTower::EnabledControl`. */
export interface EnabledControl {
  readonly controlIdentifier: string;
  readonly targetIdentifier: string;
  readonly parameters?: readonly { readonly key: ControlParameterKey; readonly value: boolean | readonly string[] }[];
}

/** A Control Tower control, with the schema cases that prove it. Plain data. */
export interface ControlGuardrail {
  /** `control:` and the name of the control. */
  readonly id: string;
  readonly type: 'CONTROL_TOWER_CONTROL';
  readonly control: EnabledControl;
  readonly cases: readonly SchemaCase[];
}

/** What `enableControl` takes. */
export interface ControlParameters {
  /** The name in the Control Catalog, `CT.MULTISERVICE.PV.1`. */
  readonly control: string;
  /** ARN of the organisational unit. */
  readonly targetIdentifier: string;
  readonly allowedRegions?: readonly string[];
  readonly exemptAssumeRoot?: boolean;
  readonly exemptions?: Exemptions;
  /** `aws` by default. */
  readonly partition?: Partition;
  /** When the exemptions are judged. Default: now. */
  readonly now?: Date;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const identifier = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):controlcatalog:::control\/([a-z0-9]+)$/;
const unit =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/;

const isValue = (key: unknown, value: unknown): boolean =>
  key === 'ExemptAssumeRoot'
    ? typeof value === 'boolean'
    : Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '');

/** What is wrong with an enabled control; nothing, when Control Tower would take it. */
export const validateEnabledControl = (control: unknown): readonly string[] => {
  if (!isObject(control)) return ['an enabled control must be an object'];
  const [, partition, id] = identifier.exec(String(control.controlIdentifier)) ?? [];
  const [, ofUnit] = unit.exec(String(control.targetIdentifier)) ?? [];
  const known = Object.values(controls.data).find((one) => one.id === id);
  const parameters: readonly unknown[] = Array.isArray(control.parameters) ? control.parameters : [];
  const keys = parameters.map((parameter) => (isObject(parameter) ? String(parameter.key) : ''));
  return [
    ...(known === undefined ? ['controlIdentifier is no control that is known here'] : []),
    ...(known?.mandatory === true ? ['the control is mandatory: the landing zone sets it up, the API cannot'] : []),
    ...(ofUnit === undefined ? ['targetIdentifier is no ARN of an organisational unit'] : []),
    ...(ofUnit !== undefined && partition !== undefined && ofUnit !== partition
      ? ['both ARNs must be of one partition']
      : []),
    ...(known?.needs ?? []).filter((key) => !keys.includes(key)).map((key) => `the parameter ${key} is missing`),
    ...parameters.flatMap((parameter) => {
      if (!isObject(parameter)) return ['a parameter must have a key and a value'];
      const taken = known?.takes.some((key) => key === parameter.key) === true;
      if (!taken) return [`the control takes no parameter ${parameter.key}`];
      return isValue(parameter.key, parameter.value)
        ? []
        : [`${parameter.key} cannot be ${JSON.stringify(parameter.value)}`];
    }),
  ];
};

const kinds: Readonly<Partial<Record<ControlParameterKey, ExemptionKind>>> = {
  ExemptedActions: 'exemptedActions',
  ExemptedPrincipalArns: 'exemptedPrincipalArns',
  ExemptedResourceArns: 'exemptedResourceArns',
};

/**
 * Says which control Control Tower is to enable on an organisational unit: the input of EnableControl, and the properties of
 * `AWS::ControlTower::EnabledControl`. Exemptions need reasons and ends here as everywhere; a wildcard is refused, since a control
 * cannot protect what it exempts.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` also for mandatory controls and parameters that a control does not
 * take, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 * @example
 * ```ts
 * import { enableControl } from '@remedykit/guardrails';
 * const { control } = enableControl({
 *   control: 'CT.MULTISERVICE.PV.1',
 *   targetIdentifier: 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678',
 *   allowedRegions: ['eu-west-1'],
 * });
 * ```
 */
export const enableControl = (given: ControlParameters): ControlGuardrail => {
  const where = 'enableControl';
  const { control: name, targetIdentifier, allowedRegions, exemptAssumeRoot, exemptions, now = new Date() } = given;
  const partition = parsePartition(where, given.partition ?? 'aws');
  const known = controls.data[literal(where, name)];
  if (known === undefined) throw invalidParameter(where, `"${name}" is no control that is known here.`);
  parseArn(where, targetIdentifier, { partition, services: ['organizations'], exact: true });
  const takes = known.takes.flatMap((key) => kinds[key] ?? []);
  const exempt = resolveExemptions(where, exemptions, { takes, partition, now, protects: false });
  const lists: readonly (readonly [ControlParameterKey, readonly string[]])[] = [
    ['AllowedRegions', (allowedRegions ?? []).map((region) => parseRegion(where, region, partition))],
    ['ExemptedActions', exempt.actions],
    ['ExemptedPrincipalArns', exempt.principals],
    ['ExemptedResourceArns', exempt.resources],
  ];
  const parameters = [
    ...lists.filter(([, value]) => value.length > 0).map(([key, value]) => ({ key, value })),
    ...(exemptAssumeRoot === undefined ? [] : [{ key: 'ExemptAssumeRoot' as const, value: exemptAssumeRoot }]),
  ];
  const control: EnabledControl = {
    controlIdentifier: `arn:${partition}:controlcatalog:::control/${known.id}`,
    targetIdentifier,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
  const faults = validateEnabledControl(control);
  if (faults.length > 0) throw invalidParameter(where, `${name}: ${faults.join('; ')}.`);
  const cases = schemaCases(control, [
    { path: ['controlIdentifier'], value: `arn:${partition}:controltower:eu-west-1::control/${name}` },
    { path: ['targetIdentifier'], value: targetIdentifier.replace(':ou/', ':account/') },
    { path: ['parameters'], value: [{ key: 'AllowedRegion', value: ['eu-west-1'] }] },
  ]);
  return { id: `control:${name}`, type: 'CONTROL_TOWER_CONTROL', control, cases };
};

/** A template of an enabled control. */
export interface ControlTemplate extends TemplateDocs {
  readonly type: 'CONTROL_TOWER_CONTROL';
  readonly example: () => ControlGuardrail;
}

/** Words on the templates of this file. */
export const controlTemplates: readonly ControlTemplate[] = [
  {
    name: 'enableControl',
    family: 'detective',
    type: 'CONTROL_TOWER_CONTROL',
    intent: 'The same intent by Control Tower’s own control, where a landing zone is run by it.',
    breaks: 'What the control breaks; ten operations run at a time.',
    bypasses: 'As of the template that names the control.',
    rollout: 'One unit at a time: an operation takes minutes, and is refused while another runs on the unit.',
    controls: Object.entries(controls.data).map(([name, { id }]) => ({ name, id })),
    example: () =>
      enableControl({
        control: 'CT.MULTISERVICE.PV.1',
        targetIdentifier: 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678',
        allowedRegions: ['eu-west-1', 'eu-central-1'],
      }),
  },
];

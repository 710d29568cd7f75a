import type { ControlParameters } from '../control-tower/enable-control.ts';
import { registerUnit } from '../control-tower/register-unit.ts';
import type { DeclarativeGuardrail } from '../declarative/ec2.ts';
import type { CommonParameters } from '../templates/build.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { parsePartition } from '../templates/names.ts';
import type { Baseline, BaselineMember, BaselineName, BaselineParameters } from './baseline.ts';
import { mergeDeclarative } from './declarative.ts';
import { isControlTowerRole, type Preferred, preferredControl } from './prefer-controls.ts';
import type { AccountSetting } from './settings/setting.ts';

/** Something with the reason why it is in the set. */
export type Reasoned<T> = readonly [member: T, reason: string];

/** What a set is made of. */
export interface BaselineParts {
  readonly guardrails: readonly Reasoned<Guardrail>[];
  readonly declarative: readonly Reasoned<DeclarativeGuardrail>[];
  readonly settings: readonly Reasoned<AccountSetting>[];
  /** What controls take beside exemptions. */
  readonly ofControls?: Pick<ControlParameters, 'allowedRegions' | 'exemptAssumeRoot'>;
}

/** The part of the parameters that templates take. */
export const commonOf = ({ exemptions, partition, now }: CommonParameters): CommonParameters => ({
  ...(exemptions === undefined ? {} : { exemptions }),
  ...(partition === undefined ? {} : { partition }),
  ...(now === undefined ? {} : { now }),
});

/** Without the actions, which the restriction of Regions alone takes. */
export const withoutExemptActions = (common: CommonParameters): CommonParameters => {
  const { exemptedActions: _, ...exemptions } = common.exemptions ?? {};
  return { ...common, exemptions };
};

const checkControlTowerRole = (name: BaselineName, { exemptions = {}, partition = 'aws' }: CommonParameters): void => {
  if (exemptions.exemptedPrincipalArns?.some(isControlTowerRole) !== true)
    throw invalidParameter(
      name,
      `under Control Tower exempt "arn:${partition}:iam::*:role/AWSControlTowerExecution" (existsEverywhere: true, managedBy: whom you let change it): it sets up what this set protects.`,
    );
};

type Sorted<T> = { readonly kept: readonly T[]; readonly preferred: ReadonlyMap<string, Preferred> };

const sortOut = <T extends Guardrail | DeclarativeGuardrail>(
  parts: readonly Reasoned<T>[],
  find: (template: string) => Preferred | undefined,
): Sorted<T> => {
  const preferred = new Map(
    parts.flatMap(([{ id }]) => {
      const found = find(id);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
  return {
    kept: parts.map(([one]) => one).filter(({ id }) => !('control' in (preferred.get(id) ?? {}))),
    preferred,
  };
};

const memberOf = (
  { id }: { readonly id: string },
  reason: string,
  { as, found }: { readonly as: BaselineMember['as']; readonly found?: Preferred | undefined },
): BaselineMember => {
  if (found === undefined) return { name: id, as, reason };
  return 'control' in found
    ? { name: id, as: 'control', reason, control: found.name }
    : { name: id, as, reason, kept: found.kept };
};

/** Puts a set together; under Control Tower its own controls stand for what they do as well. */
export const assemble = (name: BaselineName, parameters: BaselineParameters, parts: BaselineParts): Baseline => {
  const { controlTower = 'none', unit, landingZone } = parameters;
  const common = commonOf(parameters);
  const partition = parsePartition(name, parameters.partition ?? 'aws');
  if (controlTower !== 'none' && controlTower !== 'prefer')
    throw invalidParameter(name, `controlTower must be "none" or "prefer", it is ${JSON.stringify(controlTower)}.`);
  if (controlTower === 'prefer' && unit === undefined)
    throw invalidParameter(name, 'unit is missing: the ARN of the organisational unit on which controls are enabled.');
  if (controlTower === 'none' && (unit !== undefined || landingZone !== undefined))
    throw invalidParameter(name, 'unit and landingZone mean something under controlTower: "prefer" alone.');
  const { exemptions: _, ...withoutExemptions } = common;
  const findBy =
    (given: CommonParameters) =>
    (template: string): Preferred | undefined =>
      unit === undefined ? undefined : preferredControl(template, { ...given, ...parts.ofControls }, unit);
  if (controlTower === 'prefer') checkControlTowerRole(name, common);
  const guardrails = sortOut(parts.guardrails, findBy(common));
  // A declarative policy exempts nobody, and so does its control.
  const declarative = sortOut(parts.declarative, findBy(withoutExemptions));
  const all = [...guardrails.preferred.values(), ...declarative.preferred.values()];
  return {
    name,
    guardrails: guardrails.kept,
    declarative: mergeDeclarative(`${name}Ec2`, declarative.kept),
    controls: all.flatMap((found) => ('control' in found ? [found.control] : [])),
    baselines:
      unit === undefined || landingZone === undefined ? [] : [registerUnit({ unit, partition, ...landingZone })],
    settings: parts.settings.map(([setting]) => setting),
    members: [
      ...parts.guardrails.map(([one, reason]) =>
        memberOf(one, reason, { as: 'policy', found: guardrails.preferred.get(one.id) }),
      ),
      ...parts.declarative.map(([one, reason]) =>
        memberOf(one, reason, { as: 'declarative policy', found: declarative.preferred.get(one.id) }),
      ),
      ...parts.settings.map(([one, reason]) => memberOf(one, reason, { as: 'setting' })),
    ],
  };
};

/** What must be given: JavaScript, and parameters from a file, can leave anything out. */
export const need = <T>(name: BaselineName, what: string, value: T | undefined): T => {
  if (value === undefined) throw invalidParameter(name, `${what} is missing.`);
  return value;
};

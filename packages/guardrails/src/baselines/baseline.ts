import type { ControlGuardrail } from '../control-tower/enable-control.ts';
import type { DeclarativeToAttach, EnabledBaseline } from '../outputs/resources.ts';
import type { CommonParameters } from '../templates/build.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import type { AccountSetting } from './settings/setting.ts';

/** Sets of guardrails and settings that have a name. */
export type BaselineName = 'foundation' | 'workload' | 'sandbox' | 'suspended';

/** Something that a set holds, and why. */
export interface BaselineMember {
  /** Name of the template or setting, `restrictRegions`. */
  readonly name: string;
  /** What it became; `control` where Control Tower’s own stands for the template. */
  readonly as: 'policy' | 'declarative policy' | 'control' | 'setting';
  readonly reason: string;
  /** The control that stands for it. */
  readonly control?: string;
  /** Why the control that would do the same does not stand for it. */
  readonly kept?: string;
}

/**
 * A named set: what is attached to an organisational unit, and what is set in its accounts. Plain data. `guardrails` are packed;
 * the rest is in the form that `toCloudFormation` and `toTerraform` take beside them.
 */
export interface Baseline {
  readonly name: BaselineName;
  readonly guardrails: readonly Guardrail[];
  /** One policy at most. */
  readonly declarative: readonly DeclarativeToAttach[];
  readonly controls: readonly ControlGuardrail[];
  /** Registers the unit with Control Tower. */
  readonly baselines: readonly EnabledBaseline[];
  /** What account vending sets in each account: see `toAccountCloudFormation` and `toAccountTerraform`. */
  readonly settings: readonly AccountSetting[];
  /** Everything above by name, with the reason why it is there. */
  readonly members: readonly BaselineMember[];
}

/** Without Control Tower, or beside it: the set is made of policies. */
export interface WithoutControls {
  readonly controlTower?: 'none';
  readonly unit?: never;
  readonly landingZone?: never;
}

/** Under Control Tower: its own controls stand for what they do as well, and the set holds the rest. */
export interface WithControls {
  readonly controlTower: 'prefer';
  /** ARN of the organisational unit. */
  readonly unit: string;
  /** Registers the unit as well; absent where it is registered already. */
  readonly landingZone?: {
    /** Home Region of the landing zone. */
    readonly region: string;
    /** Version of `AWSControlTowerBaseline`, `5.0`. */
    readonly version: string;
    readonly identityCenterEnabledBaselineArn?: string;
  };
}

/**
 * What every set takes. Under Control Tower its own role must be exempt, `arn:aws:iam::*:role/AWSControlTowerExecution`: it sets up
 * what these guardrails protect.
 */
export type BaselineParameters = CommonParameters & (WithoutControls | WithControls);

import { controlTowerBaselineId } from '../data/control-equivalents.ts';
import type { EnabledBaseline } from '../outputs/resources.ts';
import { parseArn } from '../templates/arn.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { type Partition, parsePartition, parseRegion } from '../templates/names.ts';

/** What `registerUnit` takes. */
export interface RegisterUnitParameters {
  /** ARN of the organisational unit. */
  readonly unit: string;
  /** Home Region of the landing zone. */
  readonly region: string;
  /** Version of `AWSControlTowerBaseline` that fits the landing zone, `5.0`: see the table in Control Tower's user guide. */
  readonly version: string;
  /** ARN of the enabled baseline of IAM Identity Center, where the landing zone manages it. */
  readonly identityCenterEnabledBaselineArn?: string;
  /** `aws` by default. */
  readonly partition?: Partition;
}

/**
 * Registers an organisational unit with Control Tower: the baseline `AWSControlTowerBaseline`, which enrols its accounts and
 * records their configuration. Controls can be enabled on registered units alone.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const registerUnit = (parameters: RegisterUnitParameters): EnabledBaseline => {
  const where = 'registerUnit';
  const { unit, version, identityCenterEnabledBaselineArn: identityCenter } = parameters;
  const partition = parsePartition(where, parameters.partition ?? 'aws');
  const region = parseRegion(where, parameters.region, partition);
  parseArn(where, unit, { partition, services: ['organizations'], exact: true });
  if (!/^\d+(?:\.\d+){0,2}$/.test(version))
    throw invalidParameter(where, `version must be one as "5.0", it is "${version}".`);
  if (identityCenter !== undefined)
    parseArn(where, identityCenter, { partition, services: ['controltower'], exact: true });
  return {
    baselineIdentifier: `arn:${partition}:controltower:${region}::baseline/${controlTowerBaselineId}`,
    baselineVersion: version,
    targetIdentifier: unit,
    ...(identityCenter === undefined
      ? {}
      : { parameters: [{ key: 'IdentityCenterEnabledBaselineArn', value: identityCenter }] }),
  };
};

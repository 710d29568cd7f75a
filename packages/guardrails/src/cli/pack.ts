import { isRemediationError } from '@remedykit/core';
import type { Baseline } from '../baselines/baseline.ts';
import { toAccountCloudFormation, toAccountTerraform } from '../baselines/settings/outputs.ts';
import { reservedSlots } from '../data/attachments.ts';
import { policyQuotas } from '../data/quotas.ts';
import { cloudFormationTemplate, toCloudFormation } from '../outputs/cloudformation.ts';
import { toTerraform } from '../outputs/terraform.ts';
import { type DocumentToPack, type PackedPolicies, type PackOptions, packPolicies } from '../pack/pack-policies.ts';
import { packTable } from '../pack/report.ts';
import { type ExitCode, type Io, misuse } from './io.ts';

/** What packed policies are written as. */
export type PackFormat = 'json' | 'terraform' | 'cloudformation';

/** Reads a format. @throws `CLI_MISUSE` */
export const parseFormat = (text: string): PackFormat => {
  if (text === 'json' || text === 'terraform' || text === 'cloudformation') return text;
  throw misuse(`--format is json, terraform or cloudformation, not ${JSON.stringify(text)}.`);
};

/** What `pack` takes. */
export interface PackArguments {
  readonly given: readonly DocumentToPack[];
  /** The set that they are of. */
  readonly set?: Baseline;
  readonly format: PackFormat;
  readonly targetIds?: readonly string[];
  readonly options: PackOptions;
}

const written = (packed: PackedPolicies, { format, targetIds, set }: PackArguments): unknown => {
  const options = { ...set, ...(targetIds === undefined ? {} : { targetIds }) };
  if (format === 'terraform') return toTerraform(packed, options);
  if (format === 'cloudformation') return cloudFormationTemplate(toCloudFormation(packed, options));
  if (set === undefined) return packed;
  const { declarative, controls, baselines, settings, members } = set;
  return { ...packed, declarative, controls: controls.map(({ control }) => control), baselines, settings, members };
};

/** Sets have policies of different names; under Control Tower, its own policies take places on the target. */
const optionsFor = ({ set, options }: PackArguments): PackOptions => {
  if (set === undefined) return options;
  const { fullAccess, controlTower } = reservedSlots.data.SERVICE_CONTROL_POLICY;
  return {
    name: `guardrails-${set.name}`,
    ...(set.controls.length === 0 ? {} : { reserved: { SERVICE_CONTROL_POLICY: fullAccess + controlTower } }),
    ...options,
  };
};

/** What a set holds beside its policies, for people. */
const linesOf = ({ declarative, members }: Baseline): readonly string[] => [
  ...declarative.map(({ id, document }) => {
    const { characters } = policyQuotas.data.DECLARATIVE_POLICY_EC2;
    return `${id}: a declarative policy, ${JSON.stringify(document).length} of ${characters} characters`;
  }),
  ...members.flatMap(({ name, control, kept }) => [
    ...(control === undefined ? [] : [`${control} stands for ${name}`]),
    ...(kept === undefined ? [] : [`${name} stays a policy: ${kept}`]),
  ]),
];

/** AWS's quotas are in the way: found, and not used wrongly. */
const overQuota = (error: unknown): error is Error =>
  isRemediationError(error) && (error.code === 'POLICY_TOO_LONG' || error.code === 'POLICY_SLOTS_EXCEEDED');

/** Packs policies and writes them; the table of sizes goes beside. */
export const pack = (given: PackArguments, io: Io): ExitCode => {
  try {
    const packed = packPolicies(given.given, optionsFor(given));
    io.out(JSON.stringify(written(packed, given), null, 2));
    io.err(packTable(packed.report));
    for (const line of given.set === undefined ? [] : linesOf(given.set)) io.err(line);
    return 0;
  } catch (error) {
    if (!overQuota(error)) throw error;
    io.err(error.message);
    return 1;
  }
};

/** Writes what a set sets in each account. */
export const printSettings = (
  { settings, name }: Baseline,
  { format }: Pick<PackArguments, 'format'>,
  io: Io,
): ExitCode => {
  if (settings.length === 0) throw misuse(`${name} sets nothing in an account.`);
  if (format === 'terraform') io.out(JSON.stringify(toAccountTerraform(settings), null, 2));
  else if (format === 'json') io.out(JSON.stringify(settings, null, 2));
  else {
    const { resources, setElsewhere } = toAccountCloudFormation(settings);
    io.out(JSON.stringify(cloudFormationTemplate(resources), null, 2));
    for (const { id, calls } of setElsewhere)
      io.err(`${id}: CloudFormation has no resource for it; ${calls.map(({ operation }) => operation).join(', ')}`);
  }
  for (const { id, elsewhere } of settings)
    if (elsewhere !== undefined) io.err(`${id}: leave it out where it is set by ${elsewhere}`);
  return 0;
};

import { isRemediationError } from '@remedykit/core';
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
  readonly format: PackFormat;
  readonly targetIds?: readonly string[];
  readonly options: PackOptions;
}

const written = (packed: PackedPolicies, { format, targetIds }: PackArguments): unknown => {
  const options = targetIds === undefined ? {} : { targetIds };
  if (format === 'terraform') return toTerraform(packed, options);
  return format === 'cloudformation' ? cloudFormationTemplate(toCloudFormation(packed, options)) : packed;
};

/** AWS's quotas are in the way: found, and not used wrongly. */
const overQuota = (error: unknown): error is Error =>
  isRemediationError(error) && (error.code === 'POLICY_TOO_LONG' || error.code === 'POLICY_SLOTS_EXCEEDED');

/** Packs policies and writes them; the table of sizes goes beside. */
export const pack = (given: PackArguments, io: Io): ExitCode => {
  try {
    const packed = packPolicies(given.given, given.options);
    io.out(JSON.stringify(written(packed, given), null, 2));
    io.err(packTable(packed.report));
    return 0;
  } catch (error) {
    if (!overQuota(error)) throw error;
    io.err(error.message);
    return 1;
  }
};

import { isRemediationError } from '@remedykit/core';
import type { Baseline, BaselineName } from '../baselines/baseline.ts';
import { baselineCatalog } from '../baselines/catalog.ts';
import { foundationBaseline } from '../baselines/foundation.ts';
import { sandboxBaseline } from '../baselines/sandbox.ts';
import { suspendedBaseline } from '../baselines/suspended.ts';
import { workloadBaseline } from '../baselines/workload.ts';
import type { DocumentToPack } from '../pack/pack-policies.ts';
import { readControlPolicy } from '../pack/read.ts';
import type { PolicyType } from '../policy/document.ts';
import { findFiles, readJson } from './files.ts';
import { misuse } from './io.ts';
import { policiesIn } from './policies.ts';

/** Sets of guardrails that have a name. */
export const setNames: readonly string[] = baselineCatalog.map(({ name }) => name);

/** What a named set is built with. */
export interface SetArguments {
  readonly parameters?: object;
  readonly allowedRegions?: readonly string[];
  readonly partition?: string;
  readonly organizationId?: string;
  /** With it, Control Tower's own controls stand for what they do as well. */
  readonly unit?: string;
}

/** What the command line gives is checked by the sets themselves, whatever their types say. */
const builders: Readonly<Record<BaselineName, (parameters: never) => Baseline>> = {
  foundation: foundationBaseline,
  workload: workloadBaseline,
  sandbox: sandboxBaseline,
  suspended: suspendedBaseline,
};

const hints: Readonly<Record<string, string>> = {
  allowedRegions: '--allowed-regions eu-west-1',
  organizationId: '--organization o-a1b2c3d4e5',
};

/** A set by its name. @throws `CLI_MISUSE` where a parameter is missing, and what the templates throw */
export const namedSet = (name: string, args: SetArguments): Baseline => {
  const { parameters, unit, ...flags } = args;
  const given: Readonly<Record<string, unknown>> = {
    ...parameters,
    ...flags,
    ...(unit === undefined ? {} : { controlTower: 'prefer', unit }),
  };
  const entry = baselineCatalog.find((one) => one.name === name);
  if (entry === undefined) throw misuse(`There is no set ${name}: see list.`);
  for (const need of entry.needs) {
    const value = given[need];
    if (value === undefined || (Array.isArray(value) && value.length === 0))
      throw misuse(`${name} needs ${need}: ${hints[need] ?? `--parameters '{"${need}": …}', or a file of it`}.`);
  }
  try {
    // Parameters of JSON: the set refuses what it cannot take.
    return builders[entry.name](given as never);
  } catch (cause) {
    if (isRemediationError(cause)) throw cause;
    throw misuse(`${name} cannot be built from ${JSON.stringify(given)}: see its parameters.`, cause);
  }
};

/** Whether the arguments name a set: `./foundation` is a folder, `foundation` the set. */
export const setOf = (paths: readonly string[], given: SetArguments): Baseline | undefined => {
  const [name = '', ...others] = paths;
  return others.length === 0 && setNames.includes(name) ? namedSet(name, given) : undefined;
};

/** The policies in files and folders. @throws `CLI_MISUSE` when there is none, `POLICY_INVALID` */
export const policiesOf = (paths: readonly string[], type?: PolicyType): readonly DocumentToPack[] => {
  const found = findFiles(paths).flatMap(({ path, named }) => {
    const policies = policiesIn(readJson(path));
    if (policies.length === 0 && named) throw misuse(`${path} holds no policy: nothing with Statement is in it.`);
    return policies.map((one, index) => {
      const ofIt = one.type ?? type;
      const where = policies.length > 1 ? `${path} (policy ${index + 1})` : path;
      return { document: readControlPolicy(one.policy, where), ...(ofIt === undefined ? {} : { type: ofIt }) };
    });
  });
  if (found.length === 0) throw misuse(`There is no policy in ${paths.join(', ')}.`);
  return found;
};

/** The guardrails of a named set, or the policies in files and folders. */
export const setOrPolicies = (
  paths: readonly string[],
  given: SetArguments & { readonly type?: PolicyType },
): readonly DocumentToPack[] => {
  const { type, ...ofSet } = given;
  return setOf(paths, ofSet)?.guardrails ?? policiesOf(paths, type);
};

import { isRemediationError } from '@remedykit/core';
import type { DocumentToPack } from '../pack/pack-policies.ts';
import { readControlPolicy } from '../pack/read.ts';
import type { PolicyType } from '../policy/document.ts';
import { type FoundationParameters, foundation } from '../templates/foundation.ts';
import { findFiles, readJson } from './files.ts';
import { misuse } from './io.ts';
import { policiesIn } from './policies.ts';

/** Sets of guardrails that have a name. */
export const setNames: readonly string[] = ['foundation'];

/** What a named set is built with. */
export interface SetArguments {
  readonly parameters?: object;
  readonly allowedRegions?: readonly string[];
  readonly partition?: string;
}

const hasRegions = (parameters: object): parameters is FoundationParameters =>
  'allowedRegions' in parameters && Array.isArray(parameters.allowedRegions) && parameters.allowedRegions.length > 0;

/** The guardrails of a named set. @throws `CLI_MISUSE` where a parameter is missing, and what the templates throw */
export const namedSet = (
  name: string,
  { parameters, allowedRegions, partition }: SetArguments,
): readonly DocumentToPack[] => {
  const given = {
    ...parameters,
    ...(allowedRegions === undefined ? {} : { allowedRegions }),
    ...(partition === undefined ? {} : { partition }),
  };
  if (!hasRegions(given))
    throw misuse(`${name} restricts Regions: say which may be used, --allowed-regions eu-west-1.`);
  try {
    return foundation(given);
  } catch (cause) {
    if (isRemediationError(cause)) throw cause;
    throw misuse(`${name} cannot be built from ${JSON.stringify(given)}: see its parameters.`, cause);
  }
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

/** A named set, or the policies in files and folders: `./foundation` is a folder, `foundation` the set. */
export const setOrPolicies = (
  paths: readonly string[],
  given: SetArguments & { readonly type?: PolicyType },
): readonly DocumentToPack[] => {
  const [name = '', ...others] = paths;
  return others.length === 0 && setNames.includes(name) ? namedSet(name, given) : policiesOf(paths, given.type);
};

import { misuse } from './io.ts';
import { readParameters } from './print.ts';
import type { SetArguments } from './sets.ts';

/** A list that is separated by commas. */
export const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Options of named sets. */
export const ofSets: {
  readonly parameters: { readonly type: 'string' };
  readonly 'allowed-regions': { readonly type: 'string' };
  readonly partition: { readonly type: 'string' };
  readonly organization: { readonly type: 'string' };
  readonly 'control-tower': { readonly type: 'string' };
} = {
  parameters: { type: 'string' },
  'allowed-regions': { type: 'string' },
  partition: { type: 'string' },
  organization: { type: 'string' },
  'control-tower': { type: 'string' },
};

/** What `parseArgs` makes of them. */
export interface SetFlags {
  readonly parameters?: string | undefined;
  readonly 'allowed-regions'?: string | undefined;
  readonly partition?: string | undefined;
  readonly organization?: string | undefined;
  /** ARN of the unit on which Control Tower’s own controls are enabled. */
  readonly 'control-tower'?: string | undefined;
}

/** The options as arguments. @throws `CLI_MISUSE` */
export const setArguments = (flags: SetFlags): SetArguments => {
  const { parameters, 'allowed-regions': regions, partition, organization, 'control-tower': unit } = flags;
  return {
    ...(parameters === undefined ? {} : { parameters: readParameters(parameters) }),
    ...(regions === undefined ? {} : { allowedRegions: split(regions) }),
    ...(partition === undefined ? {} : { partition }),
    ...(organization === undefined ? {} : { organizationId: organization }),
    ...(unit === undefined ? {} : { unit }),
  };
};

/** Which part of a set is written: what belongs into the organisation, or what is set in each account. */
export type SetPart = 'organization' | 'account';

/** Reads a part. @throws `CLI_MISUSE` */
export const parsePart = (text: string): SetPart => {
  if (text === 'organization' || text === 'account') return text;
  throw misuse(`--part is organization or account, not ${JSON.stringify(text)}.`);
};

/** Places on a target: a whole number. @throws `CLI_MISUSE` */
export const slots = (text: string): number => {
  const found = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  if (found === undefined) throw misuse(`--reserved is a number of policies, not ${JSON.stringify(text)}.`);
  return found;
};

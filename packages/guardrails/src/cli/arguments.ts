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
} = {
  parameters: { type: 'string' },
  'allowed-regions': { type: 'string' },
  partition: { type: 'string' },
};

/** What `parseArgs` makes of them. */
export interface SetFlags {
  readonly parameters?: string | undefined;
  readonly 'allowed-regions'?: string | undefined;
  readonly partition?: string | undefined;
}

/** The options as arguments. @throws `CLI_MISUSE` */
export const setArguments = ({ parameters, 'allowed-regions': regions, partition }: SetFlags): SetArguments => ({
  ...(parameters === undefined ? {} : { parameters: readParameters(parameters) }),
  ...(regions === undefined ? {} : { allowedRegions: split(regions) }),
  ...(partition === undefined ? {} : { partition }),
});

/** Places on a target: a whole number. @throws `CLI_MISUSE` */
export const slots = (text: string): number => {
  const found = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  if (found === undefined) throw misuse(`--reserved is a number of policies, not ${JSON.stringify(text)}.`);
  return found;
};

import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { RemediationError } from '@remedykit/core';
import { type ActionData, toActionData } from './actions/facts.ts';
import type { StoredActionData } from './actions/stored.ts';

export type { ActionData, ActionFacts, ConditionKeyFacts } from './actions/facts.ts';
export type { ConditionKeyType } from './actions/stored.ts';

let loaded: ActionData | undefined;

const read = (file: URL): StoredActionData => {
  try {
    // The file is of this package and made by its generator, which the type describes.
    return JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8')) as StoredActionData;
  } catch (cause) {
    throw new RemediationError({
      code: 'ACTION_DATA_UNREADABLE',
      message: `The action data of @remedykit/guardrails cannot be read from ${file.pathname}: install the package anew, and leave it out of a bundle.`,
      cause,
    });
  }
};

/**
 * The actions of all AWS services with their resource types and condition keys, read from a file of this package (about
 * 190 KB) at the first call and kept. Dated: `asOf` says of which day.
 *
 * @throws `ACTION_DATA_UNREADABLE` when the file is not beside the code, as in a bundle.
 *
 * @example
 * ```ts
 * import { loadActionData } from '@remedykit/guardrails/actions';
 *
 * const { actionsLike, asOf } = loadActionData();
 * console.log(asOf, actionsLike('macie2:Disable*').map(({ action }) => action));
 * ```
 */
export const loadActionData = (): ActionData => {
  loaded ??= toActionData(read(new URL('../data/actions.json.br', import.meta.url)));
  return loaded;
};

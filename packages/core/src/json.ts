import { RemediationError } from './errors.ts';

/** Plain JSON data: what plans, outcomes, audit records and stored documents are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const unfit = (key: string, what: string): RemediationError =>
  new RemediationError({
    code: 'JSON_INVALID',
    message: `${key === '' ? 'The value' : `The value at "${key}"`} is ${what}, which JSON cannot hold. Pass plain data.`,
  });

/**
 * The JSON text of plain data. What `JSON.stringify` would drop or change in silence is refused; a key whose value is
 * `undefined` is left out, a `Date` becomes its ISO 8601 text.
 * @throws RemediationError `JSON_INVALID`
 */
export const stringifyJson = (value: unknown): string => {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw unfit(key, String(inner));
    if (typeof inner === 'function' || typeof inner === 'symbol' || typeof inner === 'bigint')
      throw unfit(key, `a ${typeof inner}`);
    if (inner instanceof Map || inner instanceof Set) throw unfit(key, 'a Map or Set');
    return inner;
  }) as string | undefined;
  if (text === undefined) throw unfit('', 'undefined');
  return text;
};

/**
 * A deep copy of plain data as `Json`. Interfaces have no index signature, so TypeScript does not take them for `Json`;
 * this is the door through which typed facts, policies and plans enter an audit record or a stored document.
 * @throws RemediationError `JSON_INVALID`
 */
export const toJson = (value: unknown): Json => JSON.parse(stringifyJson(value)) as Json;

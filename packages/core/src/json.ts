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
  const text = JSON.stringify(value, checked) as string | undefined;
  if (text === undefined) throw unfit('', 'undefined');
  return text;
};

/** A replacer that replaces nothing. `this` is the holder: what stood there before `toJSON` made something of it. */
function checked(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw unfit(key, String(value));
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw unfit(key, `a ${typeof value}`);
  if (value instanceof Map || value instanceof Set) throw unfit(key, 'a Map or Set');
  if (value === undefined && Array.isArray(this)) throw unfit(key, 'undefined in a list');
  if (value === null && this[key] instanceof Date) throw unfit(key, 'an invalid Date');
  return value;
}

/**
 * A deep copy of plain data as `Json`. Interfaces have no index signature, so TypeScript does not take them for `Json`;
 * this is the door through which typed facts, policies and plans enter an audit record or a stored document.
 * @throws RemediationError `JSON_INVALID`
 */
export const toJson = (value: unknown): Json => JSON.parse(stringifyJson(value)) as Json;

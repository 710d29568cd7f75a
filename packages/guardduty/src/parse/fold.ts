import { isRecord, parseError } from './parse-error.ts';

/** GuardDuty's own findings nest some ten levels; deeper ones are made to exhaust the stack. */
const maximumDepth = 64;

/**
 * A copy with the first letter of every key in lower case: `IpAddressV4` becomes `ipAddressV4`. Keys are only ever own
 * properties of the copy, so `__proto__` changes nothing but itself.
 * @throws RemediationError `FINDING_MALFORMED` when it nests too deep, or when two keys become the same: which one
 * counts would be a guess
 */
export const foldKeys = (value: unknown, depth = 0): unknown => {
  if (depth > maximumDepth) {
    throw parseError('FINDING_MALFORMED', `The document nests deeper than ${maximumDepth} levels.`);
  }
  if (Array.isArray(value)) return value.map((element) => foldKeys(element, depth + 1));
  // A Date of the SDK is a value, not a container.
  if (!isRecord(value) || value instanceof Date) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), foldKeys(inner, depth + 1)] as const,
  );
  const folded = Object.fromEntries(entries);
  if (Object.keys(folded).length === entries.length) return folded;
  throw parseError(
    'FINDING_MALFORMED',
    'The document has two keys that differ only in the case of their first letter.',
  );
};

import { isRecord } from '../parse-error.ts';

/** Nothing of what we read lies deeper; deeper nests are made to exhaust the stack. */
const maximumDepth = 10;

/** A copy with every key in camelCase, as GuardDuty spells what ASFF spells `IpAddressV4`; undefined below some ten levels. */
export const camelKeys = (value: unknown, depth = 0): unknown => {
  if (depth > maximumDepth) return undefined;
  if (Array.isArray(value)) return value.map((element) => camelKeys(element, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      camelKeys(inner, depth + 1),
    ]),
  );
};

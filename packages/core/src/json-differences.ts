import type { Json } from './json.ts';

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pathTo = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/**
 * Where two JSON values differ, as JSON paths (`$.steps[0].ruleNumber`), in order. The order of keys does not matter, and
 * a key whose value is undefined is an absent key.
 */
export const differences = (left: Json | undefined, right: Json | undefined, path = '$'): string[] => {
  if (isList(left) && isList(right)) {
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => differences(left[index], right[index], `${path}[${index}]`)).flat();
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    // Own keys only: `left.constructor` of a document without that key is no value of it.
    const own = (from: { readonly [key: string]: Json | undefined }, key: string): Json | undefined =>
      Object.hasOwn(from, key) ? from[key] : undefined;
    return keys.flatMap((key) => differences(own(left, key), own(right, key), pathTo(path, key)));
  }
  return left === right ? [] : [path];
};

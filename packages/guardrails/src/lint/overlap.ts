import { arnFields } from '../evaluate/arn.ts';

/** Stands for a name that holds no slash. */
const name = '\u0001';

/** A variable may become anything; but the name of a bucket is one word, so that `bucket/*` is no bucket. */
const plain = (glob: string): string =>
  glob
    .replace(/\$\{BucketName\}/g, name)
    .replace(/\$\{[^}]*\}/g, '*')
    .replace(/\*+/g, '*');

/** Whether a wildcard can take one character more. */
const takes = (wildcard: string | undefined, character: string): boolean =>
  wildcard === '*' || (wildcard === name && character !== '/');
const isWildcard = (character: string | undefined): boolean => character === '*' || character === name;

/** Whether some text fits both patterns. */
export const globsOverlap = (first: string, second: string): boolean => {
  const [a, b] = [plain(first), plain(second)];
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const at = i * (b.length + 1) + j;
    const before = known.get(at);
    if (before !== undefined) return before;
    known.set(at, false);
    const found = ((): boolean => {
      if (i === a.length && j === b.length) return true;
      if (isWildcard(a[i]) && (from(i + 1, j) || (j < b.length && takes(a[i], b.charAt(j)) && from(i, j + 1))))
        return true;
      if (isWildcard(b[j]) && (from(i, j + 1) || (i < a.length && takes(b[j], a.charAt(i)) && from(i + 1, j))))
        return true;
      if (i === a.length || j === b.length || isWildcard(a[i]) || isWildcard(b[j])) return false;
      return (a[i] === b[j] || a[i] === '?' || b[j] === '?') && from(i + 1, j + 1);
    })();
    known.set(at, found);
    return found;
  };
  return from(0, 0);
};

/** Whether some ARN fits both patterns, field by field. */
export const arnsOverlap = (first: string, second: string): boolean => {
  const [a, b] = [arnFields(first), arnFields(second)];
  return a !== undefined && b !== undefined && a.every((field, index) => globsOverlap(field, b[index] ?? ''));
};

import { arnFields } from '../evaluate/arn.ts';
import { compilePattern, patternMatches, patternMemo } from '../evaluate/pattern.ts';

const patternOf = patternMemo(compilePattern);

/** Whether every text that fits `inner` fits `outer`; false where that cannot be told. */
const globCovers = (outer: string, inner: string): boolean => {
  if (outer === inner) return true;
  // Of hundreds of names most have no wildcard, and cover nothing but themselves.
  if (!/[*?]/.test(outer)) return false;
  // A variable may become anything, and `?` takes one character where a star takes any number.
  if (`${outer}${inner}`.includes('${') || (outer.includes('?') && inner.includes('*'))) return false;
  return patternMatches(patternOf(outer), inner);
};

/** Whether an action of a policy covers everything that another one does. */
export const actionCovers = (outer: string, inner: string): boolean =>
  outer === '*' || globCovers(outer.toLowerCase(), inner.toLowerCase());

/** Whether a resource of a policy covers everything that another one does. */
export const resourceCovers = (outer: string, inner: string): boolean => {
  if (outer === '*' || outer === inner) return true;
  const [wide, narrow] = [arnFields(outer), arnFields(inner)];
  return (
    wide !== undefined && narrow !== undefined && wide.every((field, index) => globCovers(field, narrow[index] ?? ''))
  );
};

/** What is left of a list when all that another entry covers is taken out; sorted, each once. */
export const withoutCovered = (
  values: readonly string[],
  covers: (outer: string, inner: string) => boolean,
): readonly string[] => {
  const kept: string[] = [];
  // Of two that cover each other the first in order stays.
  for (const value of [...new Set(values)].toSorted()) {
    if (kept.some((one) => covers(one, value))) continue;
    const left = kept.filter((one) => !covers(value, one));
    kept.splice(0, kept.length, ...left, value);
  }
  return kept.toSorted();
};

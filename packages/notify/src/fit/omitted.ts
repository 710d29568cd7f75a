/**
 * What was left out, for people: `… 3 paragraphs, 1 fact omitted`; `undefined` where that is nothing.
 * @example
 * ```ts
 * omittedNote([[3, 'paragraph'], [1, 'fact'], [0, 'link']]);
 * ```
 */
export const omittedNote = (counts: readonly (readonly [count: number, what: string])[]): string | undefined => {
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return parts.length === 0 ? undefined : `… ${parts.join(', ')} omitted`;
};

/** Characters that `omittedNote` takes at most, for any counts of four kinds. */
export const longestNote = 120;

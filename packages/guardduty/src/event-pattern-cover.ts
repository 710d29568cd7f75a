/** How EventBridge matches a text field: as a whole, or by its beginning. */
export type TextMatch = string | { readonly prefix: string };

/**
 * The fewest matches that take every wanted type and no unwanted one: the shortest beginnings that no unwanted type shares,
 * none shorter than `within`. A beginning that takes one type alone is its name where that is not longer: a pattern has to
 * stay small.
 */
export const coverTypes = (wanted: readonly string[], unwanted: readonly string[], within = ''): TextMatch[] => {
  const taken = new Map<string, string[]>();
  for (const type of wanted.toSorted()) {
    let length = Math.max(within.length, 1);
    while (length < type.length && unwanted.some((each) => each.startsWith(type.slice(0, length)))) length += 1;
    const beginning = type.slice(0, length);
    taken.set(beginning, [...(taken.get(beginning) ?? []), type]);
  }
  return [...taken].map(([prefix, [type, ...others]]) =>
    type !== undefined && others.length === 0 && sizeOf(type) <= sizeOf({ prefix }) ? type : { prefix },
  );
};

const sizeOf = (match: TextMatch): number => JSON.stringify(match).length;

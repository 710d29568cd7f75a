/** Gives each of a bounded number of keys an index and a value of its own. */
export interface Interner<Value> {
  /** The index of the key; undefined when it is new and there is no room for it. */
  indexOf(key: string, make: () => Value): number | undefined;
  find(key: string): Value | undefined;
  readonly values: readonly Value[];
}

/** Holds at most `most` keys: whoever writes the findings chooses how many different ones there are. */
export const createInterner = <Value>(most: number): Interner<Value> => {
  const byKey = new Map<string, number>();
  const values: Value[] = [];
  return {
    values,
    find: (key) => values[byKey.get(key) ?? -1],
    indexOf(key, make) {
      const known = byKey.get(key);
      if (known !== undefined || values.length >= most) return known;
      byKey.set(key, values.length);
      return values.push(make()) - 1;
    },
  };
};

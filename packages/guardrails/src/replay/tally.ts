/** What is counted of one key. */
export interface Counted<Row> {
  readonly row: Row;
  events: number;
  firstSeen: string;
  lastSeen: string;
}

/** Counts by key in bounded memory. */
export interface Tally<Row> {
  /** Counts an event; `make` is called for a key that is new. */
  add(key: string, time: string, make: () => Row): void;
  /** The most frequent first; equal ones by key, so that the same events give the same list. */
  top(most: number): readonly Counted<Row>[];
  /** Keys that are counted, beside those given up. */
  readonly size: number;
  /** Keys that were given up to stay within bounds. A key that comes back counts anew: then counts are lower bounds. */
  readonly givenUp: number;
}

/**
 * Counts by key, holding at most twice `most` keys. When it is full, the rarer half is given up: what is frequent stays, whenever
 * it begins, and how much was given up is said.
 */
export const createTally = <Row>(most: number): Tally<Row> => {
  let held = new Map<string, Counted<Row>>();
  let givenUp = 0;
  const ordered = (): [string, Counted<Row>][] =>
    [...held].sort(([a, one], [b, other]) => other.events - one.events || (a < b ? -1 : 1));
  return {
    add(key, time, make) {
      const known = held.get(key);
      if (known !== undefined) {
        known.events += 1;
        if (time < known.firstSeen) known.firstSeen = time;
        if (time > known.lastSeen) known.lastSeen = time;
        return;
      }
      if (held.size >= most * 2) {
        givenUp += held.size - most;
        held = new Map(ordered().slice(0, most));
      }
      held.set(key, { row: make(), events: 1, firstSeen: time, lastSeen: time });
    },
    top: (rows) =>
      ordered()
        .slice(0, rows)
        .map(([, counted]) => counted),
    get size() {
      return held.size;
    },
    get givenUp() {
      return givenUp;
    },
  };
};

const dayMs = 86_400_000;

/** The UTC day of an instant, `2026-11-24`. */
export const dayOf = (instant: number): string => new Date(instant).toISOString().split('T')[0] ?? '';

/** The most that was held at the same time, by day. */
export interface FillByDay {
  /** `held` from `since` until `until`. */
  note(held: number, since: number, until: number): void;
  /** Days with anything held, in order. */
  days(): (readonly [day: string, held: number])[];
}

/** Keeps the highest number of each UTC day; days with none cost nothing. */
export const createFillByDay = (): FillByDay => {
  const byDay = new Map<number, number>();
  return {
    note(held, since, until) {
      if (held === 0 || until < since) return;
      const first = Math.floor(since / dayMs);
      // What ends at midnight is not of the new day.
      const last = Math.max(first, Math.ceil(until / dayMs) - 1);
      for (let day = first; day <= last; day++) if (held > (byDay.get(day) ?? 0)) byDay.set(day, held);
    },
    days: () => [...byDay].sort(([a], [b]) => a - b).map(([day, held]) => [dayOf(day * dayMs), held]),
  };
};

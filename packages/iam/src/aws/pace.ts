/** How many calls may run at once, as throttling has taught. Plain data. */
export interface Pace {
  readonly limit: number;
  /** Grows with each halving: what began before one was sent at the old pace and teaches nothing new. */
  readonly epoch: number;
  /** Answers in a row without throttling since the limit last changed. */
  readonly calm: number;
}

/** The first pace. */
export const startPace = (most: number): Pace => ({ limit: most, epoch: 0, calm: 0 });

/**
 * The pace after an answer to a call that began in `epoch`: halved on throttling (once for all calls of one epoch), one
 * more after as many calm answers as calls may run at once, never over `most`, never under one. Pure.
 */
export const decidePace = (
  pace: Pace,
  { throttled, epoch }: { readonly throttled: boolean; readonly epoch: number },
  most: number,
): Pace => {
  if (epoch !== pace.epoch) return pace;
  if (throttled) return { limit: Math.max(1, Math.floor(pace.limit / 2)), epoch: pace.epoch + 1, calm: 0 };
  const calm = pace.calm + 1;
  return calm < pace.limit || pace.limit >= most
    ? { ...pace, calm: Math.min(calm, pace.limit) }
    : { ...pace, limit: pace.limit + 1, calm: 0 };
};

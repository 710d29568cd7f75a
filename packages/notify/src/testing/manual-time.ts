import type { Duration } from '@remedykit/core';

/** Time that only passes when somebody sleeps. */
export interface ManualTime {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly Duration[];
  readonly now: () => Date;
  readonly sleep: (ms: Duration) => Promise<void>;
}

export const createManualTime = (start = '2026-11-24T10:00:00Z'): ManualTime => {
  let ms = Date.parse(start);
  const waits: Duration[] = [];
  return {
    waits,
    now: () => new Date(ms),
    sleep: async (duration) => {
      waits.push(duration);
      ms += duration;
    },
  };
};

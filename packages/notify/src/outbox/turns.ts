import type { Duration } from '@remedykit/core';

/** Calls work with the same key one after another; `false` tells work that an older one has not ended in time. */
export type Turns = <Result>(
  key: string,
  waitMs: Duration,
  work: (isFirst: boolean) => Promise<Result>,
) => Promise<Result>;

/** True when `work` ends, one way or the other, within `waitMs`. */
const endsWithin = async (work: Promise<unknown>, waitMs: Duration): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.min(2 ** 31 - 1, Math.max(0, waitMs)));
  });
  const ended = (): boolean => true;
  try {
    return await Promise.race([work.then(ended, ended), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Turns within one process: messages of one key that are given at once are seen in the order in which they were given. */
export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return async (key, waitMs, work) => {
    const before = last.get(key);
    const turn = before === undefined ? work(true) : endsWithin(before, waitMs).then(work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
};

import { decidePace, startPace } from './pace.ts';

/** Lets only so many calls run at once as AWS bears. */
export interface Limiter {
  run<T>(call: () => Promise<T>): Promise<T>;
  /** How many may run at once now. */
  limit(): number;
}

/** A limiter that starts at `most` calls at once; see `decidePace`. Share it among all that call the same account. */
export const createLimiter = (most: number, isThrottled: (error: unknown) => boolean): Limiter => {
  let pace = startPace(most);
  let running = 0;
  const waiting: (() => void)[] = [];
  const admit = (): void => {
    while (running < pace.limit && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  return {
    limit: () => pace.limit,
    async run(call) {
      const turn = new Promise<void>((enter) => waiting.push(enter));
      admit();
      await turn;
      const { epoch } = pace;
      let throttled = false;
      try {
        return await call();
      } catch (error) {
        throttled = isThrottled(error);
        throw error;
      } finally {
        running -= 1;
        pace = decidePace(pace, { throttled, epoch }, most);
        admit();
      }
    },
  };
};

import { describe, expect, it } from 'vitest';
import { type RetryOptions, retry } from './retry.ts';

const always = (): boolean => true;

const recorder = (): { waits: number[]; options: RetryOptions } => {
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  return { waits, options: { attempts: 4, baseMs: 100, maxMs: 250, isRetryable: always, sleep, random: () => 0.5 } };
};

const failing = (times: number): { calls: number[]; fn: (attempt: number) => Promise<string> } => {
  const calls: number[] = [];
  const fn = async (attempt: number): Promise<string> => {
    calls.push(attempt);
    if (calls.length <= times) throw new Error(`failure ${calls.length}`);
    return 'done';
  };
  return { calls, fn };
};

describe('retry', () => {
  it('waits a random part of a bound that doubles up to the maximum', async () => {
    const { waits, options } = recorder();
    await expect(retry(failing(3).fn, options)).resolves.toBe('done');
    expect(waits).toEqual([50, 100, 125]);
  });

  it('throws the last error when the attempts are used up', async () => {
    const { waits, options } = recorder();
    const { calls, fn } = failing(9);
    await expect(retry(fn, options)).rejects.toThrow('failure 4');
    expect(calls).toEqual([1, 2, 3, 4]);
    expect(waits).toHaveLength(3);
  });

  it('does not repeat what a repetition cannot mend', async () => {
    const { calls, fn } = failing(1);
    await expect(retry(fn, { ...recorder().options, isRetryable: () => false })).rejects.toThrow('failure 1');
    expect(calls).toEqual([1]);
  });

  it('never sleeps to or past the remaining time', async () => {
    const { waits, options } = recorder();
    await expect(retry(failing(3).fn, { ...options, remainingTimeMs: () => 100 })).rejects.toThrow('failure 2');
    expect(waits).toEqual([50]);
    await expect(retry(failing(1).fn, { ...options, remainingTimeMs: () => Number.NaN })).rejects.toThrow('failure 1');
  });

  it('waits at least as long as the server asked for, also beyond maxMs when time is left', async () => {
    const { waits, options } = recorder();
    const patient = { ...options, retryAfterMs: () => 1_000, remainingTimeMs: () => 5_000 };
    await expect(retry(failing(1).fn, patient)).resolves.toBe('done');
    expect(waits).toEqual([1_000]);
  });

  it('gives up rather than coming back before the server asked for', async () => {
    const { waits, options } = recorder();
    await expect(retry(failing(1).fn, { ...options, retryAfterMs: () => 251 })).rejects.toThrow('failure 1');
    await expect(
      retry(failing(1).fn, { ...options, retryAfterMs: () => 251, remainingTimeMs: () => 251 }),
    ).rejects.toThrow('failure 1');
    expect(waits).toEqual([]);
  });

  it('tells of each wait before it begins', async () => {
    const told: number[] = [];
    const { options } = recorder();
    await retry(failing(2).fn, { ...options, onRetry: ({ attempt }) => told.push(attempt) });
    expect(told).toEqual([1, 2]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %s attempts without calling', async (attempts) => {
    const { calls, fn } = failing(0);
    await expect(retry(fn, { ...recorder().options, attempts })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(calls).toEqual([]);
  });

  it('uses the machine’s own sleep and chance by default', async () => {
    const { calls, fn } = failing(1);
    await expect(retry(fn, { attempts: 2, baseMs: 1, maxMs: 1, isRetryable: always })).resolves.toBe('done');
    expect(calls).toEqual([1, 2]);
  });
});

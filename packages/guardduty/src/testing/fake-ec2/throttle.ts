import type { Clock } from '@remedykit/core';
import type { AwsError } from '../aws-error.ts';
import { throttled } from './errors.ts';

/** Requests that a full bucket allows at once, and requests per second that it regains (EC2 API reference). */
const limits = { describe: { burst: 100, perSecond: 20 }, mutate: { burst: 50, perSecond: 5 } } as const;

/** True for what changes nothing. */
export const isRead = (operation: string): boolean => /^(Describe|Get)/.test(operation);

/** One token bucket per API, as EC2 keeps them per account and Region. */
export const createThrottle = (now: Clock): ((operation: string) => AwsError | undefined) => {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (operation) => {
    const { burst, perSecond } = isRead(operation) ? limits.describe : limits.mutate;
    const at = now().getTime();
    const bucket = buckets.get(operation) ?? { tokens: burst, at };
    const tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond);
    const passes = tokens >= 1;
    buckets.set(operation, { tokens: passes ? tokens - 1 : tokens, at: Math.max(at, bucket.at) });
    return passes ? undefined : throttled();
  };
};

import type { Clock } from '@remedykit/core';
import type { AwsError } from '../aws-error.ts';
import { throttled } from './errors.ts';

/** Operations that share a token bucket: the credential report's, the account's details and summary, other reads, writes. */
export type CallFamily = 'report' | 'account' | 'read' | 'write';

/** How many requests a full bucket allows at once, and how many it regains per second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Rates by family; a family that is left out is not throttled. AWS publishes no rates for IAM. */
export type ThrottleRates = Readonly<Partial<Record<CallFamily, Rate>>>;

/** True for what changes nothing. */
export const isRead = (operation: string): boolean => /^(Get|List|Generate)/.test(operation);

const familyOf = (operation: string): CallFamily => {
  if (operation.endsWith('CredentialReport')) return 'report';
  if (operation.startsWith('GetAccount')) return 'account';
  return isRead(operation) ? 'read' : 'write';
};

const assertRates = (rates: ThrottleRates): void => {
  for (const [family, { burst, perSecond }] of Object.entries(rates)) {
    if (!(burst >= 0 && perSecond >= 0)) {
      throw new Error(`throttle: burst and perSecond of ${family} must be 0 or more, not ${burst} and ${perSecond}.`);
    }
  }
};

/** One token bucket per family, each full at first. */
export const createThrottle = (rates: ThrottleRates, now: Clock): ((operation: string) => AwsError | undefined) => {
  assertRates(rates);
  const buckets = new Map<CallFamily, { readonly tokens: number; readonly at: number }>();
  return (operation) => {
    const family = familyOf(operation);
    const rate = rates[family];
    if (rate === undefined) return undefined;
    const at = now().getTime();
    const bucket = buckets.get(family) ?? { tokens: rate.burst, at };
    const regained = (Math.max(0, at - bucket.at) / 1000) * rate.perSecond;
    const tokens = Math.min(rate.burst, bucket.tokens + regained);
    const passes = tokens >= 1;
    buckets.set(family, { tokens: passes ? tokens - 1 : tokens, at: Math.max(at, bucket.at) });
    return passes ? undefined : throttled();
  };
};

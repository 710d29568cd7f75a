import { days } from '@remedykit/core';

/** Longer than any honest answer; keeps a hostile or broken one from becoming a wait of years. */
const longest = days(1);

/**
 * The `Retry-After` header in milliseconds from `now`: seconds or an HTTP date (RFC 9110, 10.2.3); at most a day.
 * `undefined` where it is absent or neither.
 */
export const parseRetryAfter = (header: string | null | undefined, now: Date): number | undefined => {
  const value = header?.trim();
  if (value === undefined || value === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(longest, Math.max(0, Math.ceil(ms)));
};

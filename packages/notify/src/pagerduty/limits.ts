import type { Pace } from '../delivery/pace.ts';

/** What the Events API v2 takes. Source: PagerDuty/developer-docs, events-API-v2. */
export const pagerDutyLimits = {
  /** Bytes of an event. */
  bytes: 512_000,
  /** Characters. */
  summary: 1024,
  /** Characters. */
  dedupKey: 255,
  /** Characters, exactly. */
  routingKey: 32,
} as const;

/** What we allow ourselves. */
export const pagerDutyBudget = {
  /** Bytes of an event: more than anybody reads on a phone at night. */
  bytes: 64_000,
  /** Characters of `source`, `group` and `class`, for which no limit is documented. */
  field: 255,
} as const;

/** About 120 events a minute for one routing key. */
export const pagerDutyPace: Pace = { everyMs: 500, burst: 10 };

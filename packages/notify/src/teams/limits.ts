import type { Pace } from '../delivery/pace.ts';

/**
 * What Microsoft Teams takes. Sources: learn.microsoft.com, "Create an Incoming Webhook" (28 KB, four requests a second,
 * six buttons on a card); `measuredBytes` is what users found to arrive through workflows.
 */
export const teamsLimits = {
  /** Bytes of a message, documented. */
  bytes: 28_672,
  /** Bytes that were seen to be posted; beyond them a workflow accepts the request and posts nothing. */
  measuredBytes: 21_000,
  /** Buttons at the foot of a card. */
  buttons: 6,
  requestsPerSecond: 4,
} as const;

/** What we allow ourselves. */
export const teamsBudget = {
  /** Bytes of the whole request. */
  bytes: 20_480,
  headingBytes: 1000,
  fallbackBytes: 600,
  buttonText: 60,
} as const;

/** Below four requests a second, whatever the second. */
export const teamsPace: Pace = { everyMs: 250, burst: 1 };

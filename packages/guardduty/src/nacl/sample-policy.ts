import { days, hours } from '@remedykit/core';
import type { BlockerPolicy } from './policy.ts';

// For tests alone.

/** The policy of a blocker whose options say nothing but what is required. */
export const samplePolicy = (overrides: Partial<BlockerPolicy> = {}): BlockerPolicy => ({
  blockFor: hours(24),
  maxBlockFor: days(7),
  maxFindingAge: hours(12),
  maxSpoofableBlockFor: hours(1),
  ports: 'attacked',
  ipv6PrefixLength: 64,
  ruleNumbers: { from: 10, to: 99 },
  quota: 20,
  headroom: 2,
  entryWritesPerHour: 30,
  newDeniesPerHour: 30,
  newDeniesPerAccountAndDay: 500,
  trustCustomThreatLists: false,
  trust: ['eventbridge'],
  ...overrides,
});

import type { Instant } from '@remedykit/core';
import { ageInDays } from '../days.ts';
import type { RulePolicy } from '../model/case.ts';

/** Whether a credential is so old on that day that the rule's first warning may be due. */
export const isDue = ({ afterDays, stages }: RulePolicy, since: Instant, at: Date): boolean =>
  ageInDays(since, at) >= afterDays - Math.max(0, ...stages);

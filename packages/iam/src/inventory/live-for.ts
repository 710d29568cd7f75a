import { type Duration, type Instant, minutes } from '@remedykit/core';

/** What was read live in this run counts as live for so long. */
const liveFor: Duration = minutes(10);

/** Whether what was read then counts as live now: nobody knows how old it is where the clock jumped back. */
export const isFresh = (readAt: Instant, now: Date): boolean => {
  const age = now.getTime() - Date.parse(readAt);
  return age >= 0 && age < liveFor;
};

import { type Duration, minutes } from '@remedykit/core';

/** What was read live in this run counts as live for so long. */
export const liveFor: Duration = minutes(10);

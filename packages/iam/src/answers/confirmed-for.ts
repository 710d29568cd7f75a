import { type Duration, hours } from '@remedykit/core';

/** How long a confirmation counts at most: who it really is has a device enrolled by then, and a thief has no more than that. */
export const confirmedFor: Duration = hours(48);

import { type ControlState, pausedFor } from '@remedykit/core';
import type { GuardFacts } from './entries/entry-plan.ts';

/** What the guard has to know, from the mode and from what people have said. */
export const guardFacts = (
  { control, preview }: { readonly control: ControlState; readonly preview: boolean },
  now: Date,
): GuardFacts => {
  const newDeniesPaused = pausedFor(control, 'new-deny', now);
  const allWritesPaused = pausedFor(control, 'release', now);
  return {
    mode: preview ? 'dry-run' : 'enforce',
    ...(newDeniesPaused ? { newDeniesPaused } : {}),
    ...(allWritesPaused ? { allWritesPaused } : {}),
  };
};

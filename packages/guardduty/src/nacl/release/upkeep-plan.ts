import type { Plan, Reason } from '@remedykit/core';
import type { EntryStep, Release } from '../entries/entry-plan.ts';
import type { Slot } from '../ledger/ledger.ts';

/** What upkeep or a person wants to happen to one slot, beyond a release. */
export interface UpkeepChange extends Reason {
  readonly slot: Slot;
  /**
   * Those of a release, and
   * - `restore`: its entry had vanished and is put back
   * - `give-up`: its entry had vanished and is not put back
   * - `adopt`: an entry that no ledger knew becomes a slot
   */
  readonly result: Release['result'] | 'restore' | 'give-up' | 'adopt';
  readonly stepId?: string;
}

/** The plan of any upkeep of one ledger. */
export interface UpkeepPlan extends Plan<EntryStep> {
  readonly releases: readonly UpkeepChange[];
}

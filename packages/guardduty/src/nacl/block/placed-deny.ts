import type { Reason, StepOutcome } from '@remedykit/core';
import type { Placement } from '../entries/entry-plan.ts';
import type { Match } from '../ledger/ledger.ts';

/** What became of one wanted deny in one direction of one network ACL. */
export type PlacedDeny =
  | {
      readonly kind: 'placed';
      readonly networkAclId: string;
      readonly egress: boolean;
      readonly subnetIds: readonly string[];
      readonly placement: Placement;
      /** Outcome of the step that the placement names; absent where nothing was to be done. */
      readonly step?: StepOutcome;
      /** Who had given way to an earlier attempt of it, in vain: somebody else took the rule number. */
      readonly lost?: readonly (Match & { readonly ruleNumber: number })[];
    }
  /** It could not be tried. */
  | (Reason & {
      readonly kind: 'failed';
      readonly networkAclId: string;
      readonly egress: boolean;
      readonly retryable: boolean;
    })
  /** There is no network ACL to put it into, or none that is ours to change. */
  | (Reason & { readonly kind: 'no-place' });

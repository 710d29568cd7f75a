import type { Reason, StepOutcome } from '@remedykit/core';
import type { HandedOver } from '../../overflow/handed-over.ts';
import type { Placement } from '../entries/entry-plan.ts';
import type { Match } from '../ledger/ledger.ts';

/** What became of one wanted deny in one direction of one network ACL. */
export type PlacedDeny =
  | {
      readonly kind: 'placed';
      /** True where nothing was written: the owner of the network ACL is in dry-run, or all of it is a preview. */
      readonly preview?: true;
      readonly networkAclId: string;
      readonly egress: boolean;
      readonly subnetIds: readonly string[];
      readonly placement: Placement;
      /** Outcome of the step that the placement names; absent where nothing was to be done. */
      readonly step?: StepOutcome;
      /** Who had given way to an earlier attempt of it, in vain: somebody else took the rule number. */
      readonly lost?: readonly (Match & { readonly ruleNumber: number; readonly expiresAt?: string })[];
      /** How long who gives, or gave, way to it was to be denied. */
      readonly evictedUntil?: string;
      /** What was handed to overflow blockers because of it. */
      readonly overflow?: readonly HandedOver[];
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

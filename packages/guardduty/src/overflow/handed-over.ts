import type { Reason, StepOutcome } from '@remedykit/core';
import type { OverflowThreat } from './overflow-blocker.ts';

/** What became of one deny that was handed to an overflow blocker. */
export interface HandedOver extends Reason {
  /** Name of the overflow blocker. */
  readonly by: string;
  readonly threat: OverflowThreat;
  /** Who has no place: the attacker of the finding itself, or one that gave way to it. */
  readonly whose: 'wanted' | 'evicted';
  /**
   * - `blocked`, `already-blocked`: it denies it
   * - `not-blocked`: it does not
   * - `planned`: it would be asked
   * - `failed`: nobody knows; it is asked again
   */
  readonly status: 'blocked' | 'already-blocked' | 'not-blocked' | 'planned' | 'failed';
  readonly expiresAt: string;
  /** It is denied for as long as a block may last; true: people are told now, for review. */
  readonly review?: boolean;
  readonly step: StepOutcome;
}

/** True for one that the overflow blocker denies, or would be asked to. */
export const isTakenOver = ({ status }: Pick<HandedOver, 'status'>): boolean =>
  status === 'blocked' || status === 'already-blocked' || status === 'planned';

import type { Plan, Reason, Step, Suppression } from '@remedykit/core';
import type { Contest, Match, Notice, Slot, Unplaced } from '../ledger/ledger.ts';
import type { FloodSummary } from './flood.ts';

/** Writes a deny entry into EC2. The slot is claimed in the ledger first. */
export interface CreateStep extends Step {
  readonly action: 'create-entry';
  /**
   * - `new`: a free rule number
   * - `retake`: a dead writer claimed it; whether EC2 has it is not known
   * - `restore`: it was in force and is gone
   */
  readonly origin: 'new' | 'retake' | 'restore';
  /** As it stands in the ledger while the write is under way. */
  readonly slot: Slot;
}

/**
 * Writes a deny entry over another one of ours, which ranks lower: one call, no gap, no entry more. The slot is claimed in
 * the ledger first and keeps who had its place (`slot.replaced`), so that a sweep can tell what a dead writer left.
 */
export interface ReplaceStep extends Step {
  readonly action: 'replace-entry';
  /** `retake`: a dead writer claimed it; whether EC2 has it is not known. */
  readonly origin: 'swap' | 'retake';
  readonly slot: Slot;
  /** Who gives way, as it is listed from then on; absent when the ledger lists it already. */
  readonly evicted?: Unplaced;
}

/** Takes our deny entry out of EC2. The slot is marked as being released first. */
export interface DeleteStep extends Step {
  readonly action: 'delete-entry';
  readonly slot: Slot;
}

/** Changes the slot in the ledger alone: it holds longer, or a dead writer's work turned out to be done. */
export interface UpdateSlotStep extends Step {
  readonly action: 'update-slot';
  readonly slot: Slot;
}

/** Removes a slot from the ledger alone: EC2 has nothing of ours under its rule number. */
export interface DropSlotStep extends Step {
  readonly action: 'drop-slot';
  readonly slot: Slot;
}

/** Lists an address for which there was no room. */
export interface NoteUnplacedStep extends Step {
  readonly action: 'note-unplaced';
  readonly unplaced: Unplaced;
}

/** Counts an address for which there is no room on the list either. */
export interface CountUnplacedStep extends Step {
  readonly action: 'count-unplaced';
  readonly cidr: string;
  /** Who was told of the count after this instant was told of the address, ISO 8601. */
  readonly at: string;
}

/** Makes this ledger refuse an address for a while. */
export interface SuppressStep extends Step {
  readonly action: 'suppress';
  readonly suppression: Suppression;
}

/** Says in the ledger that somebody takes out what we put in: nothing new is written until the quarrel is over. */
export interface ContestStep extends Step {
  readonly action: 'contest';
  readonly contest: Contest;
}

/** Takes the quarrel out of the ledger: it is over. */
export interface EndContestStep extends Step {
  readonly action: 'end-contest';
}

/** Keeps in the ledger what people are told with this, so that they are not told again at every look. */
export interface NoteStep extends Step {
  readonly action: 'note';
  readonly notice: Notice;
}

/** One change to a ledger, and to EC2 where it says so. */
export type EntryStep =
  | CreateStep
  | ReplaceStep
  | DeleteStep
  | UpdateSlotStep
  | DropSlotStep
  | NoteUnplacedStep
  | CountUnplacedStep
  | SuppressStep
  | ContestStep
  | EndContestStep
  | NoteStep;

/** A step that writes to EC2. */
export type Ec2Step = CreateStep | ReplaceStep | DeleteStep;

/** True for a step that writes to EC2. */
export const writesEc2 = (step: EntryStep): step is Ec2Step => makesEntry(step) || step.action === 'delete-entry';

/** True for a step that denies what was not denied before. */
export const isNewDeny = (step: EntryStep): boolean =>
  (step.action === 'create-entry' && step.origin === 'new') ||
  (step.action === 'replace-entry' && step.origin === 'swap');

/** True for a step that puts a deny in force. */
export const makesEntry = (step: EntryStep): step is CreateStep | ReplaceStep =>
  step.action === 'create-entry' || step.action === 'replace-entry';

/** Where one wanted deny ended up. */
export interface Placement extends Reason {
  /** The `deny` step of `nacl/threats` that it belongs to. */
  readonly denyId: string;
  readonly match: Match;
  /**
   * - `create`: the step `stepId` puts it in force
   * - `extend`: the step `stepId` lets it hold longer
   * - `present`: in force, nothing to do
   * - `in-progress`: another worker is at it
   * - `unplaced`: no room, or the network ACL is contested
   * - `ineffective`: an allow would be evaluated first
   * - `refused`: suppressed or paused
   */
  readonly result: 'create' | 'extend' | 'present' | 'in-progress' | 'unplaced' | 'ineffective' | 'refused';
  readonly ruleNumber?: number;
  readonly expiresAt?: string;
  readonly stepId?: string;
  /** Who gives, or gave, way to it. */
  readonly evicted?: Match;
  /** True for one that is neither denied nor listed, only counted. */
  readonly unlisted?: true;
  /** In a flood, all whom it leaves without a deny: the event that carries this tells it. */
  readonly flood?: FloodSummary;
  /** Whether people are told: it is new, or this very event made it and may not have been told. */
  readonly news: boolean;
}

/** The plan of `nacl/entries`. */
export interface EntriesPlan extends Plan<EntryStep> {
  readonly placements: readonly Placement[];
}

/** What upkeep or a person wants to happen to one slot. */
export interface Release extends Reason {
  readonly slot: Slot;
  /** `kept`: nothing can be done now; a retry may. */
  readonly result: 'release' | 'settle' | 'retake' | 'foreign' | 'gone' | 'kept' | 'refused';
  readonly stepId?: string;
}

/** The plan of `nacl/sweep` and `nacl/unblock`. */
export interface ReleasePlan extends Plan<EntryStep> {
  readonly releases: readonly Release[];
}

/** Whether writing is allowed, as the guard found it. */
export interface GuardFacts {
  readonly mode: 'dry-run' | 'enforce';
  /** Why new denies are refused, if they are. */
  readonly newDeniesPaused?: Reason;
  /** Why every write is refused, if it is. */
  readonly allWritesPaused?: Reason;
}

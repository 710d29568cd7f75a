import type { ControlState, RemediationError } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import type { JudgedFinding } from '../../gate/judge-finding.ts';
import type { DenyRequest } from '../entries/entries-facts.ts';
import type { PlacedDeny } from './placed-deny.ts';
import type { Place } from './places.ts';

/** One finding, or one record of a batch with its finding or its parse error. */
export interface BlockItem {
  readonly recordId?: string;
  readonly finding?: Finding | undefined;
  readonly error?: RemediationError | undefined;
  /** What could not be parsed, whole. */
  readonly body?: string | undefined;
}

/** One finding on its way through a call. */
export interface Work {
  readonly index: number;
  readonly recordId?: string;
  readonly preview: boolean;
  readonly control: ControlState;
  readonly finding: Finding;
  readonly judged: JudgedFinding;
  readonly found: PlacesFound;
}

/** What the owner of a shared VPC says: it has a pause and a mode of its own. */
export interface Owner {
  readonly control: ControlState;
  readonly preview: boolean;
}

/** One place for a wanted deny. */
export interface PlaceWanted {
  readonly place: Place;
  readonly request: DenyRequest;
  /** Where another account than the finding's owns the network ACL. */
  readonly owner?: Owner;
}

/** Where the denies of one finding go. */
export interface PlacesFound {
  readonly places: readonly PlaceWanted[];
  /** Denies for which there is no place, by id of the step. */
  readonly noPlace: ReadonlyMap<string, readonly PlacedDeny[]>;
  /** Whether anything would be written. */
  readonly wantsWrite: boolean;
  /** Whether an entry would be made, and not only be held longer. */
  readonly wantsNewEntry: boolean;
  /** Whether GuardDuty and the live interfaces have been asked as far as a write needs it. */
  readonly confirmed: boolean;
}

import type { PortRange } from './outcome.ts';

/**
 * What the options say that decisions depend on, as plain data: it goes into every audit record. Inventories (accounts,
 * allow-list) are not in it; they enter the facts as the answer for one address.
 */
export interface BlockerPolicy {
  /** Milliseconds. */
  readonly blockFor: number;
  readonly maxBlockFor: number;
  readonly maxFindingAge: number;
  /** Longest hold on evidence whose source address could have been forged, milliseconds. */
  readonly maxSpoofableBlockFor: number;
  /** What an ingress deny covers. An egress deny covers all ports: the host is compromised. */
  readonly ports: 'attacked' | 'all';
  readonly ipv6PrefixLength: number;
  readonly ruleNumbers: PortRange;
  /** Entries per direction and family that the network ACL may have, the default deny included. */
  readonly quota: number;
  /** Entries left free for people. */
  readonly headroom: number;
  readonly entryWritesPerHour: number;
  readonly newDeniesPerHour: number;
  readonly newDeniesPerAccountAndDay: number;
  /** Whether whoever may write a threat list of one's own may choose whom we deny. */
  readonly trustCustomThreatLists: boolean;
  /** In it nothing is written; absent: there is none, or a person acknowledged it. */
  readonly managementAccountId?: string;
  readonly trust: 'read-back' | readonly string[];
}

/** A finding is from the future when it is later than now by more than this, milliseconds. */
export const maxClockSkew = 300_000;

/** Sightings at least so far apart count as several, milliseconds: GuardDuty publishes a finding again at this rate at most. */
export const publishingInterval = 900_000;

/** A deny is not evicted before it has stood for so long, milliseconds. */
export const minimumResidence = 3_600_000;

/** For this long after a write a describe may not show it, milliseconds. The EC2 API is eventually consistent. */
export const consistencyWindow = 30_000;

/**
 * Upkeep that runs again so soon is a retry, milliseconds: the run before may have died, or lost the answer of the store,
 * before anything was told. The schedule is due every 5 minutes.
 */
export const retriedWithin = 240_000;

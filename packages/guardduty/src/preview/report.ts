/** What would have become of a finding or an address. */
export type PreviewOutcome =
  /** Denied, at least once and somewhere. */
  | 'blocked'
  /** To be denied, and there would have been no room or no place. */
  | 'not-blocked'
  /** Nobody denied; a person would have been asked. */
  | 'escalated'
  /** The gate forbids it. */
  | 'refused'
  /** Nothing to do. */
  | 'ignored';

/** A finding as an example; all text is that of the finding. */
export interface PreviewExample {
  readonly findingId: string;
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly instanceId?: string;
  readonly at?: string;
}

/** Rows of a list that can be longer than what is held. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** How many more there are. */
  readonly omitted: number;
}

/** One source address: the host for IPv4, the /64 for IPv6, as wide as the deny. */
export interface AttackerRow {
  readonly cidr: string;
  readonly country?: string;
  readonly outcome: PreviewOutcome;
  /** Why it was not denied; absent where it was. */
  readonly reason?: string;
  readonly findings: number;
  /** The first three. */
  readonly types: readonly string[];
  readonly moreTypes: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly severity: number;
  /** How long one deny of it held in one network ACL at most, ms. */
  readonly deniedMs: number;
  /** In how many subnets (or instances) it was denied. */
  readonly places: number;
  /** Sightings in a place at which there was no room for it. */
  readonly withoutRoom: number;
}

/** Findings of one type. */
export interface TypeRow extends Readonly<Record<PreviewOutcome, number>> {
  readonly type: string;
  readonly findings: number;
}

/** Decisions that came out the same for the same reason; one decision per finding, address and place. */
export interface ReasonRow {
  readonly outcome: PreviewOutcome;
  readonly reason: string;
  readonly meaning: string;
  readonly decisions: number;
  /** At most three; none for what only the simulation says. */
  readonly examples: readonly PreviewExample[];
}

/** Findings of one type for which a person would have been called for the same reason. */
export interface EscalationRow {
  readonly type: string;
  readonly reason: string;
  readonly meaning: string;
  readonly findings: number;
  /** How many of them would have denied somebody as well. */
  readonly alsoBlocking: number;
  readonly examples: readonly PreviewExample[];
}

/** How full one direction of one network ACL would have been, in one family. */
export interface FillRow {
  /** `instance` where the findings name no subnet: its network ACL would be looked up. */
  readonly kind: 'subnet' | 'instance';
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId?: string;
  readonly direction: 'ingress' | 'egress';
  readonly family: 4 | 6;
  /** Most denies at the same time. */
  readonly peak: number;
  readonly peakDay?: string;
  /** Days at some time of which no deny more would have fitted. */
  readonly fullDays: number;
  /** Denies written. */
  readonly written: number;
  /** Sightings that made a deny hold longer. */
  readonly extended: number;
  /** Denies that made room for another attacker. */
  readonly swapped: number;
  /** Sightings for which there was no room. */
  readonly withoutRoom: number;
  /** The most denies of each day that had any, in order; days are of UTC. */
  readonly days: readonly (readonly [day: string, held: number])[];
}

/** A check that a blocker makes and a preview cannot. */
export interface UnmadeCheck {
  readonly check: string;
  /** What it could change. */
  readonly effect: string;
}

/** What a blocker would have done about these findings; plain JSON, `schema` changes when a meaning does. */
export interface PreviewReport {
  readonly schema: 1;
  readonly library: string;
  readonly generatedAt: string;
  readonly assumptions: {
    readonly blockForMs: number;
    readonly maxBlockForMs: number;
    readonly quota: number;
    readonly headroom: number;
    readonly ownRules: number;
    /** Denies that fit into one direction of a network ACL, per family. */
    readonly capacity: number;
    /** Ranges of the allow-list, nested ones once. */
    readonly allowListed: number;
    /** When AWS published the ranges that were used; absent: none were. */
    readonly awsRangesAsOf?: string;
    /** Absent: every account. */
    readonly accounts?: number;
  };
  readonly read: {
    readonly findings: number;
    /** Told apart from `findings`: the same state of the same finding once more. */
    readonly copies: number;
    readonly unreadable: number;
    /** The first 20. */
    readonly errors: readonly { readonly code: string; readonly message: string }[];
    /** Findings whose denies were judged but not simulated, since too many came before. */
    readonly notSimulated: number;
    readonly undated: number;
  };
  /** Of the findings' own times; absent where none is dated. */
  readonly period?: { readonly from: string; readonly to: string };
  /** Findings by what would have become of them; they add up to `read.findings`. */
  readonly findings: Readonly<Record<PreviewOutcome, number>>;
  /** Findings for which a person would have been called, whatever else was done. */
  readonly escalations: number;
  readonly attackers: Rows<AttackerRow> & {
    readonly total: number;
    readonly byOutcome: Readonly<Record<PreviewOutcome, number>>;
    readonly medianDeniedMs: number;
    readonly longestDeniedMs: number;
  };
  readonly countries: Rows<{ readonly country: string; readonly attackers: number; readonly blocked: number }>;
  readonly types: Rows<TypeRow>;
  readonly reasons: Rows<ReasonRow>;
  readonly escalated: Rows<EscalationRow>;
  readonly fill: Rows<FillRow> & { readonly places: number; readonly everFull: number };
  readonly notChecked: readonly UnmadeCheck[];
}

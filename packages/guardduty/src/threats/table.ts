import type { FindingType } from '../finding-types.ts';
import { type ThreatReason, threatReasons } from './reasons.ts';

/** Our side in a finding; `OTHER` is any other role that a document says, or none. */
export type Role = 'TARGET' | 'ACTOR' | 'OTHER';

/** Who opened the connection; a port probe is inbound by its nature, and every other action is `UNKNOWN`. */
export type Direction = 'INBOUND' | 'OUTBOUND' | 'UNKNOWN';

/** What is to be done about one address. */
export interface Judgement {
  readonly verdict: 'block' | 'ignore';
  /** Which way the deny goes; where nothing is blocked, which way the traffic went (`both`: it is not known). */
  readonly direction: 'ingress' | 'egress' | 'both';
  readonly escalate: boolean;
  /** Whether the evidence of this type could carry a forged source, whatever the protocol. */
  readonly spoofable: boolean;
  readonly reason: ThreatReason;
  readonly because: string;
}

type Row = readonly [type: FindingType, role: Role, direction: Direction, judgement: Judgement];

const blockIngress = (reason: ThreatReason, spoofable = false): Judgement => ({
  verdict: 'block',
  direction: 'ingress',
  // Somebody outside tries; that he tried says nothing about our host.
  escalate: false,
  spoofable,
  reason,
  because: threatReasons[reason],
});

const blockEgress = (reason: ThreatReason): Judgement => ({
  verdict: 'block',
  direction: 'egress',
  // The deny hides the traffic, not the compromise.
  escalate: true,
  spoofable: false,
  reason,
  because: threatReasons[reason],
});

const trafficWent: Readonly<Record<Direction, Judgement['direction']>> = {
  INBOUND: 'ingress',
  OUTBOUND: 'egress',
  UNKNOWN: 'both',
};

/** Nothing is blocked and a person looks: whatever is not understood fails closed. */
const escalateOnly = (reason: ThreatReason, direction: Direction): Judgement => ({
  verdict: 'ignore',
  direction: trafficWent[direction],
  escalate: true,
  spoofable: false,
  reason,
  because: threatReasons[reason],
});

const directions: readonly Direction[] = ['INBOUND', 'OUTBOUND', 'UNKNOWN'];

const escalateAny = (type: FindingType, role: Role, reason: ThreatReason): Row[] =>
  directions.map((direction) => [type, role, direction, escalateOnly(reason, direction)]);

/** Somebody outside acts on our host: only as TARGET and INBOUND do we know whom a deny would hit. */
const inbound = (type: FindingType, reason: ThreatReason, actor: ThreatReason, spoofable = false): Row[] => [
  [type, 'TARGET', 'INBOUND', blockIngress(reason, spoofable)],
  [type, 'TARGET', 'OUTBOUND', escalateOnly('combination-not-covered', 'OUTBOUND')],
  [type, 'TARGET', 'UNKNOWN', escalateOnly('combination-not-covered', 'UNKNOWN')],
  ...escalateAny(type, 'ACTOR', actor),
  ...escalateAny(type, 'OTHER', 'role-unknown'),
];

/** Our host reaches out: GuardDuty gives the role TARGET here, though our host acts, so the direction decides alone. */
const outbound = (type: FindingType, reason: ThreatReason): Row[] => [
  ...(['TARGET', 'ACTOR'] as const).flatMap((role): Row[] => [
    [type, role, 'OUTBOUND', blockEgress(reason)],
    [type, role, 'INBOUND', escalateOnly('combination-not-covered', 'INBOUND')],
    [type, role, 'UNKNOWN', escalateOnly('combination-not-covered', 'UNKNOWN')],
  ]),
  ...escalateAny(type, 'OTHER', 'role-unknown'),
];

/**
 * The one table: finding type × role × direction → what to do about the remote address, every combination spelled out.
 * Roles and directions as GuardDuty gives them: GuardDuty user guide and sample findings of 2025-08-22.
 */
export const threatTable: readonly Row[] = [
  ...inbound('UnauthorizedAccess:EC2/SSHBruteForce', 'brute-force', 'our-host-attacks'),
  ...inbound('UnauthorizedAccess:EC2/RDPBruteForce', 'brute-force', 'our-host-attacks'),
  ...inbound('Recon:EC2/PortProbeUnprotectedPort', 'port-probe', 'our-host-attacks', true),
  ...inbound('UnauthorizedAccess:EC2/TorIPCaller', 'tor-inbound', 'combination-not-covered'),
  ...outbound('Trojan:EC2/BlackholeTraffic', 'black-hole-traffic'),
  ...outbound('Trojan:EC2/DropPoint', 'drop-point'),
  ...outbound('Backdoor:EC2/XORDDOS', 'ddos-malware'),
];

const keyOf = (type: string, role: Role, direction: Direction): string => `${role} ${direction} ${type}`;

const judgements: ReadonlyMap<string, Judgement> = new Map(
  threatTable.map(([type, role, direction, judgement]) => [keyOf(type, role, direction), judgement]),
);

/** What the table says; a type without a row is never blocked on. */
export const judge = (type: string, role: Role, direction: Direction): Judgement => {
  if (type.endsWith('.Custom')) return escalateOnly('custom-threat-list', direction);
  return judgements.get(keyOf(type, role, direction)) ?? escalateOnly('type-not-covered', direction);
};

import type { Reason } from '@remedykit/core';
import type { LocalEnd } from '../finding.ts';
import type { ThreatReason } from './reasons.ts';

/** What the table says about one kind of evidence. `reason` is one of `threatReasons`. */
export interface Judgement extends Reason {
  readonly reason: ThreatReason;
  /** Whether the address is to be denied, if the gate lets it. */
  readonly verdict: 'block' | 'ignore';
  /** Whether a person must look, whatever is blocked: a compromised host stays compromised behind a deny. */
  readonly escalate: boolean;
}

/** One remote address of a finding with its verdict. */
export interface AddressThreat extends Judgement {
  /** The host as CIDR, `198.51.100.7/32` or `2001:db8::7/128`; how wide a deny is, the plan decides. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly direction: 'ingress' | 'egress' | 'both';
  /** IP protocol of the evidence: TCP, UDP, or not known. */
  readonly protocol: 'tcp' | 'udp' | 'any';
  /** Our ports that were attacked (inbound evidence), ascending, with how often each was named; empty: none named. */
  readonly attackedPorts: readonly { readonly port: number; readonly hits: number }[];
  /** True when the sender could have forged the source address (UDP, half-open probes). */
  readonly spoofable: boolean;
  /** True when a security group or network ACL had dropped the traffic already. */
  readonly alreadyBlocked: boolean;
  /** The attacked ends on our side, as far as the finding names them. */
  readonly localEnds: readonly LocalEnd[];
}

/** A verdict about a finding that names no remote address. */
export interface AddresslessThreat extends Judgement {
  readonly address?: undefined;
  readonly verdict: 'ignore';
}

/** What to do about one part of a finding. */
export type Threat = AddressThreat | AddresslessThreat;

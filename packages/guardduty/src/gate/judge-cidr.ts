import type { Reason } from '@remedykit/core';
import type { AddressAnswers } from './answers.ts';
import type { InventoryReading } from './ranges.ts';

/** Why an address must not be denied, and what comes of it. */
export interface Protection extends Reason {
  readonly verdict: 'refused' | 'escalated';
}

/** What the gate knows about ranges, as plain data for an audit record. */
export interface GateFacts {
  /** Age and digest of each inventory that was asked, by name. */
  readonly inventories: Readonly<Record<string, InventoryReading>>;
  /** Why some inventory could not be had; then it protects nobody here, and nobody new is to be denied. */
  readonly problem?: string;
  /** By canonical CIDR. */
  readonly answers: Readonly<Record<string, AddressAnswers>>;
}

/**
 * Why a range must not be denied, or undefined where nothing that is known protects it. Pure. A sweep asks this about what is
 * denied already: what would be refused today is released. That an inventory could not be had is no reason to release.
 */
export const judgeCidr = (
  cidr: string,
  direction: 'ingress' | 'egress',
  { answers }: Pick<GateFacts, 'answers'>,
): Reason | undefined => {
  const protection = protectionOf(answers[cidr] ?? {}, direction);
  return protection && { reason: protection.reason, because: protection.because };
};

/** The first that applies of what protects an address. Pure. */
export const protectionOf = (
  answers: AddressAnswers,
  direction: 'ingress' | 'egress' | 'both',
): Protection | undefined => {
  const { specialRange, allowListed, partnerListed, proxy, vpcCidr, ownAddress, trusted, awsService, suppressed } =
    answers;
  if (proxy !== undefined) {
    const who = direction === 'egress' ? 'The destination' : 'The source';
    return escalated('behind-proxy', `${who} is a proxy, with others behind it: ${proxy.cidr} of ${proxy.by}.`);
  }
  if (specialRange !== undefined) {
    return refused('reserved', `The address is not routable on the Internet (${specialRange}).`);
  }
  if (allowListed !== undefined) return refused('allow-listed', `The allow-list holds ${allowListed}.`);
  if (partnerListed !== undefined) {
    return refused('partner-listed', `The address is in ${partnerListed.cidr} of ${partnerListed.by}.`);
  }
  if (vpcCidr !== undefined) return refused('vpc-cidr', `The address belongs to a VPC of this account (${vpcCidr}).`);
  if (ownAddress !== undefined) return refused('own-address', `The address is ours (${ownAddress}).`);
  if (trusted !== undefined) {
    return refused('explicitly-trusted', `Our own configuration lets in ${trusted.cidr} (${trusted.by}).`);
  }
  if (awsService !== undefined) {
    return refused('aws-service-range', `The address is of an AWS service (${awsService}), which our hosts may need.`);
  }
  if (suppressed !== undefined) {
    return refused('suppressed', `${suppressed.requestedBy} unblocked ${suppressed.cidr} until ${suppressed.until}.`);
  }
  return undefined;
};

const refused = (reason: string, because: string): Protection => ({ verdict: 'refused', reason, because });
const escalated = (reason: string, because: string): Protection => ({ verdict: 'escalated', reason, because });

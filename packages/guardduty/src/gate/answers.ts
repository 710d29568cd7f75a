import type { AddressRanges } from './address-ranges.ts';
import { specialRange } from './address-ranges.ts';
import type { KnownAwsRanges } from './aws-ranges/aws-ranges.ts';
import type { InventoryReading, KnownRange, Ranges } from './ranges.ts';

/** What the inventories say about one address, or one range; a range that matched, or absent for none. */
export interface AddressAnswers {
  /** Name of the special range (`private`, `reserved`). */
  readonly specialRange?: string;
  readonly allowListed?: string;
  /** A list of `partnerLists`. */
  readonly partnerListed?: KnownRange;
  /** A load balancer, NAT gateway or the like of ours, or a list of `proxyLists`. */
  readonly proxy?: KnownRange;
  readonly vpcCidr?: string;
  readonly ownAddress?: string;
  /** What our own configuration lets in: a rule of a security group or network ACL, a customer gateway. */
  readonly trusted?: KnownRange;
  /** A range of AWS's own services. */
  readonly awsService?: string;
  /** Where own addresses could not be had: a range in which they may be. */
  readonly mayBeOurs?: KnownRange;
  readonly suppressed?: { readonly cidr: string; readonly until: string; readonly requestedBy: string };
}

/** The inventories as far as they were asked for; an absent one says nothing about anybody. */
export interface KnownLists {
  readonly allowList: Ranges;
  readonly partners?: Ranges;
  readonly proxies?: Ranges;
  readonly vpcCidrs?: Ranges;
  readonly ownAddresses?: Ranges;
  readonly customerGateways?: Ranges;
  /** Of the attacked interfaces and their network ACLs. */
  readonly trusted?: Ranges;
  readonly aws?: Pick<KnownAwsRanges, 'reading' | 'service'>;
  /** Where own addresses are not known: EC2's ranges and the declared pools. */
  readonly mayBeOurs?: (cidr: string) => KnownRange | undefined;
}

/**
 * Asks the inventories about the whole range that a deny would cover; `host` is the address itself, where the range is wider
 * (an IPv6 /64). Pure.
 */
export const answersFor = (
  { cidr, host = cidr }: { readonly cidr: string; readonly host?: string },
  lists: KnownLists,
  addressRanges: AddressRanges,
): AddressAnswers =>
  withoutNothing({
    specialRange: specialRange(host, addressRanges),
    allowListed: lists.allowList.find(cidr)?.cidr,
    partnerListed: lists.partners?.find(cidr),
    proxy: lists.proxies?.find(cidr),
    vpcCidr: lists.vpcCidrs?.find(cidr)?.cidr,
    ownAddress: lists.ownAddresses?.find(cidr)?.cidr,
    trusted: lists.trusted?.find(cidr) ?? lists.customerGateways?.find(cidr),
    awsService: lists.aws?.service(cidr)?.cidr,
    mayBeOurs: lists.mayBeOurs?.(cidr),
  });

type MaybeAnswers = { readonly [K in keyof AddressAnswers]: AddressAnswers[K] | undefined };

/** Absent, not undefined: the answers go into audit records. */
const withoutNothing = (answers: MaybeAnswers): AddressAnswers =>
  Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== undefined));

/** Age and digest of each inventory that was asked, by name. */
export const readingsOf = (lists: KnownLists): Readonly<Record<string, InventoryReading>> => {
  const { mayBeOurs: _, ...asked } = lists;
  return Object.fromEntries(Object.entries(asked).map(([name, { reading }]) => [name, reading]));
};

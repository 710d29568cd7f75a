import { createRanges, type InventoryReading, type KnownRange } from '../ranges.ts';

/** AWS's public address ranges, as far as the gate asks about them. */
export interface AwsRanges {
  /** Ranges listed for a service besides EC2: S3, DynamoDB, CloudFront, … */
  readonly services: readonly string[];
  /** Ranges from which instances, load balancers and VPCs of customers get their addresses. */
  readonly ec2: readonly string[];
  /** Ranges of Amazon as a whole. What of them is not EC2's is a service's, among them endpoints that have no list of their own. */
  readonly amazon: readonly string[];
  /** When they were read, or published where that is not known. */
  readonly asOf: Date;
}

/** AWS's ranges, to be asked about single ones. */
export interface KnownAwsRanges {
  readonly asOf: Date;
  readonly reading: InventoryReading;
  /** A range of AWS's own services that shares an address with `cidr`. */
  service(cidr: string): KnownRange | undefined;
  /** A range of EC2 that shares an address with `cidr`: it may be a customer's, ours among them. */
  ec2(cidr: string): KnownRange | undefined;
}

const made = new WeakMap<AwsRanges, KnownAwsRanges>();

/**
 * Makes AWS's ranges searchable, once for the same object: it takes some 40 ms.
 * @throws RemediationError `CIDR_INVALID` for a range that cannot be read
 */
export const createAwsRanges = (ranges: AwsRanges): KnownAwsRanges => {
  const known = made.get(ranges) ?? searchable(ranges);
  made.set(ranges, known);
  return known;
};

const searchable = ({ services, ec2, amazon, asOf }: AwsRanges): KnownAwsRanges => {
  const ranges = (cidrs: readonly string[], by: string) => createRanges(cidrs.map((cidr) => ({ cidr, by })));
  const known = { services: ranges(services, ''), ec2: ranges(ec2, 'EC2'), amazon: ranges(amazon, '') };
  const digests = [known.services, known.ec2, known.amazon].map(({ reading }) => reading.digest);
  return {
    asOf,
    reading: { asOf: asOf.toISOString(), digest: digests.join('.') },
    service: (cidr) => known.services.find(cidr) ?? (known.ec2.cover(cidr) ? undefined : known.amazon.find(cidr)),
    ec2: known.ec2.find,
  };
};

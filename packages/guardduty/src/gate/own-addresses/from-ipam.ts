import { GetIpamDiscoveredPublicAddressesCommand } from '@aws-sdk/client-ec2';
import { collectPages, RemediationError } from '@remedykit/core';
import type { Ec2, OwnAddresses } from '../../nacl/options.ts';
import type { Target } from '../../nacl/outcome.ts';

/** Where IPAM is asked. */
export interface IpamOptions {
  /** A client for the account and home Region of the IPAM, mostly a delegated administrator's. */
  readonly ec2: Ec2;
  readonly ipamResourceDiscoveryId: string;
  /** Regions whose addresses are ours, operating Regions of the IPAM. Default: the finding's. */
  readonly regions?: readonly string[];
}

/**
 * An `ownAddresses` that asks IPAM for the public IPv4 addresses that it discovered, of all accounts of the organisation
 * that it is integrated with. They are as old as the oldest discovery that went into them (`OldestSampleTime`). IPAM
 * discovers no IPv6 addresses here: those of your VPCs are known by their CIDRs, those of other accounts belong in
 * `allowList`. IAM action: ec2:GetIpamDiscoveredPublicAddresses. Source: EC2 API reference.
 * @throws RemediationError `IPAM_AGE_UNKNOWN` (retryable), at each call: IPAM does not say how old the addresses are
 * @example
 * ```ts
 * import { EC2Client } from '@aws-sdk/client-ec2';
 * import { createIpamOwnAddresses } from '@remedykit/guardduty';
 * const ownAddresses = createIpamOwnAddresses({
 *   ec2: new EC2Client({ region: 'eu-west-1' }),
 *   ipamResourceDiscoveryId: 'ipam-res-disco-0a11ce00000000001',
 *   regions: ['eu-west-1', 'us-east-1'],
 * });
 * ```
 */
export const createIpamOwnAddresses =
  ({ ec2, ipamResourceDiscoveryId, regions }: IpamOptions): ((target: Target) => Promise<OwnAddresses>) =>
  async ({ region }) => {
    const read = await Promise.all(
      [...new Set([...(regions ?? []), region])].map((one) => gatherRegion(ec2, ipamResourceDiscoveryId, one)),
    );
    return {
      cidrs: [...new Set(read.flatMap(({ cidrs }) => cidrs))],
      asOf: new Date(Math.min(...read.map(({ asOf }) => asOf.getTime()))),
    };
  };

const gatherRegion = async (
  ec2: Ec2,
  IpamResourceDiscoveryId: string,
  AddressRegion: string,
): Promise<OwnAddresses> => {
  const times: number[] = [];
  const addresses = await collectPages(
    async (NextToken) => {
      const page = await ec2.send(
        new GetIpamDiscoveredPublicAddressesCommand({
          IpamResourceDiscoveryId,
          AddressRegion,
          MaxResults: 1_000,
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      // An invalid Date is no age either: `Math.min` of it is NaN.
      if (page.OldestSampleTime) times.push(page.OldestSampleTime.getTime());
      return { items: page.IpamDiscoveredPublicAddresses ?? [], nextToken: page.NextToken };
    },
    { maxPages: 1_000 },
  );
  const oldest = Math.min(...times);
  if (!Number.isFinite(oldest)) {
    throw new RemediationError({
      code: 'IPAM_AGE_UNKNOWN',
      message: `IPAM (${IpamResourceDiscoveryId}) does not say how old the addresses of ${AddressRegion} are. Check that the Region is an operating Region of the resource discovery; a new one needs hours for its first discovery.`,
      retryable: true,
    });
  }
  return { cidrs: addresses.flatMap(({ Address }) => Address ?? []), asOf: new Date(oldest) };
};

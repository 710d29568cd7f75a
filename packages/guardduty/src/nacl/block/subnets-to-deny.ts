import type { Finding } from '../../finding.ts';
import { readAddress } from '../../threats/address.ts';
import type { AddressThreat } from '../../threats/threat.ts';

/** A network interface by which traffic reaches an instance. */
export interface ReachedInterface {
  readonly networkInterfaceId?: string;
  readonly subnetId: string;
  readonly vpcId?: string;
  readonly addresses: readonly string[];
}

/** The interfaces that the finding names with their subnet; they may be gone by now. */
export const namedInterfaces = (finding: Finding): ReachedInterface[] =>
  (finding.instance?.interfaces ?? []).flatMap(({ networkInterfaceId, subnetId, vpcId, privateIpv4, ipv6 }) =>
    subnetId === undefined
      ? []
      : [
          {
            ...(networkInterfaceId ? { networkInterfaceId } : {}),
            subnetId,
            ...(vpcId ? { vpcId } : {}),
            addresses: [...privateIpv4, ...ipv6],
          },
        ],
  );

/**
 * The subnets in which a threat is to be denied: of the attacked interfaces where the finding names them (by id or by
 * address), else of all interfaces of the instance. Pure.
 */
export const subnetsToDeny = (threat: AddressThreat, interfaces: readonly ReachedInterface[]): string[] => {
  const attacked = interfaces.filter(({ networkInterfaceId, addresses }) =>
    threat.localEnds.some(
      (end) =>
        (end.networkInterfaceId !== undefined && end.networkInterfaceId === networkInterfaceId) ||
        (end.ipv4 !== undefined && addresses.includes(end.ipv4)) ||
        addresses.some((own) => sameHost(own, end.ipv6)),
    ),
  );
  const reached = attacked.length > 0 ? attacked : interfaces;
  return [...new Set(reached.map(({ subnetId }) => subnetId))];
};

/** IPv6 has several spellings of one address. */
const sameHost = (one: string, other: string | undefined): boolean => {
  const host = readAddress(one)?.address;
  return host !== undefined && other !== undefined && host === readAddress(other)?.address;
};

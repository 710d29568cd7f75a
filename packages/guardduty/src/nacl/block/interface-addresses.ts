import type { NetworkInterface } from '@aws-sdk/client-ec2';

/** The private addresses of an interface, of both families. */
export const addressesOf = ({ PrivateIpAddress, PrivateIpAddresses, Ipv6Addresses }: NetworkInterface): string[] => [
  ...new Set(
    [
      PrivateIpAddress,
      ...(PrivateIpAddresses ?? []).map((own) => own.PrivateIpAddress),
      ...(Ipv6Addresses ?? []).map((own) => own.Ipv6Address),
    ].flatMap((own) => own ?? []),
  ),
];

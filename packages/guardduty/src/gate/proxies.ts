import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { KnownRange } from './ranges.ts';

/**
 * Interfaces whose addresses stand for somebody behind them. EC2 writes `nat_gateway` where its model says `natGateway`.
 * Source: EC2 API reference, NetworkInterface.
 */
const proxyTypes = new Set([
  'nat_gateway',
  'natGateway',
  'load_balancer',
  'network_load_balancer',
  'gateway_load_balancer',
  'global_accelerator_managed',
  'api_gateway_managed',
]);

/** Application and Classic Load Balancers have plain interfaces that Elastic Load Balancing requested. */
const isProxy = ({ InterfaceType, RequesterId, RequesterManaged, Description }: NetworkInterface): boolean =>
  proxyTypes.has(InterfaceType ?? '') ||
  RequesterId === 'amazon-elb' ||
  // Anybody may describe an interface of his own like that; a managed one is described by its service.
  (RequesterManaged === true && (Description ?? '').startsWith('ELB '));

/** Public and private addresses of our own load balancers, NAT gateways and the like. */
export const proxyRanges = (interfaces: readonly NetworkInterface[]): KnownRange[] =>
  interfaces.filter(isProxy).flatMap((live) => {
    const { Association, PrivateIpAddress, PrivateIpAddresses, Ipv6Addresses } = live;
    const kind = live.InterfaceType === 'interface' || !live.InterfaceType ? 'load_balancer' : live.InterfaceType;
    const by = `${kind} ${live.NetworkInterfaceId}${live.Description ? ` (${live.Description.slice(0, 80)})` : ''}`;
    const addresses = [
      Association?.PublicIp,
      Association?.CarrierIp,
      PrivateIpAddress,
      ...(PrivateIpAddresses ?? []).flatMap((own) => [own.PrivateIpAddress, own.Association?.PublicIp]),
      ...(Ipv6Addresses ?? []).map((own) => own.Ipv6Address),
    ];
    return addresses.flatMap((cidr) => (cidr ? [{ cidr, by }] : []));
  });

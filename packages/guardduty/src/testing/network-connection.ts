import { type FindingOptions, remoteIpDetails } from './documents.ts';
import { fakeWorld } from './fake-world.ts';

const portNames: Readonly<Record<number, string>> = { 22: 'SSH', 80: 'HTTP', 443: 'HTTPS', 3389: 'RDP' };

export const portDetails = (port: number): { readonly port: number; readonly portName: string } => ({
  port,
  portName: portNames[port] ?? 'Unknown',
});

/** The one remote address that the options name. */
export const remoteOf = ({ from, to }: FindingOptions, fallback: string): string => {
  if (from !== undefined && to !== undefined) {
    throw new Error('A finding has one remote address: give `from` or `to`, not both.');
  }
  return from ?? to ?? fallback;
};

export const instanceIn = ({ instanceId }: Pick<FindingOptions, 'instanceId'>): string =>
  instanceId || fakeWorld.instanceId;

/** A port that a client's side of a connection has. */
const clientPort = 51_820;

/** Who talked to whom. */
export interface Connection {
  readonly remote: string;
  readonly direction: string;
  /** The port of the side that was connected to. */
  readonly port: number;
  /** False: the finding says nothing about our end, as of a function. */
  readonly local?: boolean;
}

/** The `action` of a connection. */
export const networkConnection = (
  options: FindingOptions,
  { remote, direction, port, local = true }: Connection,
): Readonly<Record<string, unknown>> => {
  const outbound = direction !== 'INBOUND';
  const ourEnd = {
    localPortDetails: portDetails(outbound ? clientPort : port),
    localIpDetails: { ipAddressV4: fakeWorld.privateIp },
    ...(options.localNetworkInterface === undefined ? {} : { localNetworkInterface: options.localNetworkInterface }),
  };
  return {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      connectionDirection: direction,
      protocol: options.protocol ?? 'TCP',
      blocked: options.blocked ?? false,
      ...(local ? ourEnd : {}),
      remoteIpDetails: remoteIpDetails(remote, options.ipv6),
      remotePortDetails: portDetails(outbound ? port : clientPort),
    },
  };
};

import { type FindingOptions, findingEventOf, remoteIpDetails } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import { fakeWorld } from './fake-world.ts';
import { listedHostEvent } from './listed-host-event.ts';
import { instanceIn, networkConnection, portDetails, remoteOf } from './network-connection.ts';

/** One attacker of a port probe. */
export interface ProbeAddress {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** Our port that was probed; 22 by default, null: the finding names none. */
  readonly port?: number | null;
}

/** What a port probe lets a test say beside what every finding does. */
export interface PortProbeOptions extends FindingOptions {
  /** Several attackers in one finding, instead of `from` and `port`. */
  readonly addresses?: readonly ProbeAddress[];
}

const bruteForceEvent = (
  service: { readonly type: string; readonly name: string; readonly port: number },
  options: FindingOptions,
): FindingEvent => {
  const attacks = (options.role ?? (options.to === undefined ? 'TARGET' : 'ACTOR')) === 'ACTOR';
  const remote = remoteOf(options, '198.51.100.7');
  const direction = options.direction ?? (attacks ? 'OUTBOUND' : 'INBOUND');
  const port = options.port ?? service.port;
  const [attacker, victim] = attacks ? [instanceIn(options), remote] : [remote, instanceIn(options)];
  return findingEventOf(
    {
      type: service.type,
      severity: attacks ? 8 : 2,
      role: attacks ? 'ACTOR' : 'TARGET',
      action: networkConnection(options, { remote, direction, port }),
      evidence: [remote, port, direction],
      title: `${attacker} is performing ${service.name} brute force attacks against ${victim}.`,
      description: `${attacker} is performing ${service.name} brute force attacks against ${victim}: it guesses the password to get in.`,
    },
    options,
  );
};

/** `UnauthorizedAccess:EC2/SSHBruteForce`: somebody guesses SSH passwords of our instance; with `to`, our instance does. */
export const sshBruteForceEvent = (options: FindingOptions = {}): FindingEvent =>
  bruteForceEvent({ type: 'UnauthorizedAccess:EC2/SSHBruteForce', name: 'SSH', port: 22 }, options);

/** `UnauthorizedAccess:EC2/RDPBruteForce`: the same with RDP. */
export const rdpBruteForceEvent = (options: FindingOptions = {}): FindingEvent =>
  bruteForceEvent({ type: 'UnauthorizedAccess:EC2/RDPBruteForce', name: 'RDP', port: 3389 }, options);

/** `Recon:EC2/PortProbeUnprotectedPort`: one or several hosts probe ports that nothing protects. */
export const portProbeEvent = (options: PortProbeOptions = {}): FindingEvent => {
  if (options.addresses !== undefined && (options.from !== undefined || options.port !== undefined)) {
    throw new Error('A port probe takes `addresses`, or `from` and `port`, not both.');
  }
  const probes = options.addresses ?? [{ address: remoteOf(options, '198.51.100.9'), port: options.port ?? 22 }];
  return findingEventOf(
    {
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      severity: 2,
      role: 'TARGET',
      action: {
        actionType: 'PORT_PROBE',
        portProbeAction: {
          blocked: options.blocked ?? false,
          portProbeDetails: probes.map(({ address, port = 22 }) => ({
            ...(port === null ? {} : { localPortDetails: portDetails(port) }),
            localIpDetails: { ipAddressV4: fakeWorld.privateIp },
            remoteIpDetails: remoteIpDetails(address, options.ipv6),
          })),
        },
      },
      evidence: [probes],
      threatListName: 'Example Scanners',
      title: `Unprotected ports of ${instanceIn(options)} are being probed.`,
      description: `${instanceIn(options)} has unprotected ports which hosts known for scanning are probing.`,
    },
    options,
  );
};

/** `Trojan:EC2/BlackholeTraffic`: our instance tries to reach a host whose traffic is dropped. */
export const blackholeTrafficEvent = (options: FindingOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Trojan:EC2/BlackholeTraffic',
      severity: 5,
      peer: 'a black hole',
      address: '203.0.113.66',
      list: 'Example Black Holes',
    },
    options,
  );

/** `Backdoor:EC2/XORDDOS`: our instance reaches a host of the XOR DDoS malware. Retired by AWS in 2019. */
export const xorDdosEvent = (options: FindingOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Backdoor:EC2/XORDDOS',
      severity: 8,
      peer: 'a host associated with the XOR DDoS malware',
      address: '203.0.113.67',
      list: 'Example Malware Hosts',
    },
    options,
  );

/** `Trojan:EC2/DropPoint`: our instance reaches a host that is known to hold stolen data. */
export const dropPointEvent = (options: FindingOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Trojan:EC2/DropPoint',
      severity: 5,
      peer: 'a host that is known to hold stolen data',
      address: '203.0.113.68',
      list: 'Example Drop Points',
    },
    options,
  );

/** `UnauthorizedAccess:EC2/TorIPCaller`: a Tor exit node connects to our instance. Retired by AWS in 2020. */
export const torIpCallerEvent = (options: FindingOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'UnauthorizedAccess:EC2/TorIPCaller',
      severity: 5,
      peer: 'a Tor exit node',
      address: '198.51.100.99',
      list: 'Example Tor Nodes',
    },
    { direction: 'INBOUND', ...options },
  );

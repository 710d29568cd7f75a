import type { Finding, FindingAction, LocalEnd, RemoteAddress } from '../finding.ts';
import { type HostCidr, readAddress } from './address.ts';
import { type ThreatReason, threatReasons } from './reasons.ts';
import { type Direction, type Judgement, judge, portOf, type Role, ruleOf, type ThreatOptions } from './table.ts';
import type { AddresslessThreat, AddressThreat, Threat } from './threat.ts';

/** One remote address as written, with our end that it was seen at. */
interface Sighting {
  readonly written: string;
  readonly local: LocalEnd;
}

const written = ({ ipv4, ipv6 }: RemoteAddress): string[] => [ipv4, ipv6].filter((text) => text !== undefined);

const sightingsAt = (remote: RemoteAddress, local: LocalEnd): Sighting[] =>
  written(remote).map((text) => ({ written: text, local }));

const sightingsOf = (action: FindingAction | undefined): Sighting[] => {
  switch (action?.kind) {
    case 'network-connection':
      return sightingsAt(action.remote, action.local);
    case 'port-probe':
      return action.probes.flatMap(({ remote, local }) => sightingsAt(remote, local));
    case 'aws-api-call':
    case 'kubernetes-api-call':
    case 'rds-login-attempt':
    case 'attack-sequence':
    case 'other':
      return (action.remotes ?? []).flatMap((remote) => sightingsAt(remote, {}));
    default:
      return [];
  }
};

const roleOf = ({ resourceRole }: Finding): Role =>
  resourceRole === 'TARGET' || resourceRole === 'ACTOR' ? resourceRole : 'OTHER';

const directionOf = (action: FindingAction | undefined): Direction => {
  if (action?.kind === 'network-connection') return action.direction;
  return action?.kind === 'port-probe' ? 'INBOUND' : 'UNKNOWN';
};

/** GuardDuty probes TCP ports only; of API calls and logins the protocol is not said. Passwords are guessed over TCP. */
const protocolOf = ({ type, action }: Finding): AddressThreat['protocol'] => {
  if (action?.kind === 'port-probe') return 'tcp';
  if (action?.kind !== 'network-connection') return 'any';
  if (action.protocol === 'TCP' || (action.protocol === undefined && portOf(type) !== undefined)) return 'tcp';
  return action.protocol === 'UDP' ? 'udp' : 'any';
};

/**
 * Only TCP proves its sender, by the handshake; where no protocol is named, the row knows what its type is about. What our
 * own host sends is aimed at whom it names, whatever the protocol.
 */
const canBeForged = (action: FindingAction | undefined, { spoofable, direction }: Judgement): boolean =>
  spoofable ||
  (direction !== 'egress' &&
    action?.kind === 'network-connection' &&
    action.protocol !== undefined &&
    action.protocol !== 'TCP');

const addressless = (reason: ThreatReason, escalate = true): AddresslessThreat => ({
  verdict: 'ignore',
  escalate,
  reason,
  because: threatReasons[reason],
});

/** Where a type wants nobody denied, the reason of its rule stands without an address too; else the address is missing. */
const withoutAddress = (type: string): AddresslessThreat => {
  const { deny, reason, escalate } = ruleOf(type);
  return deny === undefined ? addressless(reason, escalate) : addressless('no-address');
};

const isNamed = (local: LocalEnd): boolean => Object.keys(local).length > 0;

const sameEnd = (one: LocalEnd, other: LocalEnd): boolean =>
  one.port === other.port &&
  one.ipv4 === other.ipv4 &&
  one.ipv6 === other.ipv6 &&
  one.networkInterfaceId === other.networkInterfaceId;

const attackedPorts = (locals: readonly LocalEnd[], ownPort: number | undefined): AddressThreat['attackedPorts'] => {
  const hits = new Map<number, number>();
  // Port 0 stands for protocols without ports.
  for (const { port = ownPort } of locals) if (port) hits.set(port, (hits.get(port) ?? 0) + 1);
  return [...hits].map(([port, count]) => ({ port, hits: count })).sort((one, other) => one.port - other.port);
};

/** `extractThreats`, with what an operator switched on. */
export const threatsOf = (finding: Finding, options: ThreatOptions): Threat[] => {
  const { action } = finding;
  const direction = directionOf(action);
  const judgement = judge(finding.type, roleOf(finding), direction, options);
  const byAddress = new Map<string, { readonly host: HostCidr; readonly locals: LocalEnd[] }>();
  let unreadable = false;
  for (const { written: text, local } of sightingsOf(action)) {
    const host = readAddress(text);
    if (host === undefined) {
      unreadable = true;
      continue;
    }
    const known = byAddress.get(host.address);
    if (known) known.locals.push(local);
    else byAddress.set(host.address, { host, locals: [local] });
  }
  const threats: Threat[] = [...byAddress.values()].map(({ host, locals }) => ({
    ...judgement,
    ...host,
    protocol: protocolOf(finding),
    // The port at our end of an outbound connection is a random one, not an attacked one.
    attackedPorts: direction === 'INBOUND' ? attackedPorts(locals, portOf(finding.type)) : [],
    spoofable: canBeForged(action, judgement),
    alreadyBlocked: action !== undefined && 'blocked' in action && action.blocked,
    localEnds: locals
      .filter(isNamed)
      .filter((local, index, named) => named.findIndex((each) => sameEnd(each, local)) === index),
  }));
  if (unreadable) threats.push(addressless('address-unreadable'));
  return threats.length > 0 ? threats : [withoutAddress(finding.type)];
};

/**
 * What to do about each remote address of a finding: all of them, of both families, each once. A finding without an address
 * is one threat without address, and so is an address that cannot be read: a person must look at the latter, and at the
 * former unless the table leaves its type alone. Pure, and no gate: whether an address may be blocked at all (sample,
 * archived, own, allow-listed) is decided later.
 * @example
 * ```ts
 * import { extractThreats, parseFinding } from '@remedykit/guardduty';
 * export const handler = async (event: unknown) => {
 *   for (const threat of extractThreats(parseFinding(event))) console.log(threat.address, threat.verdict, threat.reason);
 * };
 * ```
 */
export const extractThreats = (finding: Finding): Threat[] => threatsOf(finding, {});

import * as z from 'zod/mini';
import type { FindingAction, LocalEnd, RemoteAddress } from '../finding.ts';
import { fieldsOf, flag, listOf, maybe, port, text } from './fields.ts';

// Where the addresses are: botocore service model guardduty 2017-11-28, shape Action.

const address = z.string({ error: 'an address as a string' });
const ipDetails = fieldsOf({ ipAddressV4: maybe(address), ipAddressV6: maybe(address) });
const portDetails = fieldsOf({ port: maybe(port) });
const ours = {
  localPortDetails: maybe(portDetails),
  localIpDetails: maybe(ipDetails),
  localNetworkInterface: maybe(z.string({ error: 'a string' })),
};
const withRemote = fieldsOf({ remoteIpDetails: maybe(ipDetails) });
const sourceIps = maybe(listOf(address));

const actionFields = fieldsOf({
  actionType: maybe(z.string({ error: 'a string' })),
  networkConnectionAction: maybe(
    fieldsOf({
      ...ours,
      connectionDirection: maybe(z.string({ error: 'a string' })),
      protocol: maybe(z.union([text(50), z.number()], { error: 'a protocol as a string' })),
      blocked: maybe(flag),
      remoteIpDetails: maybe(ipDetails),
      remotePortDetails: maybe(portDetails),
    }),
  ),
  portProbeAction: maybe(
    fieldsOf({
      blocked: maybe(flag),
      portProbeDetails: maybe(listOf(fieldsOf({ ...ours, remoteIpDetails: maybe(ipDetails) }))),
    }),
  ),
  awsApiCallAction: maybe(withRemote),
  kubernetesApiCallAction: maybe(fieldsOf({ remoteIpDetails: maybe(ipDetails), sourceIPs: sourceIps, sourceIps })),
  rdsLoginAttemptAction: maybe(withRemote),
  dnsRequestAction: maybe(fieldsOf({ blocked: maybe(flag) })),
  remoteIpDetails: maybe(ipDetails),
});

type ActionDocument = z.output<typeof actionFields>;
type IpDetails = z.output<typeof ipDetails>;
type Ours = z.output<z.ZodMiniObject<typeof ours>>;

const remoteOf = (details: IpDetails | null | undefined): RemoteAddress => ({
  ...(details?.ipAddressV4 ? { ipv4: details.ipAddressV4 } : {}),
  ...(details?.ipAddressV6 ? { ipv6: details.ipAddressV6 } : {}),
});

const localOf = ({ localPortDetails, localIpDetails, localNetworkInterface }: Ours): LocalEnd => ({
  ...(localPortDetails?.port == null ? {} : { port: localPortDetails.port }),
  ...remoteOf(localIpDetails),
  ...(localNetworkInterface ? { networkInterfaceId: localNetworkInterface } : {}),
});

const directionOf = (direction: string | null | undefined): 'INBOUND' | 'OUTBOUND' | 'UNKNOWN' => {
  const upper = direction?.toUpperCase();
  return upper === 'INBOUND' || upper === 'OUTBOUND' ? upper : 'UNKNOWN';
};

const protocolNames: ReadonlyMap<string, string> = new Map([
  ['1', 'ICMP'],
  ['6', 'TCP'],
  ['17', 'UDP'],
]);

const protocolOf = (protocol: string | number): string => {
  const upper = String(protocol).toUpperCase();
  return protocolNames.get(upper) ?? upper;
};

const hasAddress = ({ ipv4, ipv6 }: RemoteAddress): boolean => ipv4 !== undefined || ipv6 !== undefined;

type Reader = (action: ActionDocument) => FindingAction | undefined;

const networkConnection: Reader = ({ networkConnectionAction: seen }) =>
  seen
    ? {
        kind: 'network-connection',
        direction: directionOf(seen.connectionDirection),
        ...(seen.protocol == null ? {} : { protocol: protocolOf(seen.protocol) }),
        blocked: seen.blocked ?? false,
        local: localOf(seen),
        remote: remoteOf(seen.remoteIpDetails),
        ...(seen.remotePortDetails?.port == null ? {} : { remotePort: seen.remotePortDetails.port }),
      }
    : undefined;

const portProbe: Reader = ({ portProbeAction: seen }) =>
  seen
    ? {
        kind: 'port-probe',
        blocked: seen.blocked ?? false,
        probes: (seen.portProbeDetails ?? []).map((probe) => ({
          local: localOf(probe),
          remote: remoteOf(probe.remoteIpDetails),
        })),
      }
    : undefined;

const awsApiCall: Reader = ({ awsApiCallAction: seen }) =>
  seen ? { kind: 'aws-api-call', remotes: [remoteOf(seen.remoteIpDetails)].filter(hasAddress) } : undefined;

const rdsLoginAttempt: Reader = ({ rdsLoginAttemptAction: seen }) =>
  seen ? { kind: 'rds-login-attempt', remotes: [remoteOf(seen.remoteIpDetails)].filter(hasAddress) } : undefined;

const kubernetesApiCall: Reader = ({ kubernetesApiCallAction: seen }) => {
  if (!seen) return undefined;
  // The list mixes both families; which one an address is, is judged where addresses are read.
  const sources = [...(seen.sourceIPs ?? []), ...(seen.sourceIps ?? [])];
  const remotes = [
    remoteOf(seen.remoteIpDetails),
    ...sources.map((source) => remoteOf(source.includes(':') ? { ipAddressV6: source } : { ipAddressV4: source })),
  ];
  return { kind: 'kubernetes-api-call', remotes: remotes.filter(hasAddress) };
};

const dnsRequest: Reader = ({ dnsRequestAction: seen }) =>
  seen ? { kind: 'dns-request', blocked: seen.blocked ?? false } : undefined;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['NETWORK_CONNECTION', networkConnection],
  ['PORT_PROBE', portProbe],
  ['AWS_API_CALL', awsApiCall],
  ['KUBERNETES_API_CALL', kubernetesApiCall],
  ['RDS_LOGIN_ATTEMPT', rdsLoginAttempt],
  ['DNS_REQUEST', dnsRequest],
]);

const remotesOf = (action: FindingAction): readonly RemoteAddress[] => {
  if (action.kind === 'network-connection') return [action.remote];
  if (action.kind === 'port-probe') return action.probes.map((probe) => probe.remote);
  return 'remotes' in action ? (action.remotes ?? []) : [];
};

/**
 * What was seen. The kind is the one that `actionType` says and that is there; without `actionType` it is the only one
 * that is there. Anything else is `other`, with every address found: people see them, and nothing is blocked on them.
 */
const readAction = (action: ActionDocument): FindingAction | undefined => {
  const named = action.actionType ? readers.get(action.actionType)?.(action) : undefined;
  if (named) return named;
  const present = [...readers.values()].flatMap((read) => read(action) ?? []);
  const [only, ...more] = present;
  if (!action.actionType && only && more.length === 0) return only;
  const remotes = [...present.flatMap(remotesOf), remoteOf(action.remoteIpDetails)].filter(hasAddress);
  if (!action.actionType && remotes.length === 0) return undefined;
  return { kind: 'other', actionType: action.actionType ?? '', ...(remotes.length > 0 ? { remotes } : {}) };
};

/** The schema of `service.action`: what was seen, or undefined where the document does not say. */
export const actionSchema: z.ZodMiniType<FindingAction | undefined> = z.pipe(actionFields, z.transform(readAction));

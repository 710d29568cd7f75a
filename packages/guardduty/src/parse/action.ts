import * as z from 'zod/mini';
import type { FindingAction, LocalEnd, RemoteAddress } from '../finding.ts';
import { type FieldsOf, flag, listOf, maybe, port, text, textsOf } from './fields.ts';
import { isRecord } from './parse-error.ts';

// Where the addresses are: botocore service model guardduty 2017-11-28, shape Action.

/** An address as written. No spelling of one is longer, and what is longer costs too much to judge. */
export const address: z.ZodMiniString = z
  .string({ error: 'an address as a string' })
  .check(z.maxLength(100, { error: 'an address of at most 100 characters' }));

const anyText = z.string({ error: 'a string' });

const schemaOf = (fields: FieldsOf) => {
  const ipDetails = maybe(
    fields({ ipAddressV4: maybe(address), ipAddressV6: maybe(address), country: z.optional(z.unknown()) }),
  );
  const portDetails = maybe(fields({ port: maybe(port) }));
  const ours = { localPortDetails: portDetails, localIpDetails: ipDetails, localNetworkInterface: maybe(anyText) };
  const withRemote = maybe(fields({ remoteIpDetails: ipDetails }));
  const sourceIps = maybe(textsOf(address));
  return fields({
    actionType: maybe(anyText),
    networkConnectionAction: maybe(
      fields({
        ...ours,
        connectionDirection: maybe(anyText),
        protocol: maybe(z.union([text(50), z.number()], { error: 'a protocol as a string' })),
        blocked: maybe(flag),
        remoteIpDetails: ipDetails,
        remotePortDetails: portDetails,
      }),
    ),
    portProbeAction: maybe(
      fields({
        blocked: maybe(flag),
        portProbeDetails: maybe(listOf(fields({ ...ours, remoteIpDetails: ipDetails }))),
      }),
    ),
    awsApiCallAction: withRemote,
    kubernetesApiCallAction: maybe(fields({ remoteIpDetails: ipDetails, sourceIPs: sourceIps, sourceIps })),
    rdsLoginAttemptAction: withRemote,
    dnsRequestAction: maybe(fields({ blocked: maybe(flag) })),
    remoteIpDetails: ipDetails,
  });
};

type ActionDocument = z.output<ReturnType<typeof schemaOf>>;
type IpDetails = NonNullable<ActionDocument['remoteIpDetails']>;
type Ours = Pick<
  NonNullable<ActionDocument['networkConnectionAction']>,
  'localPortDetails' | 'localIpDetails' | 'localNetworkInterface'
>;

/** What a country's name looks like; anything else is not shown. */
const countryName = /^[\p{L}\p{M} .,'’()&-]{1,60}$/u;

/** `{ countryName }`, in PascalCase, or the name itself. */
const countryOf = (country: unknown): string | undefined => {
  const name = isRecord(country) ? (country.countryName ?? country.CountryName) : country;
  return typeof name === 'string' && countryName.test(name) ? name : undefined;
};

const addressOf = (details: Omit<IpDetails, 'country'> | null | undefined): RemoteAddress => ({
  ...(details?.ipAddressV4 ? { ipv4: details.ipAddressV4 } : {}),
  ...(details?.ipAddressV6 ? { ipv6: details.ipAddressV6 } : {}),
});

const remoteOf = (details: IpDetails | null | undefined): RemoteAddress => {
  const country = countryOf(details?.country);
  return country === undefined ? addressOf(details) : { ...addressOf(details), country };
};

/** An address of which the document does not say the family; what it is, is judged where addresses are read. */
export const remoteFrom = (written: string): RemoteAddress =>
  addressOf(written.includes(':') ? { ipAddressV6: written } : { ipAddressV4: written });

const localOf = ({ localPortDetails, localIpDetails, localNetworkInterface }: Ours): LocalEnd => ({
  ...(localPortDetails?.port == null ? {} : { port: localPortDetails.port }),
  ...addressOf(localIpDetails),
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
  const sources = [...(seen.sourceIPs ?? []), ...(seen.sourceIps ?? [])];
  const remotes = [remoteOf(seen.remoteIpDetails), ...sources.map(remoteFrom)];
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
export const actionSchema = (fields: FieldsOf): z.core.$ZodType<FindingAction | undefined> =>
  z.pipe(schemaOf(fields), z.transform(readAction));

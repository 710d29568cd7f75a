import type { Finding, FindingAction, LocalEnd, RemoteAddress } from '@remedykit/guardduty';
import type { HeldDocument } from './held-documents.ts';

const ipDetails = ({ ipv4, ipv6, country }: RemoteAddress) => ({
  ipAddressV4: ipv4,
  ipAddressV6: ipv6,
  ...(country === undefined ? {} : { country: { countryName: country } }),
});

const localEnd = ({ port, ipv4, ipv6, networkInterfaceId }: LocalEnd) => ({
  localPortDetails: { port },
  localIpDetails: ipDetails({ ...(ipv4 && { ipv4 }), ...(ipv6 && { ipv6 }) }),
  localNetworkInterface: networkInterfaceId,
});

const callers = (remotes: readonly RemoteAddress[]) => ({ remoteIpDetails: ipDetails(remotes[0] ?? {}) });

const actionOf = (action: Exclude<FindingAction, { readonly kind: 'attack-sequence' }>): HeldDocument => {
  switch (action.kind) {
    case 'network-connection': {
      const { direction, protocol, blocked, local, remote, remotePort } = action;
      const ours = { connectionDirection: direction, protocol, blocked, ...localEnd(local) };
      const far = { remoteIpDetails: ipDetails(remote), remotePortDetails: { port: remotePort } };
      return { actionType: 'NETWORK_CONNECTION', networkConnectionAction: { ...ours, ...far } };
    }
    case 'port-probe': {
      const { blocked, probes } = action;
      const portProbeDetails = probes.map(({ local, remote }) => ({
        ...localEnd(local),
        remoteIpDetails: ipDetails(remote),
      }));
      return { actionType: 'PORT_PROBE', portProbeAction: { blocked, portProbeDetails } };
    }
    case 'aws-api-call':
      return { actionType: 'AWS_API_CALL', awsApiCallAction: callers(action.remotes) };
    case 'rds-login-attempt':
      return { actionType: 'RDS_LOGIN_ATTEMPT', rdsLoginAttemptAction: callers(action.remotes) };
    case 'kubernetes-api-call': {
      const [, ...others] = action.remotes;
      const sourceIPs = others.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6].filter((one) => one !== undefined));
      return {
        actionType: 'KUBERNETES_API_CALL',
        kubernetesApiCallAction: { ...callers(action.remotes), sourceIPs },
      };
    }
    case 'dns-request':
      return { actionType: 'DNS_REQUEST', dnsRequestAction: { blocked: action.blocked } };
    case 'other':
      return { actionType: action.actionType, ...callers(action.remotes ?? []) };
  }
};

const seen = (action: FindingAction): HeldDocument => {
  if (action.kind !== 'attack-sequence') return { action: actionOf(action) };
  const endpoints = action.remotes.map(({ ipv4, ipv6 }) => ({ ip: ipv4 ?? ipv6 }));
  return { detection: { sequence: { endpoints } } };
};

/**
 * The finding as GuardDuty would hold it, where the document is only a copy that Security Hub made and GuardDuty's own is
 * not to be had: what the library read of the copy, no more.
 */
export const heldCopyOf = (finding: Finding): HeldDocument => {
  const { id, type, accountId, region, partition, severity, createdAt, updatedAt, instance, action, principal } =
    finding;
  const { detectorId, resourceRole, archived, count, eventFirstSeen, eventLastSeen, sample } = finding;
  const networkInterfaces = instance?.interfaces.map(
    ({ networkInterfaceId, subnetId, vpcId, privateIpv4, ipv6: ipv6Addresses }) => ({
      networkInterfaceId,
      subnetId,
      vpcId,
      privateIpAddresses: privateIpv4.map((privateIpAddress) => ({ privateIpAddress })),
      ipv6Addresses,
    }),
  );
  const copy = {
    ...{ id, type, accountId, region, partition, severity, createdAt, updatedAt },
    resource: {
      resourceType: finding.resourceType,
      ...(principal && {
        accessKeyDetails: {
          principalId: principal.principalId,
          userName: principal.userName,
          userType: principal.type,
        },
      }),
      ...(instance && { instanceDetails: { instanceId: instance.instanceId, networkInterfaces } }),
    },
    service: {
      ...{ detectorId, resourceRole, archived, count, eventFirstSeen, eventLastSeen },
      ...(action && seen(action)),
      additionalInfo: { value: JSON.stringify({ sample }), type: 'default' },
    },
  };
  // As JSON: what is undefined is not there.
  return JSON.parse(JSON.stringify(copy));
};

import { digestOf, uuidOf } from './digest.ts';
import { fakeWorld } from './fake-world.ts';

/** A finding in camelCase, as in the `detail` of an event. */
export interface FindingDocument {
  readonly schemaVersion: '2.0';
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly id: string;
  readonly arn: string;
  readonly type: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly service: Readonly<Record<string, unknown>>;
  readonly severity: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly title: string;
  readonly description: string;
}

/** An EventBridge event as GuardDuty emits it. */
export interface FindingEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'GuardDuty Finding';
  readonly source: 'aws.guardduty';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: FindingDocument;
}

/** What every builder lets a test say; the rest names the fake EC2's world. */
export interface FindingOptions {
  /** The remote address, for inbound evidence; IPv4 or IPv6. */
  readonly from?: string;
  /** The remote address, for outbound evidence. */
  readonly to?: string;
  /** An IPv6 address of the remote side beside an IPv4 `from` or `to`. */
  readonly ipv6?: string;
  /** Our port where we are attacked, the remote port where we connect. */
  readonly port?: number;
  /** `eventLastSeen`; now by default, for a finding must be fresh to be acted on. */
  readonly at?: Date;
  /** `eventFirstSeen`; ten minutes before `at` by default. */
  readonly firstSeen?: Date;
  /** By default a digest of what was seen, so that a later sighting of the same has the same id. */
  readonly id?: string;
  /** 0 to 10. */
  readonly severity?: number;
  readonly count?: number;
  readonly role?: 'TARGET' | 'ACTOR' | (string & {});
  readonly direction?: 'INBOUND' | 'OUTBOUND' | 'UNKNOWN' | (string & {});
  readonly protocol?: 'TCP' | 'UDP' | (string & {});
  /** True: a security group or network ACL had dropped the traffic already. */
  readonly blocked?: boolean;
  /** True: made by CreateSampleFindings. */
  readonly sample?: boolean;
  readonly archived?: boolean;
  readonly accountId?: string;
  readonly region?: string;
  readonly detectorId?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** False: the instance is gone and the finding has no instance details. */
  readonly instanceId?: string | false;
  readonly networkInterfaceId?: string;
  /** The interface that the action names; most findings name none. */
  readonly localNetworkInterface?: string;
}

/** What makes one kind of finding: the part that options do not say. */
export interface FindingKind {
  readonly type: string;
  readonly severity: number;
  readonly role: string;
  readonly action: Readonly<Record<string, unknown>>;
  /** What tells this evidence from other evidence of the type, for the finding's id. */
  readonly evidence: readonly unknown[];
  /** The free-form part of `additionalInfo`. */
  readonly additionalInfo?: Readonly<Record<string, unknown>>;
  /** GuardDuty's own threat list, where the finding comes from one. */
  readonly threatListName?: string;
  readonly title: string;
  readonly description: string;
}

const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

const privateDnsName = (region: string): string =>
  `ip-${fakeWorld.privateIp.replaceAll('.', '-')}.${region}.compute.internal`;

const instanceDetails = (options: FindingOptions, accountId: string, region: string, partition: string) => ({
  instanceId: options.instanceId || fakeWorld.instanceId,
  instanceType: 't3.small',
  instanceState: 'running',
  launchTime: '2026-10-01T08:00:00.000Z',
  availabilityZone: `${region}a`,
  imageId: 'ami-0a11ce00000000001',
  imageDescription: 'web server',
  platform: null,
  productCodes: [],
  iamInstanceProfile: {
    arn: `arn:${partition}:iam::${accountId}:instance-profile/web`,
    id: 'AIPAEXAMPLE0000000001',
  },
  networkInterfaces: [
    {
      networkInterfaceId: options.networkInterfaceId ?? fakeWorld.networkInterfaceId,
      subnetId: options.subnetId ?? fakeWorld.subnetId,
      vpcId: options.vpcId ?? fakeWorld.vpcId,
      privateDnsName: privateDnsName(region),
      privateIpAddress: fakeWorld.privateIp,
      privateIpAddresses: [{ privateDnsName: privateDnsName(region), privateIpAddress: fakeWorld.privateIp }],
      publicDnsName: `ec2-${fakeWorld.publicIp.replaceAll('.', '-')}.${region}.compute.amazonaws.com`,
      publicIp: fakeWorld.publicIp,
      ipv6Addresses: [],
      securityGroups: [{ groupId: 'sg-0a11ce00000000001', groupName: 'web' }],
    },
  ],
  tags: [{ key: 'Name', value: 'web-1' }],
});

/** The `remoteIpDetails` of an address, with the geography that GuardDuty adds. */
export const remoteIpDetails = (address: string, ipv6?: string): Readonly<Record<string, unknown>> => ({
  ...(address.includes(':') ? { ipAddressV6: address } : { ipAddressV4: address }),
  ...(ipv6 === undefined ? {} : { ipAddressV6: ipv6 }),
  country: { countryName: 'Iceland' },
  city: { cityName: 'Akureyri' },
  geoLocation: { lat: 65.68, lon: -18.1 },
  organization: { asn: '64496', asnOrg: 'Example Hosting', isp: 'Example Hosting', org: 'Example Hosting' },
});

/** The event of a finding of this kind. */
export const findingEventOf = (kind: FindingKind, options: FindingOptions): FindingEvent => {
  const accountId = options.accountId ?? fakeWorld.accountId;
  const region = options.region ?? fakeWorld.region;
  const partition = partitionOf(region);
  const detectorId = options.detectorId ?? fakeWorld.detectorId;
  const at = options.at ?? new Date();
  const lastSeen = at.toISOString();
  const firstSeen = (options.firstSeen ?? new Date(at.getTime() - 600_000)).toISOString();
  const role = options.role ?? kind.role;
  const sample = options.sample ?? false;
  const subject = options.instanceId === false ? 'none' : (options.instanceId ?? fakeWorld.instanceId);
  const id = options.id ?? digestOf(kind.type, accountId, region, subject, role, sample, kind.evidence);
  const info = { ...kind.additionalInfo, ...(sample ? { sample: true } : {}) };
  const detail: FindingDocument = {
    schemaVersion: '2.0',
    accountId,
    region,
    partition,
    id,
    arn: `arn:${partition}:guardduty:${region}:${accountId}:detector/${detectorId}/finding/${id}`,
    type: kind.type,
    resource: {
      resourceType: 'Instance',
      ...(options.instanceId === false
        ? {}
        : { instanceDetails: instanceDetails(options, accountId, region, partition) }),
    },
    service: {
      serviceName: 'guardduty',
      detectorId,
      action: kind.action,
      resourceRole: role,
      additionalInfo: { value: JSON.stringify(info), type: 'default' },
      ...(kind.threatListName === undefined
        ? {}
        : { evidence: { threatIntelligenceDetails: [{ threatListName: kind.threatListName, threatNames: [] }] } }),
      eventFirstSeen: firstSeen,
      eventLastSeen: lastSeen,
      archived: options.archived ?? false,
      count: options.count ?? 12,
    },
    severity: options.severity ?? kind.severity,
    createdAt: firstSeen,
    updatedAt: lastSeen,
    title: sample ? `[SAMPLE] ${kind.title}` : kind.title,
    description: kind.description,
  };
  return {
    version: '0',
    id: uuidOf(id, lastSeen),
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: accountId,
    time: lastSeen,
    region,
    resources: [],
    detail,
  };
};

import { digestOf } from './digest.ts';
import { eventBridgeEvent, type FindingEvent } from './event-bridge-event.ts';
import { fakeWorld } from './fake-world.ts';
import { type InstanceOptions, instanceResource, type Place, type ResourceDocument } from './resources.ts';

export type { FindingEvent } from './event-bridge-event.ts';

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

/** What every builder lets a test say. */
export interface CommonFindingOptions {
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
  /** True: made by CreateSampleFindings. */
  readonly sample?: boolean;
  readonly archived?: boolean;
  readonly accountId?: string;
  readonly region?: string;
  readonly detectorId?: string;
}

/** What every builder of network evidence about an instance lets a test say; the rest names the fake EC2's world. */
export interface FindingOptions extends CommonFindingOptions, InstanceOptions {
  /** The remote address, for inbound evidence; IPv4 or IPv6. */
  readonly from?: string;
  /** The remote address, for outbound evidence. */
  readonly to?: string;
  /** An IPv6 address of the remote side beside an IPv4 `from` or `to`. */
  readonly ipv6?: string;
  /** Our port where we are attacked, the remote port where we connect. */
  readonly port?: number;
  readonly direction?: 'INBOUND' | 'OUTBOUND' | 'UNKNOWN' | (string & {});
  readonly protocol?: 'TCP' | 'UDP' | (string & {});
  /** True: a security group or network ACL had dropped the traffic already. */
  readonly blocked?: boolean;
  /** The interface that the action names; most findings name none. */
  readonly localNetworkInterface?: string;
}

/** For builders that stand for a shape which many types share. */
export interface TypeOption {
  /** Another type of the same shape. */
  readonly type?: string;
}

/** What makes one kind of finding: the part that options do not say. */
export interface FindingKind {
  readonly type: string;
  readonly severity: number;
  /** Absent: the finding names no role. */
  readonly role?: string;
  /** Absent: the finding has no action. */
  readonly action?: Readonly<Record<string, unknown>>;
  /** What tells this evidence from other evidence of the type, for the finding's id. */
  readonly evidence: readonly unknown[];
  /** The instance that the options name, by default. */
  readonly resource?: (place: Place) => ResourceDocument;
  /** What else `service` has. */
  readonly service?: (place: Place) => Readonly<Record<string, unknown>>;
  /** The free-form part of `additionalInfo`. */
  readonly additionalInfo?: Readonly<Record<string, unknown>>;
  /** The threat list, where the finding comes from one. */
  readonly threatListName?: string;
  readonly title: string;
  readonly description: string;
}

const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

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
export const findingEventOf = (kind: FindingKind, options: CommonFindingOptions & InstanceOptions): FindingEvent => {
  const accountId = options.accountId ?? fakeWorld.accountId;
  const region = options.region ?? fakeWorld.region;
  const partition = partitionOf(region);
  const place = { accountId, region, partition };
  const detectorId = options.detectorId ?? fakeWorld.detectorId;
  const at = options.at ?? new Date();
  const lastSeen = at.toISOString();
  const firstSeen = (options.firstSeen ?? new Date(at.getTime() - 600_000)).toISOString();
  const role = options.role ?? kind.role;
  const sample = options.sample ?? false;
  const subject = options.instanceId === false ? 'none' : (options.instanceId ?? fakeWorld.instanceId);
  const id = options.id ?? digestOf(kind.type, accountId, region, subject, role, sample, kind.evidence);
  const info = { ...kind.additionalInfo, ...(sample ? { sample: true } : {}) };
  const document: FindingDocument = {
    schemaVersion: '2.0',
    ...place,
    id,
    arn: `arn:${partition}:guardduty:${region}:${accountId}:detector/${detectorId}/finding/${id}`,
    type: kind.type,
    resource: kind.resource?.(place) ?? instanceResource(options, place),
    service: {
      serviceName: 'guardduty',
      detectorId,
      ...kind.service?.(place),
      ...(kind.action === undefined ? {} : { action: kind.action }),
      ...(role === undefined ? {} : { resourceRole: role }),
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
  return eventBridgeEvent(document);
};

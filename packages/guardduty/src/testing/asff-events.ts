import { uuidOf } from './digest.ts';
import type { FindingEvent } from './event-bridge-event.ts';

/** A finding of Security Hub CSPM in AWS Security Finding Format, as far as it carries a GuardDuty finding. */
export interface AsffDocument {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly ProductArn: string;
  readonly ProductName: string;
  readonly CompanyName: string;
  readonly Region: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly Types: readonly string[];
  readonly FirstObservedAt: string;
  readonly LastObservedAt: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Severity: { readonly Product: number; readonly Label: string; readonly Normalized: number };
  readonly Title: string;
  readonly Description: string;
  readonly ProductFields: Readonly<Record<string, string>>;
  readonly Resources: readonly Readonly<Record<string, unknown>>[];
  readonly WorkflowState: 'NEW';
  readonly Workflow: { readonly Status: string };
  readonly RecordState: string;
  readonly FindingProviderFields: {
    readonly Severity: { readonly Label: string };
    readonly Types: readonly string[];
  };
  readonly Sample: boolean;
}

/** What people may have done with the finding in Security Hub. */
export interface AsffOptions {
  readonly recordState?: 'ACTIVE' | 'ARCHIVED' | (string & {});
  readonly workflowStatus?: 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED' | (string & {});
}

/** An EventBridge event of Security Hub CSPM. */
export interface SecurityHubEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Security Hub Findings - Imported';
  readonly source: 'aws.securityhub';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: { readonly findings: readonly AsffDocument[] };
}

const prefix = 'aws/guardduty/service';

type Leaf = readonly [key: string, value: string];

const flatten = (key: string, value: unknown): Leaf[] => {
  if (Array.isArray(value)) {
    if (value.length === 0) return [[key, '[]']];
    return value.flatMap((element: unknown, index) => flatten(`${key}.${index}_`, element));
  }
  if (typeof value !== 'object' || value === null) return [[key, String(value ?? '')]];
  const fields = Object.entries(value);
  return fields.length === 0 ? [[key, '']] : fields.flatMap(([name, inner]) => flatten(`${key}/${name}`, inner));
};

/** `additionalInfo.value` is JSON; Security Hub shows its fields beside it. */
const shownInfo = (info: unknown): Leaf[] => {
  if (typeof info !== 'object' || info === null || !('value' in info) || typeof info.value !== 'string') return [];
  const fields: unknown = JSON.parse(info.value);
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).flatMap(([name, value]) => flatten(`${prefix}/additionalInfo/${name}`, value));
};

const namespaces: readonly (readonly [types: RegExp, namespace: string])[] = [
  [/^Recon:/, 'TTPs/Discovery'],
  [/^Trojan:EC2\/DropPoint/, 'Effects/Data Exfiltration'],
  [/^UnauthorizedAccess:EC2\/(SSH|RDP)BruteForce/, 'TTPs/Initial Access'],
  [/^(Backdoor|CryptoCurrency|Trojan):/, 'TTPs/Command and Control'],
];

const asffTypeOf = (type: string): string => {
  const [, namespace = 'TTPs'] = namespaces.find(([types]) => types.test(type)) ?? [];
  return `${namespace}/${type.replace('/', '-')}`;
};

const labelOf = (severity: number): string => {
  if (severity >= 9) return 'CRITICAL';
  if (severity >= 7) return 'HIGH';
  return severity >= 4 ? 'MEDIUM' : 'LOW';
};

interface InstanceDetails {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly networkInterfaces: readonly {
    readonly subnetId: string;
    readonly vpcId: string;
    readonly privateIpAddress: string;
    readonly publicIp: string;
  }[];
}

const hasInstance = (resource: object): resource is { readonly instanceDetails: InstanceDetails } =>
  'instanceDetails' in resource;

const resourceOf = ({ detail }: FindingEvent): Readonly<Record<string, unknown>> => {
  const { accountId, partition, region, resource } = detail;
  if (!hasInstance(resource))
    return { Type: 'AwsAccount', Id: `AWS::::Account:${accountId}`, Partition: partition, Region: region };
  const { instanceId, instanceType, imageId, networkInterfaces } = resource.instanceDetails;
  const [first] = networkInterfaces;
  return {
    Type: 'AwsEc2Instance',
    Id: `arn:${partition}:ec2:${region}:${accountId}:instance/${instanceId}`,
    Partition: partition,
    Region: region,
    Details: {
      AwsEc2Instance: {
        Type: instanceType,
        ImageId: imageId,
        IpV4Addresses: [first?.publicIp, first?.privateIpAddress],
        VpcId: first?.vpcId,
        SubnetId: first?.subnetId,
      },
    },
  };
};

/**
 * The finding of an event as Security Hub CSPM keeps it: GuardDuty's `service` object flattened into ProductFields, and
 * ASFF's names for the rest.
 * @example
 * ```ts
 * import { asAsff, securityHubEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * const event = securityHubEvent([asAsff(sshBruteForceEvent({ from: '198.51.100.7' }))]);
 * ```
 */
export const asAsff = (event: FindingEvent, options: AsffOptions = {}): AsffDocument => {
  const { accountId, arn, createdAt, description, id, partition, region, service, severity, title, type, updatedAt } =
    event.detail;
  const ProductArn = `arn:${partition}:securityhub:${region}::product/aws/guardduty`;
  const Types = [asffTypeOf(type)];
  const fields: Leaf[] = [
    ...flatten(prefix, service),
    ...shownInfo(service.additionalInfo),
    ['aws/securityhub/FindingId', `${ProductArn}/${arn}`],
    ['aws/securityhub/ProductName', 'GuardDuty'],
    ['aws/securityhub/CompanyName', 'Amazon'],
  ];
  return {
    SchemaVersion: '2018-10-08',
    Id: arn,
    ProductArn,
    ProductName: 'GuardDuty',
    CompanyName: 'Amazon',
    Region: region,
    GeneratorId: arn.slice(0, -`/finding/${id}`.length),
    AwsAccountId: accountId,
    Types,
    FirstObservedAt: String(service.eventFirstSeen),
    LastObservedAt: String(service.eventLastSeen),
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
    Severity: { Product: severity, Label: labelOf(severity), Normalized: severity * 10 },
    Title: title,
    Description: description,
    ProductFields: Object.fromEntries(fields),
    Resources: [resourceOf(event)],
    WorkflowState: 'NEW',
    Workflow: { Status: options.workflowStatus ?? 'NEW' },
    RecordState: options.recordState ?? 'ACTIVE',
    FindingProviderFields: { Severity: { Label: labelOf(severity) }, Types },
    Sample: title.startsWith('[SAMPLE]'),
  };
};

/**
 * The EventBridge event of Security Hub CSPM with these findings; Security Hub sends one a time.
 * @param at when it was sent; the time of the first finding's last update by default
 */
export const securityHubEvent = (findings: readonly AsffDocument[], at?: Date): SecurityHubEvent => {
  const [first] = findings;
  const time = at?.toISOString() ?? first?.UpdatedAt ?? new Date().toISOString();
  return {
    version: '0',
    id: uuidOf(
      findings.map(({ Id }) => Id),
      time,
    ),
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account: first?.AwsAccountId ?? '',
    time,
    region: first?.Region ?? '',
    resources: findings.map(({ ProductArn, Id }) => `${ProductArn}/${Id}`),
    detail: { findings },
  };
};

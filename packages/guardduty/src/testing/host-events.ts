import { type CommonFindingOptions, findingEventOf, type TypeOption } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import { instanceIn } from './network-connection.ts';
import { type InstanceOptions, type Place, scannedInstanceResource, volumeArn } from './resources.ts';
import { runtimeService } from './runtime-service.ts';

/** What a builder of evidence on an instance lets a test say, where no network is part of it. */
export interface HostOptions extends CommonFindingOptions, InstanceOptions, TypeOption {}

/** What a DNS request lets a test say. */
export interface DnsRequestOptions extends HostOptions {
  /** The name that was looked up. */
  readonly domain?: string;
  readonly protocol?: 'TCP' | 'UDP' | (string & {});
  readonly blocked?: boolean;
}

/** `Backdoor:EC2/C&CActivity.B!DNS`: our instance looks up a name; no address of anybody is known. */
export const dnsRequestEvent = (options: DnsRequestOptions = {}): FindingEvent => {
  const domain = options.domain ?? 'orders.example.net';
  return findingEventOf(
    {
      type: options.type ?? 'Backdoor:EC2/C&CActivity.B!DNS',
      severity: 8,
      role: 'TARGET',
      action: {
        actionType: 'DNS_REQUEST',
        dnsRequestAction: {
          domain,
          domainWithSuffix: domain.split('.').slice(-2).join('.'),
          protocol: options.protocol ?? 'UDP',
          blocked: options.blocked ?? false,
        },
      },
      evidence: [domain],
      threatListName: 'Example Malware Hosts',
      additionalInfo: { threatListName: 'Example Malware Hosts' },
      title: `${instanceIn(options)} looks up a name from which malware takes orders.`,
      description: `${instanceIn(options)} looks up ${domain}, from which malware takes orders.`,
    },
    options,
  );
};

/** `DefenseEvasion:Runtime/FilelessExecution`: the agent saw a process; there is no action at all. */
export const runtimeProcessEvent = (options: HostOptions = {}): FindingEvent =>
  findingEventOf(
    {
      type: options.type ?? 'DefenseEvasion:Runtime/FilelessExecution',
      severity: 5,
      role: 'TARGET',
      evidence: ['/tmp/worker'],
      service: runtimeService,
      title: `A process of ${instanceIn(options)} runs from memory.`,
      description: `The process worker of ${instanceIn(options)} runs from memory, without a file on disk.`,
    },
    options,
  );

const scanDetails = (options: HostOptions, place: Place) => ({
  scanId: 'example-scan-1',
  scanStartedAt: (options.at?.getTime() ?? Date.now()) / 1000 - 120,
  scanCompletedAt: (options.at?.getTime() ?? Date.now()) / 1000 - 60,
  scanType: 'GUARDDUTY_INITIATED',
  triggerFindingId: 'e'.repeat(32),
  sources: ['Example Scanner'],
  scanDetections: {
    scannedItemCount: { totalGb: 8, files: 70_000, volumes: 1 },
    threatsDetectedItemCount: { files: 1 },
    highestSeverityThreatDetails: { severity: 'HIGH', threatName: 'EICAR-Test-File', count: 1 },
    threatDetectedByName: {
      itemCount: 1,
      uniqueThreatNameCount: 1,
      shortened: false,
      threatNames: [
        {
          name: 'EICAR-Test-File',
          severity: 'HIGH',
          itemCount: 1,
          filePaths: [{ filePath: 'tmp/worker', fileName: 'worker', volumeArn: volumeArn(place), hash: 'e3b0c442' }],
        },
      ],
    },
  },
});

/** `Execution:EC2/MaliciousFile`: a scan found malware on a volume; there is neither action nor role. */
export const malwareEvent = (options: HostOptions = {}): FindingEvent =>
  findingEventOf(
    {
      type: options.type ?? 'Execution:EC2/MaliciousFile',
      severity: 8,
      evidence: ['tmp/worker'],
      resource: (place) => scannedInstanceResource(options, place),
      service: (place) => ({ featureName: 'EbsVolumeScan', ebsVolumeScanDetails: scanDetails(options, place) }),
      title: `A file on ${instanceIn(options)} is malware.`,
      description: `A scan found one file on ${instanceIn(options)} that is malware.`,
    },
    options,
  );

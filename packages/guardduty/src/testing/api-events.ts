import {
  type CommonFindingOptions,
  type FindingKind,
  findingEventOf,
  remoteIpDetails,
  type TypeOption,
} from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import { accessKeyResource, bucketResource, clusterResource, databaseResource } from './resources.ts';

/** What a call of an API lets a test say. */
export interface ApiCallOptions extends CommonFindingOptions, TypeOption {
  /** Who called; IPv4 or IPv6. */
  readonly from?: string;
  /** An IPv6 address of the caller beside an IPv4 `from`. */
  readonly ipv6?: string;
}

interface Call extends Omit<FindingKind, 'role' | 'action' | 'evidence' | 'description'> {
  readonly action: (caller: Readonly<Record<string, unknown>>, address: string) => Readonly<Record<string, unknown>>;
}

const callEvent = ({ action, ...kind }: Call, options: ApiCallOptions): FindingEvent => {
  const from = options.from ?? '198.51.100.32';
  return findingEventOf(
    {
      ...kind,
      type: options.type ?? kind.type,
      role: 'TARGET',
      action: action(remoteIpDetails(from, options.ipv6), from),
      evidence: [from],
      description: `${kind.title} The caller is ${from}.`,
    },
    options,
  );
};

const awsApiCall =
  (api: string, serviceName: string): Call['action'] =>
  (remoteIp) => ({
    actionType: 'AWS_API_CALL',
    awsApiCallAction: { api, serviceName, callerType: 'Remote IP', remoteIpDetails: remoteIp, affectedResources: {} },
  });

/** `UnauthorizedAccess:IAMUser/MaliciousIPCaller`: somebody calls AWS with the access key of an IAM user. */
export const awsApiCallEvent = (options: ApiCallOptions = {}): FindingEvent =>
  callEvent(
    {
      type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      severity: 5,
      resource: () => accessKeyResource,
      action: awsApiCall('ListUsers', 'iam.amazonaws.com'),
      threatListName: 'Example Malware Hosts',
      additionalInfo: { threatListName: 'Example Malware Hosts' },
      title: 'The access key of alice is used from a known malicious address.',
    },
    options,
  );

/** `Discovery:S3/MaliciousIPCaller`: somebody looks into a bucket. */
export const s3ApiCallEvent = (options: ApiCallOptions = {}): FindingEvent =>
  callEvent(
    {
      type: 'Discovery:S3/MaliciousIPCaller',
      severity: 8,
      resource: bucketResource,
      action: awsApiCall('ListObjects', 's3.amazonaws.com'),
      threatListName: 'Example Malware Hosts',
      additionalInfo: { threatListName: 'Example Malware Hosts' },
      title: 'A bucket is listed from a known malicious address.',
    },
    options,
  );

/** `Discovery:Kubernetes/MaliciousIPCaller`: somebody calls the API of an EKS cluster. */
export const kubernetesApiCallEvent = (options: ApiCallOptions = {}): FindingEvent =>
  callEvent(
    {
      type: 'Discovery:Kubernetes/MaliciousIPCaller',
      severity: 5,
      resource: clusterResource,
      action: (remoteIp, address) => ({
        actionType: 'KUBERNETES_API_CALL',
        kubernetesApiCallAction: {
          requestUri: '/api/v1/namespaces/default/pods',
          verb: 'list',
          userAgent: 'kubectl/v1.34.0',
          sourceIPs: [address],
          remoteIpDetails: remoteIp,
          statusCode: 200,
          parameters: null,
        },
      }),
      threatListName: 'Example Malware Hosts',
      additionalInfo: { threatListName: 'Example Malware Hosts' },
      title: 'The API of the cluster web is called from a known malicious address.',
    },
    options,
  );

/** `CredentialAccess:RDS/MaliciousIPCaller.FailedLogin`: somebody tries to log in to a database. */
export const rdsLoginAttemptEvent = (options: ApiCallOptions = {}): FindingEvent =>
  callEvent(
    {
      type: 'CredentialAccess:RDS/MaliciousIPCaller.FailedLogin',
      severity: 5,
      resource: databaseResource,
      action: (remoteIp) => ({
        actionType: 'RDS_LOGIN_ATTEMPT',
        rdsLoginAttemptAction: {
          remoteIpDetails: remoteIp,
          loginAttributes: [
            { user: 'admin', application: 'psql', failedLoginAttempts: 40, successfulLoginAttempts: 0 },
          ],
        },
      }),
      service: () => ({ featureName: 'RdsLoginEvents' }),
      threatListName: 'Example Malware Hosts',
      additionalInfo: { threatListName: 'Example Malware Hosts' },
      title: 'A known malicious address fails to log in to the database orders-1.',
    },
    options,
  );

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

// For tests and measurements alone: a log as busy accounts have it.

/** What kind of log to write. */
export interface LogFolderOptions {
  readonly events: number;
  /** Events in a file. Default 500. */
  readonly perFile?: number;
  readonly seed?: number;
}

/** The same numbers from 0 to 1 at every run. */
const createChance = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const accounts = ['111122223333', '444455556666'];
const regions = ['eu-west-1', 'eu-west-1', 'eu-west-1', 'eu-central-1', 'us-east-1', 'ap-southeast-2'];

/** Source, name and resource of calls, the frequent ones first. */
const calls: readonly (readonly [source: string, name: string, resource?: (id: string, account: string) => string])[] =
  [
    ['ec2', 'DescribeInstances'],
    ['s3', 'GetObject', (id) => `arn:aws:s3:::data-${id.slice(0, 1)}/reports/${id}.csv`],
    [
      'kms',
      'Decrypt',
      (id, account) => `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890${id.slice(0, 2)}`,
    ],
    ['sts', 'AssumeRole', (_, account) => `arn:aws:iam::${account}:role/deploy`],
    ['logs', 'CreateLogStream'],
    ['lambda', 'GetFunction20150331v2'],
    ['dynamodb', 'DescribeTable'],
    ['s3', 'ListObjects', (id) => `arn:aws:s3:::data-${id.slice(0, 1)}`],
    ['iam', 'ListRoles'],
    ['monitoring', 'PutMetricAlarm'],
    ['lambda', 'UpdateFunctionCode20150331v2'],
    ['sts', 'GetCallerIdentity'],
    ['ec2', 'RunInstances'],
    ['iam', 'CreateAccessKey'],
    ['cloudtrail', 'StopLogging'],
    ['guardduty', 'DeleteDetector'],
    ['organizations', 'LeaveOrganization'],
    ['newservice', 'DoSomething'],
  ];

const padding =
  'Boto3/1.40.2 md/Botocore#1.40.2 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12 cfg/retry-mode#standard';

/** One event as CloudTrail writes it, of about 1.5 KB. */
const eventOf = (chance: () => number, index: number, start: number): Record<string, unknown> => {
  const account = accounts[Math.floor(chance() * accounts.length)] ?? '';
  const region = regions[Math.floor(chance() * regions.length)] ?? '';
  const [source = '', name = '', resource] = calls[Math.floor(chance() ** 2.5 * calls.length)] ?? [];
  const who = Math.floor(chance() ** 2 * 400);
  const id = index.toString(16).padStart(12, '0');
  const time = new Date(start + index * 100).toISOString().replace(/\.\d+Z$/, 'Z');
  const path =
    who % 7 === 0 ? 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig' : `team-${who % 20}/worker-${who}`;
  const roleName = path.split('/').at(-1) ?? '';
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE${who}:session-${id}`,
      arn: `arn:aws:sts::${account}:assumed-role/${roleName}/session-${id}`,
      accountId: account,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROAEXAMPLE${who}`,
          arn: `arn:aws:iam::${account}:role/${path}`,
          accountId: account,
          userName: roleName,
        },
        attributes: { creationDate: time, mfaAuthenticated: 'false' },
      },
    },
    eventTime: time,
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: `198.51.100.${who % 250}`,
    userAgent: padding,
    ...(chance() < 0.02 ? { errorCode: 'AccessDenied', errorMessage: 'User is not authorized to perform this' } : {}),
    requestParameters: {
      maxResults: 100,
      filter: { name: `name-${id}`, values: [id, padding] },
      instanceId: `i-${id}`,
    },
    responseElements: null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredOut: index,
    },
    requestID: `${id}-1111-2222-3333-444455556666`,
    eventID: `${id}-aaaa-bbbb-cccc-ddddeeeeffff`,
    readOnly: true,
    ...(resource === undefined
      ? {}
      : { resources: [{ accountId: account, type: 'AWS::Any::Resource', ARN: resource(id, account) }] }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${source}.${region}.amazonaws.com`,
    },
  };
};

/** Writes a log into a folder, gzipped, in folders as CloudTrail has them in S3. Returns how many files there are. */
export const writeLogFolder = (folder: string, { events, perFile = 500, seed = 7 }: LogFolderOptions): number => {
  const chance = createChance(seed);
  const start = Date.UTC(2026, 9, 1);
  let files = 0;
  for (let index = 0; index < events; index += perFile, files += 1) {
    const Records = Array.from({ length: Math.min(perFile, events - index) }, (_, at) =>
      eventOf(chance, index + at, start),
    );
    const day = new Date(start + index * 100).toISOString().slice(0, 10).replaceAll('-', '/');
    const into = join(folder, 'AWSLogs', accounts[files % 2] ?? '', 'CloudTrail', 'eu-west-1', day);
    mkdirSync(into, { recursive: true });
    const name = `${accounts[files % 2]}_CloudTrail_eu-west-1_${String(files).padStart(6, '0')}.json.gz`;
    writeFileSync(join(into, name), gzipSync(JSON.stringify({ Records }), { level: 1 }));
  }
  return files;
};

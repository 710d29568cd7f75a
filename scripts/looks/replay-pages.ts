import { RemediationError } from '@remedykit/core';
import {
  fullAwsAccess,
  type PolicySet,
  protectCloudTrail,
  protectGuardDuty,
  restrictRegions,
} from '@remedykit/guardrails';
import { type CloudTrailRecord, createReplay, replayHtml } from '@remedykit/guardrails/replay';

const end = Date.UTC(2026, 10, 24, 10);
const account = '111122223333';

/** The same numbers from 0 to 1 at every run. */
const createChance = (): (() => number) => {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const calls = [
  ['ec2', 'DescribeInstances'],
  ['s3', 'GetObject'],
  ['lambda', 'UpdateFunctionCode20150331v2'],
  ['guardduty', 'DeleteDetector'],
  ['cloudtrail', 'StopLogging'],
  ['sts', 'GetCallerIdentity'],
  ['newservice', 'DoSomething'],
] as const;

const record = (role: string, source: string, name: string, more: object = {}): CloudTrailRecord => ({
  eventTime: new Date(end).toISOString(),
  eventSource: `${source}.amazonaws.com`,
  eventName: name,
  eventID: 'aaaa-bbbb',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.31.0',
  recipientAccountId: account,
  userIdentity: {
    type: 'AssumedRole',
    accountId: account,
    sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${role}` }, attributes: {} },
  },
  ...more,
});

/** A month as a busy account has it. */
function* month(): Generator<CloudTrailRecord> {
  const chance = createChance();
  for (let index = 0; index < 5_000; index++) {
    const [source, name] = calls[Math.floor(chance() ** 2 * calls.length)] ?? calls[0];
    const who = Math.floor(chance() ** 2 * 60);
    const role =
      who === 5
        ? 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'
        : `platform/team-${who % 7}/deploy-${who}`;
    yield record(role, source, name, {
      eventTime: new Date(end - Math.floor(chance() * 30 * 86_400_000)).toISOString(),
      eventID: index.toString(16).padStart(32, 'a'),
      awsRegion: chance() < 0.9 ? 'eu-west-1' : 'ap-southeast-2',
      ...(chance() < 0.03 ? { errorCode: 'AccessDenied' } : {}),
    });
  }
}

const policies: PolicySet = {
  serviceControlPolicies: [
    {
      target: 'root',
      policies: [
        fullAwsAccess,
        { name: 'regions', document: restrictRegions({ allowedRegions: ['eu-west-1'] }).document },
        { name: 'security', document: protectGuardDuty().document },
        {
          name: 'trail',
          document: protectCloudTrail({ trails: [`arn:aws:cloudtrail:*:${account}:trail/organisation`] }).document,
        },
      ],
    },
  ],
};

const pageOf = (set: PolicySet, records: Iterable<CloudTrailRecord>, errors: readonly string[]): string => {
  const replay = createReplay({ policies: set, now: () => new Date(end) });
  replay.file('a.json.gz', 'read');
  for (const one of records) replay.add(one);
  for (const message of errors) replay.skip(new RemediationError({ code: 'CLOUDTRAIL_NOT_AN_EVENT', message }));
  return replayHtml(replay.report());
};

/** The page of a busy month. */
export const replayPage = (): string => pageOf(policies, month(), []);

const hostile = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=\'document.title="taken"\'>',
  '</style></script><script>document.title="taken"</script>',
  '<svg/onload=document.title="taken">',
  '<iframe src="https://example.com/"></iframe>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  'javascript:document.title="taken"',
  '\u202egnp.exe\u0000',
  'W'.repeat(300),
];

/** The page of events and policies that try to take it over. */
export const hostileReplayPage = (): string => {
  const records = hostile.flatMap((text) => [
    record(text, 'ec2', 'DescribeInstances', {
      eventID: text,
      userAgent: text,
      sourceIPAddress: text,
      awsRegion: text,
      resources: [{ ARN: `arn:aws:ec2:eu-west-1:${account}:instance/${text}` }],
    }),
    record('Admin', text, text, { eventID: text, userAgent: text }),
  ]);
  const set: PolicySet = {
    serviceControlPolicies: hostile.map((text) => ({
      target: text,
      policies: [
        fullAwsAccess,
        {
          name: text,
          document: {
            Version: '2012-10-17',
            Statement: [{ Sid: text, Effect: 'Deny', Action: 'ec2:*', Resource: '*' }],
          },
        },
      ],
    })),
  };
  return pageOf(set, records, hostile);
};

import { expect, it } from 'vitest';
import * as g from '../index.ts';
import { secondOpinion } from '../testing/second-opinion.ts';
import type { Guardrail } from './guardrail.ts';
import { prove } from './prove.ts';

const organizationId = 'o-a1b2c3d4e5';

/** Parameters beside those of the catalog's examples: defaults, one of each, all of each. */
const built: readonly (readonly [string, Guardrail])[] = [
  ['protectCloudTrail, of everything', g.protectCloudTrail()],
  [
    'protectCloudTrail, of a store',
    g.protectCloudTrail({ trails: [], eventDataStores: ['arn:aws:cloudtrail:*:*:eventdatastore/a-1'] }),
  ],
  ['denyRootUser, sessions too', g.denyRootUser()],
  ['restrictRegions, one', g.restrictRegions({ allowedRegions: ['eu-west-1'] })],
  ['protectRoles, one', g.protectRoles({ roleArns: ['arn:aws:iam::111122223333:role/deployer'] })],
  ['protectAutomationResources, defaults', g.protectAutomationResources()],
  [
    'protectAutomationResources, exact and of every kind',
    g.protectAutomationResources({
      pausedBy: ['arn:aws:iam::111122223333:role/on-call', 'arn:aws:iam::111122223333:role/duty'],
      resourceArns: [
        'arn:aws:lambda:eu-west-1:111122223333:function:blocker',
        'arn:aws:lambda:eu-west-1:111122223333:function:enforcer',
        'arn:aws:dynamodb:eu-west-1:111122223333:table/state',
        'arn:aws:dynamodb:eu-west-1:111122223333:table/archive',
        'arn:aws:sqs:eu-west-1:111122223333:findings',
        'arn:aws:sns:eu-west-1:111122223333:alerts',
        'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        'arn:aws:kms:eu-west-1:111122223333:alias/remedykit',
        'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/upkeep',
        'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/remedykit',
        'arn:aws:events:eu-west-1:111122223333:rule/findings',
        'arn:aws:events:eu-west-1:111122223333:event-bus/findings',
        'arn:aws:iam::111122223333:role/blocker',
        'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/blocker',
        'arn:aws:ses:eu-west-1:111122223333:identity/example.com',
        'arn:aws:ses:eu-west-1:111122223333:configuration-set/warnings',
        'arn:aws:s3:::audit-records',
        'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:blocker-errors',
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:webhook-a1b2c3',
        'arn:aws:ssm:eu-west-1:111122223333:parameter/remedykit/settings',
      ],
    }),
  ],
  ['protectLogArchive, defaults', g.protectLogArchive()],
  ['protectLogArchive, two exact', g.protectLogArchive({ bucketArns: ['arn:aws:s3:::logs', 'arn:aws:s3:::audit'] })],
  ['protectControlTags, several', g.protectControlTags({ tagKeys: ['remedykit:*', 'owner'] })],
  ['requireImdsv2, few hops', g.requireImdsv2({ hopLimit: 3 })],
  ['denyMetadataDowngrade, one hop', g.denyMetadataDowngrade({ hopLimit: 1 })],
  ['protectS3BlockPublicAccess, of accounts', g.protectS3BlockPublicAccess()],
  ['requireEncrypted, one', g.requireEncrypted({ services: ['efs'] })],
  ['protectKms, of everything', g.protectKms()],
  [
    'protectEventBuses, one of the first generation',
    g.protectEventBuses({ eventBusArns: ['arn:aws:events:eu-west-1:111122223333:event-bus/findings'] }),
  ],
  ['requireMfa, one', g.requireMfa({ actions: ['ec2:DisableSerialConsoleAccess'] })],
  [
    'expectedNetworks, one of each',
    g.expectedNetworks({ sourceIps: ['203.0.113.0/24'], sourceVpcs: ['vpc-0123456789abcdef0'] }),
  ],
  ['trustedResources, no strangers', g.trustedResources({ organizationId })],
  ['costCaps, purchases alone', g.costCaps({})],
  ['costCaps, instances alone', g.costCaps({ instanceTypes: ['t3.micro'], denyPurchases: false })],
  ['bedrockModelAllowList, one', g.bedrockModelAllowList({ modelIds: ['amazon.nova-*'] })],
  ['requiredTags, one', g.requiredTags({ tags: [{ key: 'owner' }] })],
  ['requiredTags, seven', g.requiredTags({ tags: 'abcdefg'.split('').map((key) => ({ key })) })],
  ['orgIdentityPerimeter, no strangers', g.orgIdentityPerimeter({ organizationId })],
  ['orgIdentityPerimeter, S3 alone', g.orgIdentityPerimeter({ organizationId, services: ['s3'] })],
  ['requireTls, S3 alone', g.requireTls({ services: ['s3'] })],
  ['confusedDeputy, no strangers', g.confusedDeputy({ organizationId })],
  [
    'trustedOidcTenants, one',
    g.trustedOidcTenants({
      denyBuiltIn: false,
      tenants: [{ issuer: 'gitlab.com', claim: 'namespace_id', values: ['4711'] }],
    }),
  ],
  ['presignedUrlMaxAge, seven days', g.presignedUrlMaxAge({ maxAgeSeconds: 604_800 })],
];

it.each(built)('%s: the cases prove it, and a second evaluator agrees', async (_, guardrail) => {
  expect(prove(guardrail)).toEqual([]);
  expect(await secondOpinion(guardrail)).toEqual([]);
});

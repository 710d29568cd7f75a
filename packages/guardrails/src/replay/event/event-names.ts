import type { Dated } from '../../data/dated.ts';

/** Events of one service whose names are no actions. */
export interface EventNames {
  /** Event → actions that the call needs, all of them. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** Event → further actions that it needs on resources that the event does not name. */
  readonly also?: Readonly<Record<string, readonly string[]>>;
  /** Event → action when the request names a version of an object. */
  readonly versioned?: Readonly<Record<string, string>>;
}

/** What is known of names in CloudTrail that differ from those in IAM. */
export interface NameTable {
  /** First part of `eventSource` → prefix of actions, where they differ. */
  readonly prefixes: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, EventNames>>;
  /** Calls that need no permission, so that no policy denies them. */
  readonly free: readonly string[];
}

const all = (action: string, ...events: string[]): Record<string, readonly string[]> =>
  Object.fromEntries(events.map((event) => [event, [action]]));

const s3: EventNames = {
  actions: {
    ...all('ListBucket', 'ListObjects', 'ListObjectsV2', 'HeadBucket'),
    ...all('ListBucketVersions', 'ListObjectVersions'),
    ...all('ListAllMyBuckets', 'ListBuckets'),
    ...all('ListBucketMultipartUploads', 'ListMultipartUploads'),
    ...all('ListMultipartUploadParts', 'ListParts'),
    ...all('GetObject', 'HeadObject', 'SelectObjectContent'),
    ...all(
      'PutObject',
      'CopyObject',
      'CreateMultipartUpload',
      'UploadPart',
      'UploadPartCopy',
      'CompleteMultipartUpload',
    ),
    ...all('PutObject', 'PostObject'),
    ...all('DeleteObject', 'DeleteObjects'),
    ...all('PutBucketTagging', 'DeleteBucketTagging'),
    ...all('PutBucketCORS', 'DeleteBucketCors'),
    ...all('GetAccelerateConfiguration', 'GetBucketAccelerateConfiguration'),
    ...all('PutAccelerateConfiguration', 'PutBucketAccelerateConfiguration'),
    ...all('GetAnalyticsConfiguration', 'GetBucketAnalyticsConfiguration', 'ListBucketAnalyticsConfigurations'),
    ...all('PutAnalyticsConfiguration', 'PutBucketAnalyticsConfiguration', 'DeleteBucketAnalyticsConfiguration'),
    ...all('GetEncryptionConfiguration', 'GetBucketEncryption'),
    ...all('PutEncryptionConfiguration', 'PutBucketEncryption', 'DeleteBucketEncryption'),
    ...all('GetInventoryConfiguration', 'GetBucketInventoryConfiguration', 'ListBucketInventoryConfigurations'),
    ...all('PutInventoryConfiguration', 'PutBucketInventoryConfiguration', 'DeleteBucketInventoryConfiguration'),
    ...all('GetLifecycleConfiguration', 'GetBucketLifecycle', 'GetBucketLifecycleConfiguration'),
    ...all(
      'PutLifecycleConfiguration',
      'PutBucketLifecycle',
      'PutBucketLifecycleConfiguration',
      'DeleteBucketLifecycle',
    ),
    ...all('GetMetricsConfiguration', 'GetBucketMetricsConfiguration', 'ListBucketMetricsConfigurations'),
    ...all('PutMetricsConfiguration', 'PutBucketMetricsConfiguration', 'DeleteBucketMetricsConfiguration'),
    ...all('GetIntelligentTieringConfiguration', 'GetBucketIntelligentTieringConfiguration'),
    ...all('GetIntelligentTieringConfiguration', 'ListBucketIntelligentTieringConfigurations'),
    ...all('PutIntelligentTieringConfiguration', 'PutBucketIntelligentTieringConfiguration'),
    ...all('PutIntelligentTieringConfiguration', 'DeleteBucketIntelligentTieringConfiguration'),
    ...all('GetReplicationConfiguration', 'GetBucketReplication'),
    ...all('PutReplicationConfiguration', 'PutBucketReplication', 'DeleteBucketReplication'),
    ...all('GetBucketNotification', 'GetBucketNotificationConfiguration'),
    ...all('PutBucketNotification', 'PutBucketNotificationConfiguration'),
    ...all('GetBucketObjectLockConfiguration', 'GetObjectLockConfiguration'),
    ...all('PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration'),
    ...all('GetBucketPublicAccessBlock', 'GetPublicAccessBlock'),
    ...all('PutBucketPublicAccessBlock', 'PutPublicAccessBlock', 'DeletePublicAccessBlock'),
    ...all('PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock'),
    ...all('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock'),
    ...all('PutBucketOwnershipControls', 'DeleteBucketOwnershipControls'),
  },
  also: { CopyObject: ['GetObject'], UploadPartCopy: ['GetObject'] },
  versioned: {
    GetObject: 'GetObjectVersion',
    DeleteObject: 'DeleteObjectVersion',
    GetObjectAcl: 'GetObjectVersionAcl',
    PutObjectAcl: 'PutObjectVersionAcl',
    GetObjectTagging: 'GetObjectVersionTagging',
    PutObjectTagging: 'PutObjectVersionTagging',
    DeleteObjectTagging: 'DeleteObjectVersionTagging',
    GetObjectAttributes: 'GetObjectVersionAttributes',
  },
};

/**
 * Where a name in CloudTrail is no name in IAM. What is neither here nor an action is reported as unmapped, and its verdict is
 * unknown wherever a statement is about single actions of the service. Not known here: actions that a call needs beside its own
 * and that CloudTrail does not log (`iam:PassRole`, tags on creation), and which actions a statement of PartiQL needs.
 */
export const eventNames: Dated<NameTable> = {
  version: 1,
  asOf: '2026-11-24',
  source:
    'Amazon S3 User Guide, "Amazon S3 CloudTrail events" and "Required permissions for Amazon S3 API operations"; Service Authorization Reference; checked against public mappings (trailscraper 0.10, iam-dataset, CloudTracker)',
  data: {
    prefixes: {
      monitoring: 'cloudwatch',
      email: 'ses',
      appstream2: 'appstream',
      'models.lex': 'lex',
      'runtime.lex': 'lex',
      'mturk-requester': 'mechanicalturk',
      'streams.dynamodb': 'dynamodb',
      tagging: 'tag',
      cloudcontrolapi: 'cloudformation',
      cloudhsmv2: 'cloudhsm',
      'servicecatalog-appregistry': 'servicecatalog',
      'application-insights': 'applicationinsights',
      'metering.marketplace': 'aws-marketplace',
      'entitlement.marketplace': 'aws-marketplace',
      'catalog.marketplace': 'aws-marketplace',
    },
    services: {
      s3,
      s3express: { actions: all('ListAllMyDirectoryBuckets', 'ListDirectoryBuckets') },
      kms: { actions: { ReEncrypt: ['ReEncryptFrom', 'ReEncryptTo'] } },
      lambda: {
        actions: { ...all('InvokeFunction', 'Invoke'), ...all('GetLayerVersion', 'GetLayerVersionByArn') },
      },
      dynamodb: { actions: { ...all('GetItem', 'TransactGetItems') } },
      sqs: {
        actions: {
          ...all('SendMessage', 'SendMessageBatch'),
          ...all('DeleteMessage', 'DeleteMessageBatch'),
          ...all('ChangeMessageVisibility', 'ChangeMessageVisibilityBatch'),
        },
      },
      sns: { actions: all('Publish', 'PublishBatch') },
      budgets: {
        actions: {
          ...all(
            'ModifyBudget',
            'CreateBudget',
            'UpdateBudget',
            'DeleteBudget',
            'CreateNotification',
            'UpdateNotification',
          ),
          ...all('ModifyBudget', 'DeleteNotification', 'CreateSubscriber', 'UpdateSubscriber', 'DeleteSubscriber'),
          ...all('ViewBudget', 'DescribeBudget', 'DescribeBudgets', 'DescribeBudgetPerformanceHistory'),
          ...all('ViewBudget', 'DescribeNotificationsForBudget', 'DescribeSubscribersForNotification'),
        },
      },
      cloudfront: { actions: { CreateDistributionWithTags: ['CreateDistribution', 'TagResource'] } },
    },
    free: ['sts:GetCallerIdentity'],
  },
};

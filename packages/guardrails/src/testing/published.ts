import type { PolicyDocument, Statement } from '../policy/document.ts';
import { policyVariable } from '../policy/variable.ts';

/** Policies in the shapes in which people publish them, written by us: what packing meets first. */
export interface PublishedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

const policy = (name: string, ...statements: readonly Statement[]): PublishedPolicy => ({
  name,
  document: { Version: '2012-10-17', Statement: statements },
});

const admins = ['arn:aws:iam::*:role/OrganizationAccountAccessRole', 'arn:aws:iam::*:role/pipeline/Deploy'];
const butAdmins = { ArnNotLike: { 'aws:PrincipalArn': admins } };

/** A collection of service control policies as one repository would hold it: many files, many hands. */
export const publishedCollections: Readonly<Record<string, readonly PublishedPolicy[]>> = {
  'region denies by NotAction, each file with a list of its own': [
    policy('deny-all-outside-eu', {
      Sid: 'DenyAllOutsideEU',
      Effect: 'Deny',
      NotAction: ['a4b:*', 'budgets:*', 'cloudfront:*', 'iam:*', 'organizations:*', 'route53:*', 'sts:*', 'support:*'],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
        ArnNotLike: { 'aws:PrincipalARN': 'arn:aws:iam::*:role/Role1AllowedToBypassThisSCP' },
      },
    }),
    policy('deny-all-outside-requested', {
      Sid: 'DenyAllOutsideRequestedRegions',
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 's3:ListAllMyBuckets', 's3:GetBucketLocation'],
      Resource: ['*'],
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
    }),
    policy('deny-storage-outside', {
      Sid: '',
      Effect: 'Deny',
      NotAction: 'iam:*',
      NotResource: 'arn:aws:s3:::public-*',
      Condition: { StringNotEqualsIfExists: { 'aws:RequestedRegion': 'eu-west-1' } },
    }),
  ],
  'one statement in every spelling: scalars and lists, cases of letters, orders': [
    policy(
      'guard-a',
      { Sid: 'A1', Effect: 'Deny', Action: 'S3:DeleteBucket', Resource: '*' },
      { Sid: 'A2', Effect: 'Deny', Action: ['s3:deleteBucketPolicy', 'S3:DELETEBUCKET'], Resource: ['*'] },
    ),
    policy('guard-b', {
      Sid: 'A1',
      Effect: 'Deny',
      Action: ['kms:ScheduleKeyDeletion', 'KMS:scheduleKeyDeletion', 'kms:Schedule*'],
      Resource: ['arn:aws:kms:*:*:key/*'],
      Condition: { arnnotlike: { 'AWS:PrincipalArn': [...admins].reverse() } },
    }),
    policy('guard-c', {
      Effect: 'Deny',
      Action: 'kms:DisableKey',
      Resource: 'arn:aws:kms:*:*:key/*',
      Condition: butAdmins,
    }),
  ],
  'merged Sids and repeated exemptions, as generators write them': [
    policy(
      'guardrails-1',
      {
        Sid: 'PreventCloudTrailModificationPreventConfigModification',
        Effect: 'Deny',
        Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'config:StopConfigurationRecorder'],
        Resource: '*',
        Condition: butAdmins,
      },
      {
        Sid: 'ProtectLogBuckets',
        Effect: 'Deny',
        Action: ['s3:DeleteBucket', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration'],
        Resource: ['arn:aws:s3:::aws-accelerator-*', 'arn:aws:s3:::logs-*'],
        Condition: butAdmins,
      },
      {
        Sid: 'ProtectTopics',
        Effect: 'Deny',
        Action: ['sns:DeleteTopic', 'sns:SetTopicAttributes', 'sns:Unsubscribe'],
        Resource: 'arn:aws:sns:*:*:aws-controltower-*',
        Condition: butAdmins,
      },
      {
        Sid: 'ProtectRoles',
        Effect: 'Deny',
        Action: ['iam:AttachRolePolicy', 'iam:DeleteRole', 'iam:UpdateAssumeRolePolicy'],
        Resource: ['arn:aws:iam::*:role/aws-controltower-*', 'arn:aws:iam::*:role/*AWSControlTower*'],
        Condition: butAdmins,
      },
    ),
    policy('guardrails-2', {
      Sid: 'ProtectQueuesAndTopics',
      Effect: 'Deny',
      Action: ['sqs:DeleteQueue', 'sns:DeleteTopic'],
      Resource: ['arn:aws:sqs:*:*:jobs', 'arn:aws:sns:*:*:jobs'],
      Condition: butAdmins,
    }),
  ],
  'exceptions by resource and by tag, of many teams': [
    policy(
      'tags',
      {
        Sid: 'DenyUnlessTeam',
        Effect: 'Deny',
        Action: 's3:*',
        NotResource: [`arn:aws:s3:::${policyVariable('aws:PrincipalTag/team')}-*`, 'arn:aws:s3:::shared/*'],
      },
      {
        Sid: 'DenyKeysUnlessTeam',
        Effect: 'Deny',
        Action: ['kms:*'],
        NotResource: 'arn:aws:kms:*:*:alias/shared',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': ['Cloud Platform', 'red'] } },
      },
      {
        Sid: 'DenyOtherTeams',
        Effect: 'Deny',
        Action: ['kms:*'],
        NotResource: 'arn:aws:kms:*:*:alias/shared',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': ['Cloud  Platform', 'blue'] } },
      },
    ),
    policy('tag-keys', {
      Sid: 'TagKeys',
      Effect: 'Deny',
      Action: 'ec2:TerminateInstances',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['red', 'blue'] }, Null: { 'aws:TagKeys': 'false' } },
    }),
  ],
  'allow lists beside denies': [
    policy('allow-services', { Sid: 'AllowList', Effect: 'Allow', Action: ['s3:*', 'sqs:*', 'ec2:T*'], Resource: '*' }),
    policy('allow-all-but', { Sid: 'AllBut', Effect: 'Allow', NotAction: ['organizations:*', 'iam:*'], Resource: '*' }),
    policy('deny-leave', { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }),
    policy('deny-root', {
      Sid: 'DenyRoot',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:root'] } },
    }),
  ],
};

import { invalidParameter } from '../../templates/invalid.ts';
import type { AccountSetting } from './setting.ts';

/** Every new volume and snapshot is encrypted, without anybody thinking of it. */
export const ebsEncryptionByDefault = (): AccountSetting => ({
  id: 'ebsEncryptionByDefault',
  per: 'region',
  calls: [{ action: 'ec2:EnableEbsEncryptionByDefault', operation: 'EC2.EnableEbsEncryptionByDefault', input: {} }],
  terraform: { ebs_encryption: { type: 'aws_ebs_encryption_by_default', arguments: { enabled: true } } },
});

/** What is shared with strangers is found. */
export const accessAnalyzer = (): AccountSetting => ({
  id: 'accessAnalyzer',
  per: 'region',
  calls: [
    {
      action: 'access-analyzer:CreateAnalyzer',
      operation: 'AccessAnalyzer.CreateAnalyzer',
      input: { analyzerName: 'remedykit-external-access', type: 'ACCOUNT' },
    },
  ],
  cloudFormation: {
    AccessAnalyzer: {
      type: 'AWS::AccessAnalyzer::Analyzer',
      properties: { AnalyzerName: 'remedykit-external-access', Type: 'ACCOUNT' },
    },
  },
  terraform: {
    external_access: {
      type: 'aws_accessanalyzer_analyzer',
      arguments: { analyzer_name: 'remedykit-external-access', type: 'ACCOUNT' },
    },
  },
  elsewhere: 'the administrator of IAM Access Analyzer, with an analyzer of the type ORGANIZATION',
});

/** Attacks are seen, and told of every 15 minutes instead of six hours. */
export const guardDutyDetector = (): AccountSetting => ({
  id: 'guardDutyDetector',
  per: 'region',
  calls: [
    {
      action: 'guardduty:CreateDetector',
      operation: 'GuardDuty.CreateDetector',
      input: { Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' },
    },
  ],
  cloudFormation: {
    GuardDutyDetector: {
      type: 'AWS::GuardDuty::Detector',
      properties: { Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' },
    },
  },
  terraform: {
    guardduty: {
      type: 'aws_guardduty_detector',
      arguments: { enable: true, finding_publishing_frequency: 'FIFTEEN_MINUTES' },
    },
  },
  elsewhere: 'the administrator of GuardDuty, which enables member accounts by itself; a detector is there only once',
});

/**
 * The configuration is recorded, by the service-linked role of AWS Config, into a bucket of the log archive. CloudFormation and
 * Terraform expect that role: it is made once in an account, by the first of the calls.
 * @param bucket Name of the bucket; its policy must let `config.amazonaws.com` write
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`
 */
export const configRecorder = (bucket: string): AccountSetting => {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw invalidParameter('configRecorder', `"${bucket}" is no name of a bucket.`);
  const role = 'role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
  const reference = (path: string): string => `$\{${path}}`;
  return {
    id: 'configRecorder',
    per: 'region',
    calls: [
      {
        action: 'iam:CreateServiceLinkedRole',
        operation: 'IAM.CreateServiceLinkedRole',
        input: { AWSServiceName: 'config.amazonaws.com' },
      },
      {
        action: 'config:PutConfigurationRecorder',
        operation: 'ConfigService.PutConfigurationRecorder',
        // The ARN of the role's account and partition belongs in roleARN.
        input: { ConfigurationRecorder: { name: 'default', recordingGroup: { allSupported: true } } },
      },
      {
        action: 'config:PutDeliveryChannel',
        operation: 'ConfigService.PutDeliveryChannel',
        input: { DeliveryChannel: { name: 'default', s3BucketName: bucket } },
      },
      {
        action: 'config:StartConfigurationRecorder',
        operation: 'ConfigService.StartConfigurationRecorder',
        input: { ConfigurationRecorderName: 'default' },
      },
    ],
    cloudFormation: {
      ConfigRecorder: {
        type: 'AWS::Config::ConfigurationRecorder',
        properties: {
          Name: 'default',
          RoleARN: {
            'Fn::Sub': `arn:${reference('AWS::Partition')}:iam::${reference('AWS::AccountId')}:${role}`,
          },
          RecordingGroup: { AllSupported: true },
        },
      },
      ConfigDelivery: {
        type: 'AWS::Config::DeliveryChannel',
        properties: { Name: 'default', S3BucketName: bucket },
      },
    },
    terraform: {
      config: {
        type: 'aws_config_configuration_recorder',
        arguments: {
          name: 'default',
          role_arn: `arn:${reference('data.aws_partition.current.partition')}:iam::${reference('data.aws_caller_identity.current.account_id')}:${role}`,
          recording_group: { all_supported: true },
        },
      },
      config_delivery: {
        type: 'aws_config_delivery_channel',
        arguments: {
          name: 'default',
          s3_bucket_name: bucket,
          depends_on: ['aws_config_configuration_recorder.config'],
        },
      },
      config_on: {
        type: 'aws_config_configuration_recorder_status',
        arguments: {
          name: reference('aws_config_configuration_recorder.config.name'),
          is_enabled: true,
          depends_on: ['aws_config_delivery_channel.config_delivery'],
        },
      },
    },
    elsewhere: 'Control Tower, for the accounts of a registered unit',
  };
};

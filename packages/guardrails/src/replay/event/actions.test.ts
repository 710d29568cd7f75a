import { describe, expect, it } from 'vitest';
import { loadActionData } from '../../actions.ts';
import { createActionFinder } from './actions.ts';
import { eventNames } from './event-names.ts';

const data = loadActionData();
const find = createActionFinder(data);

const named = (source: string, name: string, versioned = false) => {
  const found = find(source, name, versioned);
  return found.kind === 'mapped'
    ? found.actions.map(({ action, onShown }) => (onShown ? action : `${action} elsewhere`))
    : found;
};

describe('the table of names', () => {
  const exists = (action: string): boolean => data.actionsLike(action).length === 1;
  it.each(Object.entries(eventNames.data.services))(
    '%s: names actions that exist, for events that are none',
    (service, names) => {
      const { actions, also = {}, versioned = {} } = names;
      const needed = [...Object.values(actions).flat(), ...Object.values(also).flat(), ...Object.values(versioned)];
      expect(needed.filter((name) => !exists(`${service}:${name}`))).toEqual([]);
      expect(Object.keys(versioned).filter((name) => !exists(`${service}:${name}`))).toEqual([]);
      expect(Object.keys(actions).filter((name) => exists(`${service}:${name}`))).toEqual([]);
    },
  );
  it('renames sources that are no prefix, to prefixes that are', () => {
    for (const [source, prefix] of Object.entries(eventNames.data.prefixes)) {
      expect(data.services, source).toContain(prefix);
      expect(data.services, source).not.toContain(source);
    }
  });
});

describe('actions of an event', () => {
  it.each([
    ['ec2.amazonaws.com', 'DescribeInstances', ['ec2:DescribeInstances']],
    ['ec2.amazonaws.com.cn', 'RunInstances', ['ec2:RunInstances']],
    ['EC2.amazonaws.com', 'runinstances', ['ec2:RunInstances']],
    ['s3.amazonaws.com', 'ListObjects', ['s3:ListBucket']],
    ['s3.amazonaws.com', 'DeleteBucketEncryption', ['s3:PutEncryptionConfiguration']],
    ['s3.amazonaws.com', 'CopyObject', ['s3:PutObject', 's3:GetObject elsewhere']],
    ['lambda.amazonaws.com', 'CreateFunction20150331', ['lambda:CreateFunction']],
    ['lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', ['lambda:UpdateFunctionCode']],
    ['lambda.amazonaws.com', 'Invoke', ['lambda:InvokeFunction']],
    ['cloudfront.amazonaws.com', 'CreateDistribution2015_07_27', ['cloudfront:CreateDistribution']],
    ['monitoring.amazonaws.com', 'PutMetricAlarm', ['cloudwatch:PutMetricAlarm']],
    ['kms.amazonaws.com', 'ReEncrypt', ['kms:ReEncryptFrom', 'kms:ReEncryptTo']],
    ['apigateway.amazonaws.com', 'CreateRestApi', ['apigateway:POST']],
    ['apigateway.amazonaws.com', 'UpdateStage', ['apigateway:PATCH']],
    ['apigateway.amazonaws.com', 'DeleteRestApi', ['apigateway:DELETE']],
    ['apigateway.amazonaws.com', 'GetRestApis', ['apigateway:GET']],
    ['apigateway.amazonaws.com', 'PutMethod', ['apigateway:PUT']],
    ['dynamodb.amazonaws.com', 'TransactGetItems', ['dynamodb:GetItem']],
  ])('%s %s', (source, name, actions) => expect(named(source, name)).toEqual(actions));

  it('of a version of an object', () => {
    expect(named('s3.amazonaws.com', 'DeleteObject', true)).toEqual(['s3:DeleteObjectVersion']);
    expect(named('s3.amazonaws.com', 'HeadObject', true)).toEqual(['s3:GetObjectVersion']);
    expect(named('s3.amazonaws.com', 'PutBucketAcl', true)).toEqual(['s3:PutBucketAcl']);
  });
  it('are unmapped where nobody knows them, with the service where that is known', () => {
    expect(named('dynamodb.amazonaws.com', 'ExecuteStatement')).toEqual({ kind: 'unmapped', service: 'dynamodb' });
    expect(named('nowhere.amazonaws.com', 'DoIt')).toEqual({ kind: 'unmapped', service: undefined });
    for (const name of ['*', 'Get*', 'constructor', '__proto__', 'toString', ''])
      expect(named('s3.amazonaws.com', name)).toEqual({ kind: 'unmapped', service: 's3' });
    expect(named('__proto__', 'x')).toEqual({ kind: 'unmapped', service: undefined });
  });
  it('need no permission', () => {
    expect(named('sts.amazonaws.com', 'GetCallerIdentity')).toEqual({ kind: 'free' });
  });
});

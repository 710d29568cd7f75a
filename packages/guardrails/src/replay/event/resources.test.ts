import { describe, expect, it } from 'vitest';
import { loadActionData } from '../../actions.ts';
import { parseEvent } from './event.ts';
import { createResourceFinder, namesVersion, ownerOf } from './resources.ts';

const data = loadActionData();
const find = createResourceFinder(data);
const account = '111122223333';
const here = `eu-west-1:${account}`;

const event = (record: object) =>
  parseEvent({
    eventSource: 'x.amazonaws.com',
    eventName: 'X',
    eventTime: '2026-11-24T10:00:00Z',
    awsRegion: 'eu-west-1',
    recipientAccountId: account,
    ...record,
  });

/** ARNs; `?` behind those that are patterns, `maybe` before those that need not have been met. */
const met = (action: string, record: object, onShown = true) => {
  const [facts] = data.actionsLike(action);
  if (facts === undefined) throw new Error(action);
  return find(event(record), facts, onShown).map(
    ({ arn, exact, sure }) => `${sure ? '' : 'maybe '}${arn}${exact ? '' : ' ?'}`,
  );
};

describe('resources of an event', () => {
  it('are those that it lists, as far as the action takes them', () => {
    const resources = [
      { ARN: 'arn:aws:s3:::data/a/b.csv', type: 'AWS::S3::Object' },
      { ARN: 'arn:aws:s3:::data', accountId: account, type: 'AWS::S3::Bucket' },
      { ARNPrefix: 'arn:aws:s3:::data/a/', type: 'AWS::S3::Object' },
      { ARN: 'no arn' },
      null,
    ];
    expect(met('s3:GetObject', { resources })).toEqual(['arn:aws:s3:::data/a/b.csv', 'arn:aws:s3:::data/a/* ?']);
    expect(met('s3:ListBucket', { resources })).toEqual(['arn:aws:s3:::data']);
  });
  it('are those that it lists, and possibly others of the types that it does not list', () => {
    const table = `arn:aws:dynamodb:${here}:table/a`;
    const found = met('dynamodb:Query', { resources: [{ ARN: table }] });
    expect(found).toContain(table);
    expect(found).toContain(`maybe arn:aws:dynamodb:${here}:table/*/index/* ?`);
    expect(found).not.toContain(`maybe arn:aws:dynamodb:${here}:table/* ?`);
  });
  it('are none for an action that takes none', () => {
    expect(met('s3:ListAllMyBuckets', { resources: [{ ARN: 'arn:aws:s3:::data' }] })).toEqual(['*']);
  });
  it('are made of the names in its parameters, in its own account and Region', () => {
    expect(met('cloudtrail:StopLogging', { requestParameters: { name: 'org' } })).toEqual([
      `arn:aws:cloudtrail:${here}:trail/org`,
    ]);
    const arn = `arn:aws:cloudtrail:eu-central-1:${account}:trail/org`;
    expect(met('cloudtrail:StopLogging', { requestParameters: { name: arn } })).toEqual([arn]);
    const two = { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } };
    expect(met('ec2:TerminateInstances', { requestParameters: two })).toEqual([
      `arn:aws:ec2:${here}:instance/i-1`,
      `arn:aws:ec2:${here}:instance/i-2`,
    ]);
    expect(met('ec2:TerminateInstances', { requestParameters: two, awsRegion: 'cn-north-1' })[0]).toBe(
      `arn:aws-cn:ec2:cn-north-1:${account}:instance/i-1`,
    );
  });
  it('leave open what it does not name', () => {
    expect(met('cloudtrail:StopLogging', {})).toEqual([`arn:aws:cloudtrail:${here}:trail/* ?`]);
    expect(met('kms:Decrypt', { requestParameters: { keyId: 'alias/app' } })).toEqual([`arn:aws:kms:${here}:key/* ?`]);
    expect(met('iam:DeleteRole', { requestParameters: { roleName: 'deploy' } })).toEqual([
      `arn:aws:iam::${account}:role/*deploy ?`,
    ]);
    expect(met('iam:CreateRole', { requestParameters: { roleName: 'deploy', path: '/team/' } })).toEqual([
      `arn:aws:iam::${account}:role/team/deploy`,
    ]);
    expect(met('s3:GetObject', { resources: [{ ARN: 'arn:aws:s3:::b/k' }] }, false)).toContain(
      'maybe arn:aws:s3:::*/* ?',
    );
  });
  it('are sure for what is named, and possible for other types', () => {
    const found = met('ec2:RunInstances', {
      requestParameters: { instancesSet: { items: [{ imageId: 'ami-1' }] }, subnetId: 'subnet-1' },
    });
    expect(found).toContain('arn:aws:ec2:eu-west-1::image/ami-1');
    expect(found).toContain(`arn:aws:ec2:${here}:subnet/subnet-1`);
    expect(found).toContain(`maybe arn:aws:ec2:${here}:volume/* ?`);
  });
  it('are bounded, whatever the parameters', () => {
    const many = {
      requestParameters: { items: Array.from({ length: 10_000 }, (_, index) => ({ instanceId: `i-${index}` })) },
    };
    expect(met('ec2:TerminateInstances', many).length).toBeLessThanOrEqual(50);
    let deep: object = { instanceId: 'i-1' };
    for (let level = 0; level < 50; level += 1) deep = { deep };
    expect(met('ec2:TerminateInstances', { requestParameters: deep })).toEqual([`arn:aws:ec2:${here}:instance/* ?`]);
  });
});

it('ownerOf: the one account that the resources name', () => {
  const owners = (...ids: unknown[]) => ownerOf(event({ resources: ids.map((accountId) => ({ accountId })) }));
  expect([owners(account, account), owners(account, '444455556666'), owners('x'), owners()]).toEqual([
    account,
    undefined,
    undefined,
    undefined,
  ]);
});

it('namesVersion: a version in the parameters', () => {
  expect([namesVersion(event({ requestParameters: { versionId: 'x' } })), namesVersion(event({}))]).toEqual([
    true,
    false,
  ]);
});

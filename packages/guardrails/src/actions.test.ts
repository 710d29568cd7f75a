import { readFileSync, statSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadActionData } from './actions.ts';
import { makeActionData } from './testing/action-data/make.ts';

const file = new URL('../data/actions.json.br', import.meta.url);
const data = loadActionData();

describe('the stored action data', () => {
  it('is what the installed source gives (else: node scripts/action-data.ts)', { timeout: 60_000 }, async () => {
    const stored: unknown = JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(await makeActionData())));
  });
  it('is under 250 KB', () => expect(statSync(file).size).toBeLessThan(250_000));
  it('says of which day it is, and where it is from', () => {
    expect(data.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(data.source).toContain('iam-data');
  });
  it('is read once', () => expect(loadActionData()).toBe(data));
});

describe('actions', () => {
  it('are found by pattern, in any case of letters', () => {
    expect(data.actionsLike('S3:getobject').map(({ action }) => action)).toEqual(['s3:GetObject']);
    expect(data.actionsLike('cloudtrail:Stop*').map(({ action }) => action)).toContain('cloudtrail:StopLogging');
    expect(data.actionsLike('*').length).toBeGreaterThan(20_000);
    expect(data.actionsLike('s?:GetObject').map(({ action }) => action)).toEqual(['s3:GetObject']);
    expect(data.actionsLike('ec2:Termniate*')).toEqual([]);
    expect(data.actionsLike('macie:*')).toEqual([]);
    expect(data.actionsLike('__proto__')).toEqual([]);
    expect(data.actionsLike('constructor:x')).toEqual([]);
  });
  it('carry their resource types and condition keys', () => {
    const [stop] = data.actionsLike('cloudtrail:StopLogging');
    expect(stop).toMatchObject({ access: 'Write', resourceTypes: ['trail'] });
    expect(data.resourceArn('cloudtrail', 'trail')).toMatch(/:trail\//);
    const [put] = data.actionsLike('s3:PutObject');
    expect(put?.conditionKeys).toContain('s3:x-amz-server-side-encryption');
    expect(data.actionsLike('organizations:LeaveOrganization')[0]?.resourceTypes).toEqual([]);
  });
});

describe('condition keys', () => {
  it.each([
    ['aws:PrincipalArn', 'ARN'],
    ['AWS:sourceip', 'IPAddress'],
    ['aws:PrincipalTag/Team', 'String'],
    ['aws:TagKeys', 'ArrayOfString'],
    ['s3:x-amz-server-side-encryption', 'String'],
    ['s3:RequestObjectTag/env', 'String'],
    ['kms:EncryptionContext:app', 'String'],
    ['ec2:MetadataHttpPutResponseHopLimit', 'Numeric'],
    ['saml:aud', 'String'],
    ['token.actions.githubusercontent.com:sub', 'String'],
    ['oidc.example/id/1:aud', 'String'],
    ['oidc.example:', undefined],
    ['aws:PrincipalTag/', undefined],
    ['aws:PrincipalOrgIDs', undefined],
    ['s3:nosuchkey', undefined],
    ['nosuchservice:key', undefined],
  ])('%s: %s', (key, type) => expect(data.conditionKey(key)?.type).toBe(type));
});

it('resource control policies: the services that know them, S3 among them, EC2 not', () => {
  expect(data.rcpServices.has('s3')).toBe(true);
  expect(data.rcpServices.has('ec2')).toBe(false);
  expect(data.rcpServices.size).toBeGreaterThanOrEqual(62);
});

import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  ListRolesCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { createFakeIam } from './fake-iam/index.ts';
import { sdkError } from './sdk-error.ts';

const key = 'AKIAEXAMPLE000000001';
const withAna = () => {
  const iam = createFakeIam({ now: () => new Date('2026-11-24T10:00:00Z') });
  iam.addUser({ name: 'ana', keys: [{ createdAt: '2026-01-01T00:00:00Z', id: key }] });
  return iam;
};
const deactivate = new UpdateAccessKeyCommand({ UserName: 'ana', AccessKeyId: key, Status: 'Inactive' });

it('counts requests by action, by the user whom they name, and those that name nobody; set-up is not counted', async () => {
  const iam = withAna();
  await iam.send(new GetUserCommand({ UserName: 'ana' }));
  await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key }));
  await iam.send(new GetAccountSummaryCommand({}));
  await expect(iam.send(new GetUserCommand({ UserName: 'ben' }))).rejects.toThrow();
  expect(iam.calls()).toEqual({
    total: 4,
    byAction: { 'iam:GetUser': 2, 'iam:GetAccessKeyLastUsed': 1, 'iam:GetAccountSummary': 1 },
    byUser: { ana: { 'iam:GetUser': 1, 'iam:GetAccessKeyLastUsed': 1 }, ben: { 'iam:GetUser': 1 } },
    withoutUser: { 'iam:GetAccountSummary': 1 },
  });
  expect(iam.log[1]).toEqual({
    action: 'iam:GetAccessKeyLastUsed',
    operation: 'GetAccessKeyLastUsed',
    input: { AccessKeyId: key },
    user: 'ana',
  });
  iam.resetCalls();
  expect([iam.calls().total, iam.log]).toEqual([0, []]);
});

it('gives each request an id of its own', async () => {
  const iam = withAna();
  const first = await iam.send(new GetAccountSummaryCommand({}));
  const second = await iam.send(new GetAccountSummaryCommand({}));
  expect(first.$metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.any(String), attempts: 1 });
  expect(second.$metadata.requestId).not.toBe(first.$metadata.requestId);
});

it('fails before the effect, or after it with the answer lost, so often as was said', async () => {
  const iam = withAna();
  iam.failNext('UpdateAccessKey', { code: 'ServiceFailure', times: 2 });
  await expect(iam.send(deactivate)).rejects.toMatchObject(sdkError('ServiceFailureException', 500));
  await expect(iam.send(deactivate)).rejects.toMatchObject(sdkError('ServiceFailureException', 500));
  expect(iam.user('ana').keys[0]?.active).toBe(true);
  iam.failNext('UpdateAccessKey', { code: 'TimeoutError', after: 'effect' });
  await expect(iam.send(deactivate)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(iam.user('ana').keys[0]?.active).toBe(false);
  await iam.send(deactivate);
});

it('says what IAM says when it throttles', async () => {
  const iam = withAna();
  iam.failNext('GetUser', { code: 'Throttling' });
  await expect(iam.send(new GetUserCommand({ UserName: 'ana' }))).rejects.toMatchObject({
    ...sdkError('Throttling', 400),
    message: 'Rate exceeded',
  });
});

it('fails only calls with the input that was meant', async () => {
  const iam = withAna();
  iam.addUser({ name: 'ben' });
  iam.failNext('GetUser', { code: 'AccessDenied', when: (input) => input.UserName === 'ben' });
  await iam.send(new GetUserCommand({ UserName: 'ana' }));
  await expect(iam.send(new GetUserCommand({ UserName: 'ben' }))).rejects.toMatchObject(sdkError('AccessDenied', 403));
});

it('refuses to arm a fault that could never hit', () => {
  const iam = withAna();
  expect(() => iam.failNext('GetUsers', { code: 'Throttling' })).toThrow(/does not know "GetUsers"/);
  expect(() => iam.failNext('GetUser', { code: 'Throttling', times: -1 })).toThrow(/times/);
  expect(() => iam.failNext('GetUser', { code: 'Throttling', times: 1.5 })).toThrow(/times/);
});

it('lets a test do something before a call takes effect, and end the caller there', async () => {
  const iam = withAna();
  iam.before(({ operation }) => {
    if (operation === 'UpdateAccessKey') iam.removeKey('ana', key);
  });
  await expect(iam.send(deactivate)).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
  iam.before(() => {
    throw new Error('the worker is dead');
  });
  const tag = new TagUserCommand({ UserName: 'ana', Tags: [{ Key: 'a', Value: 'b' }] });
  await expect(iam.send(tag)).rejects.toThrow('the worker is dead');
  expect(iam.user('ana').tags).toEqual({});
  iam.before(undefined);
  await iam.send(tag);
  expect(iam.user('ana').tags).toEqual({ a: 'b' });
});

it('ends a call whose caller gave up, without effect', async () => {
  const iam = withAna();
  const abort = new AbortController();
  iam.before(() => new Promise(() => {}));
  const call = iam.send(deactivate, { abortSignal: abort.signal });
  abort.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await expect(iam.send(deactivate, { abortSignal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(iam.user('ana').keys[0]?.active).toBe(true);
  expect(iam.calls().total).toBe(1);
});

it('refuses a command that it does not know, and callbacks', async () => {
  const iam = withAna();
  await expect(iam.send(new ListRolesCommand({}))).rejects.toThrow(/does not answer ListRoles/);
  await expect(iam.send(deactivate, (() => undefined) as never)).rejects.toThrow(/callbacks/);
});

it('finds a command whose class was renamed', async () => {
  const iam = withAna();
  const renamed = new GetUserCommand({ UserName: 'ana' });
  Object.defineProperty(renamed, 'constructor', { value: class A {} });
  const { User } = await iam.send(renamed);
  expect(User?.UserName).toBe('ana');
});

import {
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const createdAt = '2026-01-01T00:00:00Z';
const AccessKeyId = 'AKIAAAAAAAAAAAAAAAAA';

const withAna = () => {
  let at = Date.parse('2026-11-24T10:00:00Z');
  const iam = createFakeIam({ now: () => new Date(at), report: { takesMs: 0 } });
  iam.addUser({ name: 'ana', keys: [{ createdAt, id: AccessKeyId }] });
  const update = (Status: 'Active' | 'Inactive') =>
    iam.send(new UpdateAccessKeyCommand({ UserName: 'ana', AccessKeyId, Status }));
  const status = async () =>
    (await iam.send(new ListAccessKeysCommand({ UserName: 'ana' }))).AccessKeyMetadata?.[0]?.Status;
  const pass = (ms: number): void => {
    at += ms;
  };
  return { iam, update, status, pass };
};

it('shows writes at once where nothing is said', async () => {
  const { update, status } = withAna();
  await update('Inactive');
  expect(await status()).toBe('Inactive');
});

it('shows each write only after the time that was said; writes see what is', async () => {
  const { iam, update, status, pass } = withAna();
  iam.staleReads({ forMs: 10_000 });
  await update('Inactive');
  pass(6_000);
  await update('Active');
  iam.removeKey('ana', AccessKeyId);
  expect(iam.user('ana').keys).toEqual([]);
  expect(await status()).toBe('Active');
  pass(4_000);
  expect(await status()).toBe('Inactive');
  pass(6_000);
  expect(await status()).toBeUndefined();
  await expect(update('Active')).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
});

it('shows a write only after so many reads', async () => {
  const { iam, update, status } = withAna();
  iam.staleReads({ forCalls: 2 });
  await update('Inactive');
  expect([await status(), await status(), await status()]).toEqual(['Active', 'Active', 'Inactive']);
});

it('shows nobody who has just come, and somebody who has just gone', async () => {
  const { iam, pass } = withAna();
  iam.staleReads({ forMs: 1_000 });
  await iam.send(new CreateUserCommand({ UserName: 'ben' }));
  iam.removeUser('ana');
  const names = async () => (await iam.send(new ListUsersCommand({}))).Users?.map((user) => user.UserName);
  const count = async () => (await iam.send(new GetAccountSummaryCommand({}))).SummaryMap?.Users;
  expect([await names(), await count()]).toEqual([['ana'], 1]);
  const ben = new GetUserCommand({ UserName: 'ben' });
  await expect(iam.send(ben)).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
  await expect(iam.send(new CreateUserCommand({ UserName: 'ben' }))).rejects.toMatchObject(
    sdkError('EntityAlreadyExistsException', 409),
  );
  pass(1_000);
  expect([await names(), await count()]).toEqual([['ben'], 1]);
  await iam.send(ben);
});

it('makes reports of what reads show', async () => {
  const { iam } = withAna();
  iam.staleReads({ forMs: 1_000 });
  iam.addUser({ name: 'ben' });
  await iam.send(new GenerateCredentialReportCommand({}));
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  expect(new TextDecoder().decode(Content)).not.toContain('ben');
});

it('shows everything once it is over', async () => {
  const { iam, update, status } = withAna();
  iam.staleReads({ forMs: 10_000 });
  await update('Inactive');
  iam.staleReads(false);
  expect(await status()).toBe('Inactive');
});

import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import { hours } from '@remedykit/core';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import type { ReportOptions } from './credential-report.ts';
import { createFakeIam } from './index.ts';

const start = Date.parse('2026-11-24T10:00:00.400Z');

const withReport = (report: ReportOptions = {}) => {
  let at = start;
  const iam = createFakeIam({ now: () => new Date(at), report });
  return {
    iam,
    pass: (ms: number): void => {
      at += ms;
    },
    generate: async () => (await iam.send(new GenerateCredentialReportCommand({}))).State,
    get: () => iam.send(new GetCredentialReportCommand({})),
    rows: async () => {
      const { Content } = await iam.send(new GetCredentialReportCommand({}));
      return new TextDecoder().decode(Content).split('\n').length - 2;
    },
  };
};

const notPresent = sdkError('CredentialReportNotPresentException', 410);
const notReady = sdkError('CredentialReportNotReadyException', 404);
const expired = sdkError('CredentialReportExpiredException', 410);

it('has no report until one was asked for', async () => {
  await expect(withReport().get()).rejects.toMatchObject(notPresent);
});

it('is started, in progress and complete by the clock', async () => {
  const { generate, get, pass } = withReport();
  expect(await generate()).toBe('STARTED');
  expect(await generate()).toBe('INPROGRESS');
  pass(1_999);
  await expect(get()).rejects.toMatchObject({ ...notReady, message: 'Unknown' });
  pass(1);
  expect(await generate()).toBe('COMPLETE');
  expect(await get()).toMatchObject({ ReportFormat: 'text/csv', GeneratedTime: new Date('2026-11-24T10:00:00Z') });
});

it('is complete after so many polls, whatever the clock says', async () => {
  const { generate, get } = withReport({ takesPolls: 2 });
  expect(await generate()).toBe('STARTED');
  await expect(get()).rejects.toMatchObject(notReady);
  expect(await generate()).toBe('INPROGRESS');
  expect(await generate()).toBe('COMPLETE');
  await get();
});

it('I5: shows the account as it was when the making began, for four hours', async () => {
  const { iam, generate, rows, pass } = withReport();
  iam.addUser({ name: 'ana' });
  await generate();
  iam.addUser({ name: 'ben' });
  pass(hours(4) - 1_000);
  expect(await generate()).toBe('COMPLETE');
  iam.removeUser('ana');
  expect(await rows()).toBe(1);
});

it('expires after four hours, and is made anew when asked for', async () => {
  const { iam, generate, get, rows, pass } = withReport({ takesMs: 1_000 });
  await generate();
  pass(hours(4));
  await expect(get()).rejects.toMatchObject(expired);
  iam.addUser({ name: 'ana' });
  expect(await generate()).toBe('STARTED');
  await expect(get()).rejects.toMatchObject(notReady);
  pass(1_000);
  expect(await rows()).toBe(1);
});

it('can give an old report where AWS does so', async () => {
  const { generate, get, pass } = withReport({ takesMs: 0, expiresAfterMs: hours(24) });
  await generate();
  pass(hours(23));
  expect((await get()).GeneratedTime).toEqual(new Date('2026-11-24T10:00:00Z'));
  expect(await generate()).toBe('STARTED');
});

it('gives each reader bytes of its own', async () => {
  const { generate, get } = withReport({ takesMs: 0 });
  await generate();
  (await get()).Content?.fill(0);
  expect((await get()).Content?.[0]).toBe('u'.charCodeAt(0));
});

it('fails as IAM does when it is armed to', async () => {
  const { iam, generate, get } = withReport();
  iam.failNext('GenerateCredentialReport', { code: 'LimitExceeded' });
  await expect(generate()).rejects.toMatchObject(sdkError('LimitExceededException', 409));
  for (const [code, error] of [
    ['ReportNotPresent', notPresent],
    ['ReportExpired', expired],
    ['ReportInProgress', notReady],
    ['ServiceFailure', sdkError('ServiceFailureException', 500)],
  ] as const) {
    iam.failNext('GetCredentialReport', { code });
    await expect(get()).rejects.toMatchObject(error);
  }
});

it('refuses options that say nothing or two things', () => {
  expect(() => withReport({ takesMs: 1, takesPolls: 1 })).toThrow(/not both/);
  for (const takesPolls of [-1, 0.5]) expect(() => withReport({ takesPolls })).toThrow(/takesPolls/);
});

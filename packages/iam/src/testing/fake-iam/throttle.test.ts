import {
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';
import type { ThrottleRates } from './throttle.ts';

const throttling = { ...sdkError('Throttling', 400), message: 'Rate exceeded' };

const withRates = (throttle: ThrottleRates) => {
  let at = 0;
  const iam = createFakeIam({ now: () => new Date(at), throttle });
  iam.addUser({ name: 'ana' });
  const pass = (ms: number): void => {
    at += ms;
  };
  return { iam, pass, read: () => iam.send(new GetUserCommand({ UserName: 'ana' })) };
};

it('lets a burst pass, then as many as come back', async () => {
  const { read, pass } = withRates({ read: { burst: 2, perSecond: 0.5 } });
  await read();
  await read();
  await expect(read()).rejects.toMatchObject(throttling);
  pass(1_999);
  await expect(read()).rejects.toMatchObject(throttling);
  pass(1);
  await read();
  pass(60_000);
  await read();
  await read();
  await expect(read()).rejects.toMatchObject(throttling);
});

it('counts families apart, and throttles only those that are named', async () => {
  const none = { burst: 0, perSecond: 0 };
  const { iam, read } = withRates({ read: none, account: none, report: none });
  const write = new TagUserCommand({ UserName: 'ana', Tags: [] });
  await iam.send(write);
  await expect(read()).rejects.toMatchObject(throttling);
  await expect(iam.send(new GetAccountSummaryCommand({}))).rejects.toMatchObject(throttling);
  await expect(iam.send(new GenerateCredentialReportCommand({}))).rejects.toMatchObject(throttling);
  const writes = withRates({ write: none });
  await writes.read();
  await writes.iam.send(new GetAccountSummaryCommand({}));
  await expect(writes.iam.send(write)).rejects.toMatchObject(throttling);
});

it('has no effect and counts when it throttles', async () => {
  const { iam } = withRates({ write: { burst: 0, perSecond: 0 } });
  const tag = new TagUserCommand({ UserName: 'ana', Tags: [{ Key: 'a', Value: 'b' }] });
  await expect(iam.send(tag)).rejects.toMatchObject(throttling);
  expect([iam.user('ana').tags, iam.calls().byAction]).toEqual([{}, { 'iam:TagUser': 1 }]);
});

it('refuses rates that make no sense', () => {
  expect(() => createFakeIam({ throttle: { read: { burst: -1, perSecond: 1 } } })).toThrow(/burst/);
  expect(() => createFakeIam({ throttle: { read: { burst: 1, perSecond: Number.NaN } } })).toThrow(/perSecond/);
});

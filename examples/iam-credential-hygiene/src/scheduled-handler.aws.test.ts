import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  GetCredentialReportCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { days } from '@remedykit/core';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import { createTestClock } from '@remedykit/core/testing';
import { createFakeMailer } from '@remedykit/iam/testing';
import { createSesNotifier } from '@remedykit/notify/ses';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandler as createMailEventHandler } from './mail-event-handler.ts';
import type { Parts } from './parts.ts';
import { createHandler as createPlanHandler } from './plan-handler.ts';
import { createHandler } from './scheduled-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';

// IAM and DynamoDB are the emulator's, over HTTP. It cannot date back, so the clock of the handler goes ahead instead: what
// was created today is as old as the clock has gone. SES is another server, for the emulator serves no GetAccount.

const { default: startSes } = createRequire(import.meta.url)('aws-ses-v2-local') as typeof import('aws-ses-v2-local');

const accountId = '123456789012';
const tableName = `remedykit-iam-${Date.now()}`;
const moto = new IAMClient();
const dynamo = new DynamoDBClient();
const clock = createTestClock(new Date());
let server: Server;
let ses: SESv2Client;

/** The emulator, but that its report is of now: it says of each report that it was made in February 2015. */
const iam = {
  send: async (command: Parameters<IAMClient['send']>[0]) => {
    const answer = await moto.send(command);
    return command instanceof GetCredentialReportCommand ? { ...answer, GeneratedTime: clock.now() } : answer;
  },
} as Pick<IAMClient, 'send'>;

const addUser = async (UserName: string, { password = false, keys = 0 }): Promise<string[]> => {
  const Tags = [{ Key: 'email', Value: `${UserName}@example.com` }];
  await moto.send(new CreateUserCommand({ UserName, Path: '/people/', Tags }));
  if (password) await moto.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-horse-8' }));
  const ids: string[] = [];
  for (let at = 0; at < keys; at += 1) {
    const { AccessKey } = await moto.send(new CreateAccessKeyCommand({ UserName }));
    ids.push(AccessKey?.AccessKeyId ?? '');
  }
  return ids;
};

const enrolMfa = async (UserName: string): Promise<string> => {
  const made = await moto.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const SerialNumber = made.VirtualMFADevice?.SerialNumber ?? '';
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  await moto.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  return SerialNumber;
};

const mailed = async (): Promise<string[]> => {
  const { port } = server.address() as AddressInfo;
  const answer = (await (await fetch(`http://127.0.0.1:${port}/store`)).json()) as {
    readonly emails: readonly { readonly destination: { readonly to: readonly string[] }; readonly subject: string }[];
  };
  return answer.emails.map(({ destination, subject }) => `${destination.to}: ${subject}`);
};

beforeAll(async () => {
  const quota = { Max24HourSend: 50_000, MaxSendRate: 100, SentLast24Hours: 0 };
  process.env.AWS_SES_ACCOUNT = JSON.stringify({
    DedicatedIpAutoWarmupEnabled: false,
    Details: {
      AdditionalContactEmailAddresses: [],
      ContactLanguage: 'EN',
      MailType: 'TRANSACTIONAL',
      ReviewDetails: { CaseId: '1', Status: 'GRANTED' },
      UseCaseDescription: '',
      WebsiteURL: '',
    },
    EnforcementStatus: 'HEALTHY',
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    SendQuota: quota,
    SuppressionAttributes: { SuppressedReasons: [] },
  });
  server = await startSes({ host: '127.0.0.1', port: 0 });
  ses = new SESv2Client({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await dynamo.send(new CreateTableCommand({ TableName: tableName, ...tableSchema }));
});

afterAll(async () => {
  delete process.env.AWS_SES_ACCOUNT;
  for (const client of [moto, dynamo, ses]) client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('finds and mails the owners of old keys and of passwords without MFA over HTTP, each stage once', async () => {
  await addUser('old-key', { keys: 1 });
  const [, inactive = ''] = await addUser('two-keys', { keys: 2 });
  await moto.send(new UpdateAccessKeyCommand({ UserName: 'two-keys', AccessKeyId: inactive, Status: 'Inactive' }));
  await addUser('no-mfa', { password: true });
  await addUser('with-mfa', { password: true });
  const serial = await enrolMfa('with-mfa');
  await addUser('nothing', {});

  const test = createTestParts();
  const { mailFrom: from, configurationSet } = testSettings;
  const sesNotifier = createSesNotifier({ client: ses, from, configurationSet, now: clock.now });
  /** What SES will tell of the mails that it took. */
  const events: object[] = [];
  const mailer: Parts['mailer'] = {
    ...sesNotifier,
    notify: async (message, options) => {
      const delivery = await sesNotifier.notify(message, options);
      if (delivery.status !== 'delivered' || message === undefined) return delivery;
      const mail = { messageId: delivery.messageId ?? '', to: message.recipient ?? '', at: clock.now(), message };
      events.push(createFakeMailer({ now: clock.now }).eventOf(mail, 'Delivered'));
      return delivery;
    },
  };
  const parts: Parts = {
    ...test.parts,
    iam,
    store: createDynamoDbStore({ client: dynamo, tableName }),
    mailer,
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  };
  const settings = { ...testSettings, accounts: [accountId], rolloutDate: clock.now() };
  const onSchedule = createHandler(settings, parts);
  const onMailEvent = createMailEventHandler(settings, parts);
  const handler: typeof onSchedule = async (...call) => {
    await onSchedule(...call);
    for (const event of events.splice(0)) expect(await onMailEvent(event)).toMatchObject({ status: 'recorded' });
  };
  const recipients = async (): Promise<string[]> =>
    (await mailed()).map((line) => line.replace(/@example\.com: .*/, '')).sort();

  // Four days before the end of the grace: no key is old.
  clock.advance(days(10));
  await handler({}, context);
  expect(await recipients()).toEqual(['no-mfa']);

  clock.advance(days(71));
  const plan = await createPlanHandler(settings, parts)({ days: 30 }, context);
  expect(plan.accounts[0]).toMatchObject({ accountId, users: 5 });
  expect(plan.accounts[0]).not.toHaveProperty('error');
  await handler({}, context);
  expect((await recipients()).filter((name) => name.endsWith('key') || name.endsWith('keys'))).toEqual([
    'old-key',
    'two-keys',
  ]);
  const sofar = await mailed();
  expect(sofar.join('\n')).not.toContain(inactive.slice(-4));

  await handler({}, context);
  expect(await mailed()).toEqual(sofar);

  // Without MFA again, who had it: found by the next run.
  await moto.send(new DeactivateMFADeviceCommand({ UserName: 'with-mfa', SerialNumber: serial }));
  clock.advance(days(1));
  await handler({}, context);
  clock.advance(days(5));
  await handler({}, context);
  expect(await recipients()).toContain('with-mfa');
  expect(await recipients()).not.toContain('nothing');
});

it('I19: believes no report of 2015, as the emulator dates it: nobody is mailed, and the team is told', async () => {
  await addUser('unlucky', { keys: 1 });
  const { parts, mailer, messages } = createTestParts();
  clock.advance(days(85));
  const call = createHandler({ ...testSettings, accounts: [accountId] }, { ...parts, iam: moto, now: clock.now });
  await expect(call({}, context)).rejects.toMatchObject({ code: 'INCOMPLETE' });
  expect(mailer.mails).toEqual([]);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({ severity: 'high', undone: true });
});

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { days } from '@remedykit/core';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import { createTestClock } from '@remedykit/core/testing';
import { type CredentialRun, mfaPolicies } from '@remedykit/iam';
import { createFakeMailer } from '@remedykit/iam/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandler as createMailEventHandler } from './mail-event-handler.ts';
import type { Parts } from './parts.ts';
import { createHandler as createResolveHandler } from './resolve-handler.ts';
import { createHandler as createRestoreHandler } from './restore-handler.ts';
import { createHandler } from './scheduled-handler.ts';
import { actingSettings } from './testing/play-days.ts';
import { context, createTestParts } from './testing/test-parts.ts';

// IAM and DynamoDB are the emulator's, over HTTP. It cannot date back, so the clock of the handlers goes ahead instead: what
// was created today is as old as the clock has gone.

const accountId = '123456789012';
const tableName = `remedykit-iam-acting-${Date.now()}`;
const moto = new IAMClient();
const dynamo = new DynamoDBClient();
const clock = createTestClock(new Date());
const { enrolment, hold } = mfaPolicies({ accountId });

/** The emulator, but that its report is of now: it says of each report that it was made in February 2015. */
const iam = {
  send: async (command: Parameters<IAMClient['send']>[0]) => {
    const answer = await moto.send(command);
    return command instanceof GetCredentialReportCommand ? { ...answer, GeneratedTime: clock.now() } : answer;
  },
} as Pick<IAMClient, 'send'>;

const addUser = async (UserName: string): Promise<void> => {
  const Tags = [{ Key: 'email', Value: `${UserName}@example.com` }];
  await moto.send(new CreateUserCommand({ UserName, Path: '/people/', Tags }));
};

const enrolMfa = async (UserName: string): Promise<void> => {
  const made = await moto.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const SerialNumber = made.VirtualMFADevice?.SerialNumber ?? '';
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  await moto.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
};

/** What IAM says of a user: whether keys are active, and which of the two policies are attached. */
const stateOf = async (UserName: string): Promise<string[]> => {
  const { AccessKeyMetadata = [] } = await moto.send(new ListAccessKeysCommand({ UserName }));
  const { AttachedPolicies = [] } = await moto.send(new ListAttachedUserPoliciesCommand({ UserName }));
  return [
    ...AccessKeyMetadata.map(({ Status }) => `key ${Status}`),
    ...AttachedPolicies.map(({ PolicyArn }) => PolicyArn ?? ''),
  ];
};

beforeAll(async () => {
  await dynamo.send(new CreateTableCommand({ TableName: tableName, ...tableSchema }));
});

afterAll(() => {
  for (const client of [moto, dynamo]) client.destroy();
});

it('acts over HTTP on whose time is up, answers, and undoes it all', async () => {
  for (const { name, path, document } of [enrolment, hold])
    await moto.send(
      new CreatePolicyCommand({ PolicyName: name, Path: path, PolicyDocument: JSON.stringify(document, null, 2) }),
    );
  await addUser('old-key');
  await moto.send(new CreateAccessKeyCommand({ UserName: 'old-key' }));
  // The emulator knows of no sign-in, and who never signed in is put on hold.
  for (const name of ['no-mfa', 'asked-for']) {
    await addUser(name);
    await moto.send(new CreateLoginProfileCommand({ UserName: name, Password: 'Correct-horse-8' }));
  }

  const test = createTestParts();
  const mailer = createFakeMailer({ now: clock.now });
  const runs: CredentialRun[] = [];
  const parts: Parts = {
    ...test.parts,
    iam,
    store: createDynamoDbStore({ client: dynamo, tableName }),
    mailer,
    onRun: (run) => void runs.push(run),
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  };
  const settings = { ...actingSettings, accounts: [accountId], rolloutDate: clock.now() };
  const onSchedule = createHandler(settings, parts);
  const onMailEvent = createMailEventHandler(settings, parts);
  let heard = 0;
  const morning = async (): Promise<void> => {
    clock.advance(days(1));
    await onSchedule({}, context);
    for (const mail of mailer.mails.slice(heard)) await onMailEvent(mailer.eventOf(mail, 'Delivered'));
    heard = mailer.mails.length;
  };

  // The grace of 14 days begins with the first look, so that all that is due is due on one day.
  clock.advance(days(75));
  for (let day = 76; day < 90; day += 1) await morning();
  expect([...new Set(mailer.mails.map(({ to }) => to))].sort()).toEqual(
    ['asked-for', 'no-mfa', 'old-key'].map((name) => `${name}@example.com`),
  );
  expect(await stateOf('old-key')).toEqual(['key Active']);
  expect(await stateOf('no-mfa')).toEqual([]);

  await morning();
  const { runId = '' } = runs.at(-1) ?? {};
  expect(await stateOf('old-key')).toEqual(['key Inactive']);
  expect(await stateOf('no-mfa')).toEqual([hold.arn]);
  expect(await stateOf('asked-for')).toEqual([hold.arn]);

  const resolve = createResolveHandler(settings, parts);
  const who = { requestedBy: 'a.smith', reason: 'called back, INC-13' };
  const subject = `arn:aws:iam::${accountId}:user/people/asked-for`;
  const until = new Date(clock.now().getTime() + days(2)).toISOString();
  await resolve({ subject, decision: 'confirm', until, ...who }, context);
  expect(await stateOf('asked-for')).toEqual([enrolment.arn]);
  await enrolMfa('asked-for');
  await morning();
  expect(await stateOf('asked-for')).toEqual([]);
  // Whoever is not concerned stays as they were.
  expect(await stateOf('no-mfa')).toEqual([hold.arn]);

  const restore = createRestoreHandler(settings, parts);
  const exemptUntil = new Date(clock.now().getTime() + days(30)).toISOString();
  const restored = await restore({ runId, exemptUntil, ...who }, context);
  expect(await stateOf('old-key')).toEqual(['key Active']);
  expect(await stateOf('no-mfa')).toEqual([]);
  const reasons = restored.accounts.flatMap(({ steps }) =>
    steps.map(({ reason, entry: { subject: of } }) => `${of.userName} ${reason}`),
  );
  expect(reasons.sort()).toEqual(['asked-for changed-since', 'no-mfa restored', 'old-key restored']);

  await morning();
  expect(await stateOf('old-key')).toEqual(['key Active']);
  expect(await stateOf('no-mfa')).toEqual([]);
});

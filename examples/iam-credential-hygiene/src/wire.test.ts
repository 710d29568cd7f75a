import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import { createSesNotifier } from '@remedykit/notify/ses';
import dynalite from 'dynalite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandler } from './scheduled-handler.ts';
import { context, createTestParts, daysBefore, testSettings } from './testing/test-parts.ts';

// A CommonJS module whose default export is wrapped once more by some loaders.
const { default: startSes } = createRequire(import.meta.url)('aws-ses-v2-local') as typeof import('aws-ses-v2-local');

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const account = {
  DedicatedIpAutoWarmupEnabled: false,
  Details: {
    AdditionalContactEmailAddresses: [],
    ContactLanguage: 'EN',
    MailType: 'TRANSACTIONAL',
    ReviewDetails: { CaseId: '1', Status: 'GRANTED' },
    UseCaseDescription: '',
    WebsiteURL: '',
  },
  SuppressionAttributes: { SuppressedReasons: [] },
  EnforcementStatus: 'HEALTHY',
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  SendQuota: { Max24HourSend: 50_000, MaxSendRate: 100, SentLast24Hours: 0 },
};

let sesServer: Server;
let dynamoServer: ReturnType<typeof dynalite>;
let ses: SESv2Client;
let dynamo: DynamoDBClient;
let sesUrl = '';
/** What was sent to SES, in its own words. */
const sent: { readonly EmailTags?: unknown; readonly ConfigurationSetName?: unknown }[] = [];

beforeAll(async () => {
  process.env.AWS_SES_ACCOUNT = JSON.stringify(account);
  sesServer = await startSes({ host: '127.0.0.1', port: 0 });
  sesUrl = `http://127.0.0.1:${(sesServer.address() as AddressInfo).port}`;
  ses = new SESv2Client({ region: 'eu-west-1', endpoint: sesUrl, credentials });
  ses.middlewareStack.add(
    (next) => (args) => {
      const { body } = args.request as { readonly body?: unknown };
      const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
      if (typeof text === 'string' && text !== '') sent.push(JSON.parse(text));
      return next(args);
    },
    { step: 'finalizeRequest', name: 'keepWhatIsSent' },
  );
  dynamoServer = dynalite({ createTableMs: 0 });
  dynamoServer.listen(0, '127.0.0.1');
  await once(dynamoServer, 'listening');
  const endpoint = `http://127.0.0.1:${(dynamoServer.address() as AddressInfo).port}`;
  dynamo = new DynamoDBClient({ region: 'eu-west-1', endpoint, credentials });
  await dynamo.send(new CreateTableCommand({ TableName: testSettings.tableName, ...tableSchema }));
  const isActive = async () =>
    (await dynamo.send(new DescribeTableCommand({ TableName: testSettings.tableName }))).Table?.TableStatus ===
    'ACTIVE';
  while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, 10));
});

afterAll(async () => {
  delete process.env.AWS_SES_ACCOUNT;
  ses.destroy();
  dynamo.destroy();
  sesServer.closeAllConnections();
  await new Promise((resolve) => sesServer.close(resolve));
  await new Promise((resolve) => dynamoServer.close(resolve));
});

interface StoredMail {
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string; readonly html: string };
}

const stored = async (): Promise<readonly StoredMail[]> =>
  ((await (await fetch(`${sesUrl}/store`)).json()) as { readonly emails: readonly StoredMail[] }).emails;

it('over the wire: a warning arrives once, with text, HTML and two tags, and the table remembers it', async () => {
  const { parts, iam, messages, clock } = createTestParts();
  iam.addUser({
    name: 'alice',
    keys: [{ createdAt: daysBefore(84) }],
    tags: { email: 'alice@example.com' },
  });
  const { mailFrom: from, configurationSet, tableName } = testSettings;
  const wired = () => ({
    ...parts,
    store: createDynamoDbStore({ client: dynamo, tableName }),
    mailer: createSesNotifier({ client: ses, from, configurationSet, now: clock.now }),
  });
  await createHandler(testSettings, wired())({}, context);
  const mails = await stored();
  const id = iam.user('alice').keys[0]?.id ?? '';
  expect(mails).toMatchObject([
    { destination: { to: ['alice@example.com'] }, subject: expect.stringContaining(id.slice(-4)) },
  ]);
  for (const part of [mails[0]?.body.text, mails[0]?.body.html]) {
    expect(part).toContain('alice');
    expect(part).toContain('December 2026');
    // The whole id is not needed to find the key, and mails are forwarded.
    expect(part).not.toContain(id);
  }
  expect(mails[0]?.body.html).toMatch(/<html/i);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    ConfigurationSetName: 'remedykit',
    EmailTags: [
      { Name: 'remedykit-key', Value: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { Name: 'remedykit-account', Value: '111122223333' },
    ],
  });
  expect(messages).toHaveLength(1);

  // Another function, which knows nothing but the table.
  await createHandler(testSettings, wired())({}, context);
  expect(await stored()).toHaveLength(1);
  expect(messages).toHaveLength(1);
});

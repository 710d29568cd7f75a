import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sampleMessages } from '../testing/sample-messages.ts';
import { createSesNotifier } from './notifier.ts';
import { renderMail } from './render.ts';

// A CommonJS module whose default export is wrapped once more by some loaders.
const { default: startSes } = createRequire(import.meta.url)('aws-ses-v2-local') as typeof import('aws-ses-v2-local');

/** A mail as aws-ses-v2-local keeps it. */
interface StoredMail {
  readonly messageId: string;
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string; readonly html: string };
}

let server: Server;
let origin = '';
let client: SESv2Client;

beforeAll(async () => {
  server = await startSes({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new SESv2Client({
    region: 'eu-west-1',
    endpoint: origin,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

afterEach(() => fetch(`${origin}/clear-store`, { method: 'POST' }));

afterAll(async () => {
  client.destroy();
  delete process.env.AWS_SES_ACCOUNT;
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

const stored = async (): Promise<readonly StoredMail[]> => {
  const { emails } = (await (await fetch(`${origin}/store`)).json()) as { emails: StoredMail[] };
  return emails;
};

const account = (changes: object): void => {
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
    SendQuota: { Max24HourSend: 50_000, MaxSendRate: 100, SentLast24Hours: 0 },
    SuppressionAttributes: { SuppressedReasons: [] },
    ...changes,
  });
};

const sesFor = () =>
  createSesNotifier({ client, from: 'security@example.com', to: 'soc@example.com', replyTo: 'help@example.com' });

describe('over the wire', () => {
  it.each(Object.entries(sampleMessages))('N24: %s arrives whole, text and HTML', async (_name, message) => {
    const delivery = await sesFor().notify(message);
    const [mail] = await stored();
    expect(delivery).toEqual({ status: 'delivered', channel: 'ses', messageId: mail?.messageId });
    const { subject, text, html } = renderMail(message);
    expect(mail).toMatchObject({
      from: 'security@example.com',
      replyTo: ['help@example.com'],
      destination: { to: [message.recipient ?? 'soc@example.com'] },
      subject,
      body: { text, html },
    });
  });

  it('N24: a bulk request delivers every mail as the single one would, templates in the text untouched', async () => {
    account({});
    const messages = Object.values(sampleMessages);
    const deliveries = await sesFor().notifyAll(messages);
    expect(deliveries.map(({ status }) => status)).toEqual(messages.map(() => 'delivered'));
    const mails = await stored();
    expect(mails.map(({ subject, body }) => ({ subject, ...body }))).toEqual(
      messages.map((message) => renderMail(message)),
    );
  });

  it('reads the account', async () => {
    account({ ProductionAccessEnabled: false });
    await expect(sesFor().preflight()).rejects.toMatchObject({ code: 'SES_SANDBOX' });
    account({});
    await expect(sesFor().preflight()).resolves.toBeUndefined();
  });

  it('N1: a server that is not there is a network failure, not a success', async () => {
    const dead = new SESv2Client({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    const ses = createSesNotifier({ client: dead, from: 'security@example.com', to: 'soc@example.com', attempts: 1 });
    expect(await ses.notify(sampleMessages.blocked)).toMatchObject({ status: 'deferred' });
    dead.destroy();
  });
});

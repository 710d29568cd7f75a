import type { SNSClient } from '@aws-sdk/client-sns';
import { createMemoryStore, type Notifier } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createChatbotNotifier } from '../chatbot/notifier.ts';
import { fanOut } from '../fan-out/fan-out.ts';
import { createLiveNotifier } from '../lifecycle/live-notifier.ts';
import { withAccountContext } from '../links/account-context.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createPagerDutyNotifier } from '../pagerduty/notifier.ts';
import { createSesNotifier } from '../ses/notifier.ts';
import { createSlackApiNotifier } from '../slack/api-notifier.ts';
import { createSlackNotifier } from '../slack/notifier.ts';
import { createSnsNotifier } from '../sns/notifier.ts';
import { createTeamsNotifier } from '../teams/notifier.ts';
import type { AwsFault, FakeAwsControls } from './fake-aws-client.ts';
import type { FakeServer, ServerFailure } from './fake-server.ts';
import { createFakeSes } from './mail-server.ts';
import { type NotifierHarness, notifierContract } from './notifier-contract.ts';
import { startPagerDutyServer } from './pagerduty-server.ts';
import { createRecordingNotifier } from './recording-notifier.ts';
import { startSlackApiServer } from './slack-api-server.ts';
import { startSlackServer } from './slack-server.ts';
import { createFakeSns } from './sns-server.ts';
import { startTeamsServer } from './teams-server.ts';

type Failures = Readonly<Record<'refused' | 'busy' | 'silent', ServerFailure>>;

const failures: Failures = {
  refused: { status: 400, body: 'invalid_payload' },
  busy: { status: 429, headers: { 'retry-after': '60' }, body: 'rate_limited' },
  silent: { hang: 'answer' },
};

const overHttp = (server: FakeServer, notifier: Notifier, taken: () => number, secret: string): NotifierHarness => ({
  notifier,
  taken,
  secrets: [secret],
  fail: (how) => server.failNext(failures[how]),
  close: server.close,
});

const faults: Readonly<Record<'refused' | 'busy' | 'silent', AwsFault>> = {
  refused: { code: 'InvalidParameterException' },
  busy: { code: 'ThrottledException' },
  silent: { code: 'TimeoutError', hang: true },
};

const overAws = (
  client: FakeAwsControls,
  operation: string,
  notifier: Notifier,
  taken: () => number,
): NotifierHarness => ({
  notifier,
  taken,
  secrets: ['not-a-secret'],
  fail: (how) => client.failNext(operation, faults[how]),
});

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:not-a-secret';

const slackWebhook = async (): Promise<NotifierHarness> => {
  const server = await startSlackServer();
  const notifier = createSlackNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
  return overHttp(server, notifier, () => server.messages.length, 'not-a-secret');
};

const ofSlack = async (wrap: (slack: Notifier) => Notifier): Promise<NotifierHarness> => {
  const harness = await slackWebhook();
  return { ...harness, notifier: wrap(harness.notifier) };
};

const harnesses: Readonly<Record<string, () => Promise<NotifierHarness>>> = {
  'Slack webhook': slackWebhook,
  'Slack Web API': async () => {
    const server = await startSlackApiServer();
    const { token, url: apiUrl, host } = server;
    const notifier = createSlackApiNotifier({ token, channelId: 'C024BE91L', apiUrl, allowedHosts: [host] });
    return overHttp(server, notifier, () => server.messages().length, token);
  },
  Teams: async () => {
    const server = await startTeamsServer();
    const notifier = createTeamsNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
    return overHttp(server, notifier, () => server.posted.length, 'not-a%2Fsecret');
  },
  PagerDuty: async () => {
    const server = await startPagerDutyServer();
    const { routingKey, endpoint, host } = server;
    const notifier = createPagerDutyNotifier({ routingKey, endpoint, allowedHosts: [host] });
    return overHttp(server, notifier, () => server.events.length, routingKey);
  },
  SNS: async () => {
    const client = createFakeSns();
    const notifier = createSnsNotifier({ client, topicArn, attempts: 1 });
    return overAws(client, 'Publish', notifier, () => client.published.length);
  },
  'Amazon Q Developer in chat': async () => {
    const sns = createFakeSns();
    const notifier = createChatbotNotifier({ sns, topicArn, attempts: 1 });
    return overAws(sns, 'Publish', notifier, () => sns.published.length);
  },
  SES: async () => {
    const client = createFakeSes();
    const notifier = createSesNotifier({ client, from: 'security@example.com', ratePerSecond: 1000, attempts: 1 });
    return overAws(client, 'SendEmail', notifier, () => client.mails.length);
  },
  'fanOut of one': () => ofSlack((slack) => fanOut([slack])),
  createOutbox: () => ofSlack((notifier) => createOutbox({ store: createMemoryStore(), notifier })),
  createLiveNotifier: () => ofSlack((notifier) => createLiveNotifier({ store: createMemoryStore(), notifier })),
  withAccountContext: () => ofSlack((slack) => withAccountContext(slack, { accountName: () => 'prod' })),
};

for (const [name, create] of Object.entries(harnesses))
  describe(`contract of a notifier: ${name}`, () => {
    // Paces are kept in real time here.
    for (const { title, run } of notifierContract(create)) it(title, run, 30_000);
  });

describe('notifierContract', () => {
  const broken: Readonly<Record<string, Partial<Notifier>>> = {
    'swallows failures': {
      notify: async (message) => ({ status: message === undefined ? 'nothing' : 'delivered', channel: 'x' }),
    },
    throws: {
      notify: () => {
        throw new Error('no');
      },
    },
    'repeats the secret': { notify: async () => ({ status: 'rejected', channel: 'x', reason: 'not-a-secret' }) },
  };

  it.each(Object.entries(broken))('finds out a notifier that %s', async (_what, changes) => {
    const channel = createRecordingNotifier();
    const cases = notifierContract(async () => ({
      notifier: { ...channel, ...changes },
      taken: () => 0,
      fail: () => {},
      secrets: ['not-a-secret'],
    }));
    const results = await Promise.allSettled(cases.map(({ run }) => run()));
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(3);
  });

  it('N9: a client of AWS whose errors name the topic lets nothing of it out', async () => {
    const client: Pick<SNSClient, 'send'> = {
      send: () => Promise.reject(Object.assign(new Error(topicArn), { name: topicArn })),
    };
    const delivery = await createSnsNotifier({ client, topicArn, attempts: 1 }).notify({
      key: 'k',
      severity: 'low',
      preview: false,
      title: 't',
      body: [],
      facts: [],
      links: [],
    });
    expect(JSON.stringify(delivery)).not.toContain('not-a-secret');
  });
});

import { createMemoryStore } from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import { createSlackApiNotifier } from '@remedykit/notify/slack';
import { createFakeSns, type FakeSns, type SlackApiServer, startSlackApiServer } from '@remedykit/notify/testing';
import { createAmazonQParts, createSlackParts, type LambdaContext, type Parts } from '../parts.ts';
import type { AmazonQSettings, SlackSettings } from '../settings.ts';

/** What a deployment would say. */
export const amazonQSettings: AmazonQSettings = {
  chat: 'amazon-q',
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:remedykit-alerts',
  minSeverity: 'low',
};

export const slackSettings: SlackSettings = {
  chat: 'slack',
  slackChannelId: 'C024BE91L',
  slackTokenSecretId: 'remedykit/slack',
  tableName: 'remedykit-alerts',
  minSeverity: 'low',
};

export const context: LambdaContext = { getRemainingTimeInMillis: () => 30_000 };

/** The Amazon Q variant, on a topic that enforces SNS's limits. */
export const createTestTopic = (settings: Partial<AmazonQSettings> = {}): { sns: FakeSns; parts: Parts } => {
  const sns = createFakeSns({ topics: [amazonQSettings.topicArn] });
  return { sns, parts: createAmazonQParts({ ...amazonQSettings, ...settings }, sns) };
};

/** The Slack variant, over HTTP to a server that behaves as Slack's Web API does. */
export const startTestSlack = async (
  settings: Partial<SlackSettings> = {},
): Promise<{ slack: SlackApiServer; parts: Parts; clock: TestClock }> => {
  const slack = await startSlackApiServer();
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  const notifier = createSlackApiNotifier({
    token: slack.token,
    channelId: slackSettings.slackChannelId,
    apiUrl: slack.url,
    allowedHosts: [slack.host],
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  });
  const parts = createSlackParts(
    { ...slackSettings, ...settings },
    { slack: notifier, store: createMemoryStore(), now: clock.now },
  );
  return { slack, parts, clock };
};

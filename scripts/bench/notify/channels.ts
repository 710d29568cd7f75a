import type { Message, Notifier } from '@remedykit/core';
import { createChatbotNotifier } from '@remedykit/notify/chatbot';
import { createPagerDutyNotifier } from '@remedykit/notify/pagerduty';
import { createSesNotifier } from '@remedykit/notify/ses';
import { createSlackApiNotifier, createSlackNotifier, slackLimits } from '@remedykit/notify/slack';
import { createSnsNotifier, snsLimits } from '@remedykit/notify/sns';
import { createTeamsNotifier, teamsLimits } from '@remedykit/notify/teams';
import {
  createFakeSes,
  createFakeSns,
  readAsChatbot,
  startPagerDutyServer,
  startSlackApiServer,
  startSlackServer,
  startTeamsServer,
} from '@remedykit/notify/testing';
import { defaultCaps } from '../../../packages/notify/src/chatbot/limits.ts';
import { pagerDutyBudget } from '../../../packages/notify/src/pagerduty/limits.ts';
import { mailBudget } from '../../../packages/notify/src/ses/limits.ts';
import { snsBudget } from '../../../packages/notify/src/sns/limits.ts';
import { createManualTime } from '../../../packages/notify/src/testing/manual-time.ts';

/** How what a target took is escaped. */
export type TextMarkup = 'slack' | 'html' | 'none';

/** One text that a target was given. */
export interface TakenText {
  readonly text: string;
  readonly markup: TextMarkup;
}

/** A channel with the target that it sends to. */
export interface BenchChannel {
  readonly name: string;
  readonly notifier: Notifier;
  /** What the target showed of the last message; `undefined` where it took it and shows nothing. */
  readonly last: () => readonly TakenText[] | undefined;
  /** A message with more characters than these cannot be shown whole. */
  readonly most: number;
  /** True where less is said of what is over. */
  readonly saysNothingOf?: (message: Message) => boolean;
}

/** The channels, and how to stop their servers. */
export interface BenchChannels {
  readonly channels: readonly BenchChannel[];
  readonly close: () => Promise<void>;
}

/** Every string within a value. */
const stringsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
};

const taken =
  (markup: TextMarkup) =>
  (value: unknown): readonly TakenText[] | undefined =>
    value === undefined ? undefined : stringsOf(value).map((text) => ({ text, markup }));

const asSlack = taken('slack');
const asTold = taken('none');

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';

/** Every adapter with the server or fake that enforces its target's limits. Time passes only when somebody waits. */
export const startChannels = async (): Promise<BenchChannels> => {
  const { now, sleep } = createManualTime();
  const time = { now, sleep };
  const [slack, api, teams, flow, pager] = await Promise.all([
    startSlackServer(),
    startSlackApiServer(),
    startTeamsServer(),
    startTeamsServer({ envelope: 'card' }),
    startPagerDutyServer(),
  ]);
  const topic = createFakeSns();
  const chat = createFakeSns();
  const ses = createFakeSes({ maxPerDay: -1 });
  const caps = defaultCaps;
  const mostInChat = caps.title + caps.description + caps.nextSteps * caps.nextStep;

  const channels: readonly BenchChannel[] = [
    {
      name: 'Slack webhook',
      notifier: createSlackNotifier({ webhookUrl: slack.url, allowedHosts: [slack.host], ...time }),
      last: () => asSlack(slack.messages.at(-1)),
      most: slackLimits.total,
    },
    {
      name: 'Slack Web API',
      notifier: createSlackApiNotifier({
        token: api.token,
        channelId: 'C024BE91L',
        apiUrl: api.url,
        allowedHosts: [api.host],
        ...time,
      }),
      last: () => asSlack(api.messages().at(-1)?.payload),
      most: slackLimits.total,
    },
    {
      name: 'Teams message',
      notifier: createTeamsNotifier({ webhookUrl: teams.url, allowedHosts: [teams.host], ...time }),
      last: () => (teams.dropped.length > 0 ? undefined : asTold(teams.posted.at(-1))),
      most: teamsLimits.measuredBytes,
    },
    {
      name: 'Teams card',
      notifier: createTeamsNotifier({ webhookUrl: flow.url, allowedHosts: [flow.host], envelope: 'card', ...time }),
      last: () => (flow.dropped.length > 0 ? undefined : asTold(flow.posted.at(-1))),
      most: teamsLimits.measuredBytes,
    },
    {
      name: 'PagerDuty',
      notifier: createPagerDutyNotifier({
        routingKey: pager.routingKey,
        endpoint: pager.endpoint,
        allowedHosts: [pager.host],
        ...time,
      }),
      last: () => asTold(pager.events.at(-1)),
      most: pagerDutyBudget.bytes,
      saysNothingOf: ({ status }) => status === 'resolved',
    },
    {
      name: 'SNS',
      notifier: createSnsNotifier({ client: topic, topicArn, ...time }),
      last: () => asTold([topic.published.at(-1)?.subject, topic.published.at(-1)?.text]),
      most: Math.min(snsBudget.bytes, snsLimits.bytes),
    },
    {
      name: 'Amazon Q Developer in chat',
      notifier: createChatbotNotifier({ sns: chat, topicArn, ...time }),
      last: () => {
        const reading = readAsChatbot(chat.published.at(-1) ?? { https: '' });
        return reading.shown ? asTold(reading.notification) : undefined;
      },
      most: mostInChat,
    },
    {
      name: 'SES',
      notifier: createSesNotifier({
        client: ses,
        from: 'security@example.com',
        to: 'team@example.com',
        ratePerSecond: 1000,
        ...time,
      }),
      last: () => {
        const mail = ses.mails.at(-1);
        if (mail === undefined) return undefined;
        const { subject, text, html } = mail;
        const words = html.split(/<[^>]*>/).map((part): TakenText => ({ text: part, markup: 'html' }));
        return [{ text: subject, markup: 'none' }, { text, markup: 'none' }, ...words];
      },
      most: mailBudget.htmlBytes,
    },
  ];
  const close = async (): Promise<void> => {
    await Promise.all([slack, api, teams, flow, pager].map((server) => server.close()));
  };
  return { channels, close };
};

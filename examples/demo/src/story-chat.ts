import { createMemoryStore } from '@remedykit/core';
import { createHandler } from '@remedykit/example-guardduty-to-chat/alert-handler';
import { createAmazonQParts, createSlackParts } from '@remedykit/example-guardduty-to-chat/parts';
import { awsApiCallEvent } from '@remedykit/guardduty/testing';
import { createSlackApiNotifier } from '@remedykit/notify/slack';
import { createFakeSns, readAsChatbot, startSlackApiServer } from '@remedykit/notify/testing';
import { context } from './performance.ts';
import type { Report } from './report.ts';
import { slackTitle } from './slack-text.ts';
import type { Cast, Theatre } from './story-cast.ts';

type Notifications = Report['notifications'];

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';

/** The lines of a custom notification as a reader sees them, its title first: facts side by side, next steps last. */
const chatbotText = (published: Parameters<typeof readAsChatbot>[0] | undefined): string[] => {
  const reading = readAsChatbot(published ?? { https: '' });
  const content: unknown = reading.shown ? Reflect.get(Object(reading.notification), 'content') : undefined;
  const part = (name: string): unknown => Reflect.get(Object(content), name);
  const shown = (text: unknown): string => String(text ?? '').replaceAll('\u2060', '');
  const steps: unknown = part('nextSteps');
  return [
    shown(part('title')),
    ...shown(part('description'))
      .split('\n\n')
      .map((paragraph) => paragraph.replaceAll('• ', '').replaceAll('\n', ' · ')),
    ...(Array.isArray(steps) ? steps.map((step, index) => `${index + 1}. ${shown(step)}`) : []),
  ];
};

/**
 * A finding that no network ACL can do anything about, told in chat both ways of the other example: through SNS and Amazon Q,
 * and to Slack, where one message follows the finding until it is archived. Both are embedded, and count as no request to AWS.
 */
export const playChat = async (
  { clock, show }: Pick<Theatre, 'clock' | 'show'>,
  cast: Cast,
): Promise<Notifications> => {
  const sns = createFakeSns({ topics: [topicArn] });
  const slack = await startSlackApiServer();
  try {
    const { now } = clock;
    const options = { token: slack.token, channelId: 'C024BE91L', apiUrl: slack.url, allowedHosts: [slack.host] };
    const toSlack = createSlackParts(
      { minSeverity: 'low' },
      { slack: createSlackApiNotifier({ ...options, now }), store: createMemoryStore(), now },
    );
    const throughAmazonQ = createAmazonQParts({ chat: 'amazon-q', topicArn, minSeverity: 'low' }, sns);
    const handlers = [createHandler(throughAmazonQ), createHandler(toSlack)];
    const seen = cast.seen();
    const tell = async (archived: boolean, region = seen.region): Promise<void> => {
      const { accountId, at } = cast.seen();
      const event = awsApiCallEvent({ accountId, region, at, firstSeen: cast.minutesAgo(20), archived });
      for (const handler of handlers) await handler(event, context);
    };
    const elsewhere = seen.region === 'us-east-1' ? 'us-west-2' : 'us-east-1';

    cast.scene(10, 'An access key is used from a malicious address: no network ACL helps, and people read it in chat');
    await tell(false);
    const [title = '', ...below] = chatbotText(sns.published[0]);
    cast.line(`Amazon Q ┃ ${title}`);
    for (const line of below) cast.line(line);
    const [first] = slack.messages();
    show.messages([first?.payload]);

    cast.scene(5, `GuardDuty raises it in ${elsewhere} too, since calls of IAM belong to no Region: still one message`);
    await tell(false, elsewhere);
    cast.line(`Slack ┃ ${slack.messages().length} message, updated ${slack.messages()[0]?.edits} time`);

    cast.scene(30, 'A person archives it in both Regions: the message in Slack becomes what it is now');
    await tell(true);
    const afterFirst = slackTitle(slack.messages()[0]?.payload);
    await tell(true, elsewhere);
    const [live, ...replies] = slack.messages();
    cast.line(`Slack ┃ after the first ┃ ${afterFirst}`);
    cast.line(`Slack ┃ after the last ┃ ${slackTitle(live?.payload)}`);
    cast.line(`It is the message of before, with ${replies.length} reply below it.`);
    return [
      { channel: 'chatbot', title },
      { channel: 'slack', title: slackTitle(first?.payload) },
      { channel: 'chatbot', title: chatbotText(sns.published.at(-1))[0] ?? '' },
      { channel: 'slack', title: slackTitle(live?.payload) },
    ];
  } finally {
    await slack.close();
  }
};

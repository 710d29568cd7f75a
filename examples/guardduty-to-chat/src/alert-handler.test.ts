import { createMemoryStore } from '@remedykit/core';
import {
  allFindingEvents,
  asAsff,
  awsApiCallEvent,
  securityHubEvent,
  sshBruteForceEvent,
} from '@remedykit/guardduty/testing';
import { createLiveNotifier } from '@remedykit/notify';
import { createPagerDutyNotifier } from '@remedykit/notify/pagerduty';
import { readAsChatbot, startPagerDutyServer } from '@remedykit/notify/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createHandler } from './alert-handler.ts';
import { context, createTestTopic, startTestSlack } from './testing/test-parts.ts';

const at = new Date('2026-11-24T09:55:00.000Z');
const later = new Date('2026-11-24T09:56:00.000Z');
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const setSlack = async (...args: Parameters<typeof startTestSlack>) => {
  const set = await startTestSlack(...args);
  closing.push(set.slack.close);
  return { ...set, handler: createHandler(set.parts), posted: () => set.slack.messages() };
};

describe('through Amazon Q', () => {
  it.each(Object.entries(allFindingEvents))(
    'N11: shows %s, and serves people by mail from the same topic',
    async (_name, build) => {
      const { sns, parts } = createTestTopic();
      const event = build({ at });
      await createHandler(parts)(event, context);
      expect(sns.published).toHaveLength(1);
      const [published] = sns.published;
      const reading = readAsChatbot(published ?? { https: '' });
      expect(reading).toMatchObject({
        shown: true,
        notification: { content: { title: expect.stringContaining(' · ') } },
      });
      expect(published?.text).toContain(event.detail.id);
    },
  );

  it('keeps the sightings of one finding in one thread', async () => {
    const { sns, parts } = createTestTopic();
    const handler = createHandler(parts);
    await handler(sshBruteForceEvent({ at, count: 1 }), context);
    await handler(sshBruteForceEvent({ at: new Date(at.getTime() + 60_000), count: 2 }), context);
    await handler(sshBruteForceEvent({ at, from: '203.0.113.99' }), context);
    const threads = sns.published.map((one) => {
      const reading = readAsChatbot(one);
      return reading.shown ? JSON.stringify(reading.notification).match(/"threadId":"(\w+)"/)?.[1] : undefined;
    });
    expect(threads[0]).toBe(threads[1]);
    expect(threads[2]).not.toBe(threads[0]);
  });

  it('tells nobody of what is below the least severity', async () => {
    const { sns, parts } = createTestTopic({ minSeverity: 'high' });
    const handler = createHandler(parts);
    await handler(sshBruteForceEvent({ at, severity: 6.9 }), context);
    expect(sns.published).toEqual([]);
    await handler(sshBruteForceEvent({ at, severity: 7 }), context);
    expect(sns.published).toHaveLength(1);
  });

  it('N1: throws when SNS takes it neither now nor ever, so that the dead-letter queue says that nobody was told', async () => {
    const { sns, parts } = createTestTopic();
    sns.failNext('Publish', { code: 'NotFoundException' });
    const message = expect.stringContaining('refused the message');
    await expect(createHandler(parts)(sshBruteForceEvent({ at }), context)).rejects.toMatchObject({
      code: 'INCOMPLETE',
      retryable: true,
      message,
    });
  });

  it.each([
    ['nothing at all', null],
    ['another event', { 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2', detail: {} }],
  ])('throws on %s', async (_what, event) => {
    const { sns, parts } = createTestTopic();
    await expect(createHandler(parts)(event, context)).rejects.toMatchObject({ code: expect.any(String) });
    expect(sns.published).toEqual([]);
  });

  it('N18: tells every finding that Security Hub passes on in one event', async () => {
    const { sns, parts } = createTestTopic();
    const events = [sshBruteForceEvent({ at }), sshBruteForceEvent({ at, from: '203.0.113.9' })];
    await createHandler(parts)(securityHubEvent(events.map((event) => asAsff(event))), context);
    expect(sns.published).toHaveLength(2);
  });
});

describe('to Slack', () => {
  it('keeps one message per finding: updated in its place, and resolved when the finding is archived', async () => {
    const { handler, posted, clock } = await setSlack();
    await handler(sshBruteForceEvent({ at, count: 12 }), context);
    clock.advance(60_000);
    await handler(sshBruteForceEvent({ at: new Date(at.getTime() + 60_000), count: 31 }), context);
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).toMatchObject({ edits: 1 });
    expect(JSON.stringify(posted()[0]?.payload)).toContain('"31"');

    clock.advance(60_000);
    await handler(sshBruteForceEvent({ at: new Date(at.getTime() + 120_000), count: 31, archived: true }), context);
    const [parent, ...replies] = posted();
    expect(JSON.stringify(parent?.payload)).toContain('✅ RESOLVED');
    expect(replies).toMatchObject([{ threadTs: parent?.ts }]);
  });

  it('makes one message of the findings that several Regions raise about one principal, resolved with the last', async () => {
    const { handler, posted } = await setSlack();
    const regions = ['eu-west-1', 'us-east-1', 'us-west-2'];
    for (const region of regions) await handler(awsApiCallEvent({ at, region }), context);
    expect(posted()).toHaveLength(1);
    for (const region of regions) expect(JSON.stringify(posted()[0]?.payload)).toContain(`${region} / 111122223333`);

    const archive = (region: string) => handler(awsApiCallEvent({ at: later, region, archived: true }), context);
    await archive('us-east-1');
    await archive('eu-west-1');
    expect(JSON.stringify(posted()[0]?.payload)).not.toContain('✅ RESOLVED');
    await archive('us-west-2');
    expect(JSON.stringify(posted()[0]?.payload)).toContain('✅ RESOLVED');
    expect(posted().filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  });

  it("makes one message of a member's finding and its administrator's copy", async () => {
    const { handler, posted } = await setSlack();
    const event = sshBruteForceEvent({ at });
    await handler(event, context);
    await handler({ ...event, account: '444455556666' }, context);
    expect(posted()).toMatchObject([{ edits: 0 }]);
  });

  it('N19: two functions that see the first event at once make one message', async () => {
    const { handler, posted } = await setSlack();
    const event = sshBruteForceEvent({ at });
    await Promise.all([handler(event, context), handler(event, context)]);
    expect(posted()).toHaveLength(1);
  });

  it('N20: posts anew when somebody deleted the message', async () => {
    const { handler, posted, slack, clock } = await setSlack();
    await handler(sshBruteForceEvent({ at, count: 1 }), context);
    slack.deleteMessage(posted()[0]?.ts ?? '');
    clock.advance(60_000);
    await handler(sshBruteForceEvent({ at: new Date(at.getTime() + 60_000), count: 2 }), context);
    expect(posted()).toHaveLength(1);
  });

  it('N12: what an attacker wrote pings nobody', async () => {
    const { handler, posted } = await setSlack();
    const event = sshBruteForceEvent({ at });
    const evil = '<!channel> <https://evil.example|Open in AWS console>';
    await handler({ ...event, detail: { ...event.detail, description: evil, title: evil } }, context);
    const shown = JSON.stringify(posted()[0]?.payload);
    expect(shown).toContain('&lt;!channel&gt;');
    expect(shown).not.toMatch(/<!|<https:\/\/evil/);
  });

  it('keeps what Slack does not take, and asks for no retry of the event', async () => {
    const { handler, posted, slack, parts } = await setSlack();
    for (let attempt = 0; attempt < 3; attempt += 1) slack.failNext({ status: 503 });
    await handler(sshBruteForceEvent({ at }), context);
    expect(posted()).toEqual([]);
    expect(await parts.outbox?.status()).toMatchObject({ waiting: 1 });
  });

  it('throws when Slack refuses for good, for nothing is kept then', async () => {
    const { handler, slack } = await setSlack();
    slack.changeToken('xoxb-another');
    await expect(handler(sshBruteForceEvent({ at }), context)).rejects.toMatchObject({
      code: 'INCOMPLETE',
      message: expect.not.stringContaining('not-a-secret'),
    });
  });
});

describe('to PagerDuty, inside a live message', () => {
  const setPager = async () => {
    const server = await startPagerDutyServer();
    closing.push(server.close);
    const { routingKey, endpoint, host } = server;
    const pagerDuty = createPagerDutyNotifier({ routingKey, endpoint, allowedHosts: [host] });
    const live = createLiveNotifier({ store: createMemoryStore(), name: 'pager', notifier: pagerDuty });
    const alerts = () => [...server.alerts.values()].map(({ status }) => status);
    return { alone: createHandler({ notifier: pagerDuty }), handler: createHandler({ notifier: live }), alerts };
  };

  it('N21: findings of several Regions about one principal are one alert, resolved with the last', async () => {
    const { handler, alerts } = await setPager();
    await handler(awsApiCallEvent({ at, region: 'eu-west-1' }), context);
    await handler(awsApiCallEvent({ at, region: 'us-east-1' }), context);
    await handler(awsApiCallEvent({ at: later, region: 'us-east-1', archived: true }), context);
    expect(alerts()).toEqual(['triggered']);
    await handler(awsApiCallEvent({ at: later, region: 'eu-west-1', archived: true }), context);
    expect(alerts()).toEqual(['resolved']);
  });

  it('N21: and without one they are an alert each, of which none resolves another', async () => {
    const { alone, alerts } = await setPager();
    await alone(awsApiCallEvent({ at, region: 'eu-west-1' }), context);
    await alone(awsApiCallEvent({ at, region: 'us-east-1' }), context);
    await alone(awsApiCallEvent({ at: later, region: 'us-east-1', archived: true }), context);
    expect(alerts()).toEqual(['triggered', 'resolved']);
  });
});

import { createMemoryStore, type Message, type Notifier } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPagerDutyNotifier } from '../pagerduty/notifier.ts';
import { type PagerDutyServer, startPagerDutyServer } from '../testing/pagerduty-server.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createLiveNotifier, type LiveNotifierOptions } from './live-notifier.ts';

let server: PagerDutyServer;

beforeEach(async () => {
  server = await startPagerDutyServer();
});

afterEach(() => server.close());

const pagerDuty = () =>
  createPagerDutyNotifier({ routingKey: server.routingKey, endpoint: server.endpoint, allowedHosts: [server.host] });

const live = (options: Partial<LiveNotifierOptions> = {}) =>
  createLiveNotifier({ store: createMemoryStore(), notifier: pagerDuty(), ...options });

const copy = (region: string, minute: number, changes: Partial<Message> = {}): Message =>
  sampleMessage({
    key: `111122223333/${region}/id`,
    at: `2026-11-24T10:0${minute}:00.000Z`,
    subject: { accountId: '111122223333', region, matter: 'one matter' },
    ...changes,
  });

const alerts = (): string[] => [...server.alerts.values()].map(({ status }) => status);

describe('a live notifier over PagerDuty', () => {
  it.each(['significant', 'every', 'none'] as const)(
    'N21: has one alert for the copies of one matter, resolved when all of them are and not before (replies: %s)',
    async (replies) => {
      const notifier = live({ replies });
      await notifier.notify(copy('eu-west-1', 1));
      await notifier.notify(copy('us-east-1', 2, { severity: 'high' }));
      await notifier.notify(copy('us-east-1', 3, { status: 'resolved' }));
      expect(alerts()).toEqual(['triggered']);
      await notifier.notify(copy('eu-west-1', 4, { status: 'resolved' }));
      expect(alerts()).toEqual(['resolved']);
      await notifier.notify(copy('us-east-1', 5));
      expect(alerts()).toEqual(['triggered']);
    },
  );

  it('ends as the matter does, however much could not be said at once', async () => {
    const store = createMemoryStore();
    const down: Notifier = {
      notify: async () => ({ status: 'deferred', channel: 'pagerduty', reason: 'down', retryAfterMs: 0 }),
    };
    await live({ store }).notify(copy('eu-west-1', 1));
    await live({ store, notifier: down }).notify(copy('eu-west-1', 2, { severity: 'critical' }));
    await live({ store, notifier: down }).notify(copy('eu-west-1', 3, { status: 'resolved' }));
    expect(alerts()).toEqual(['triggered']);
    await live({ store }).notify(copy('eu-west-1', 3, { status: 'resolved' }));
    expect(alerts()).toEqual(['resolved']);
    expect(server.events).toHaveLength(3);
  });

  it('opens no second alert and closes none while the store is down, for it knows of no other copy then', async () => {
    const store = createFaultyStore(createMemoryStore());
    const notifier = live({ store });
    await notifier.notify(copy('eu-west-1', 1));
    store.failNext('get', { times: 2 });
    await notifier.notify(copy('us-east-1', 2));
    await notifier.notify(copy('us-east-1', 3, { status: 'resolved' }));
    expect(alerts()).toEqual(['triggered']);
  });
});

describe('PagerDuty alone', () => {
  it('N21: has an alert for each copy, for it cannot know that another is open', async () => {
    const notifier = pagerDuty();
    await notifier.notify(copy('eu-west-1', 1));
    await notifier.notify(copy('us-east-1', 2));
    await notifier.notify(copy('us-east-1', 3, { status: 'resolved' }));
    expect(alerts()).toEqual(['triggered', 'resolved']);
  });
});

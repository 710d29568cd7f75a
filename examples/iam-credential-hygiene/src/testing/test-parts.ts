import { createMemoryStore, type Delivery, days, type Message } from '@remedykit/core';
import { createRecordingSink, createTestClock, type RecordingSink, type TestClock } from '@remedykit/core/testing';
import { createFakeIam, createFakeMailer, type FakeIam, type FakeMailer } from '@remedykit/iam/testing';
import type { LambdaContext, Parts } from '../parts.ts';
import type { Settings } from '../settings.ts';

/** When the world of a test begins. */
export const testStart = new Date('2026-12-01T08:00:00.000Z');

/** So many days before. */
export const daysBefore = (count: number): Date => new Date(testStart.getTime() - days(count));

/** What a deployment would say. */
export const testSettings: Settings = {
  mode: 'enforce',
  accounts: ['111122223333'],
  tableName: 'remedykit-iam',
  slackWebhookUrl: 'https://hooks.slack.com/services/T0/B0/not-a-secret',
  mailFrom: 'security@example.com',
  configurationSet: 'remedykit',
  allowedRecipientDomains: ['example.com'],
  fallbackRecipient: 'security@example.com',
  rolloutDate: new Date('2026-12-01T00:00:00.000Z'),
  mfa: { action: 'report', graceDays: 14 },
  accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
  minimumWarningDays: 10,
  undeliverable: 'report',
  limits: { maxUsersPerDay: 25, maxPercentPerDay: 100 },
  breakGlass: [],
  ownPrincipals: [],
  exemptions: [],
};

export const context: LambdaContext = { getRemainingTimeInMillis: () => 900_000 };

export interface TestParts {
  readonly parts: Parts;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly clock: TestClock;
  /** What the team was told. */
  readonly messages: readonly Message[];
  readonly audit: RecordingSink;
  /** What the notifier answers from now on. */
  deliver(delivery: Delivery): void;
}

/** Fakes for everything that a handler works with. */
export const createTestParts = (): TestParts => {
  const clock = createTestClock(testStart);
  const iam = createFakeIam({ now: clock.now });
  const mailer = createFakeMailer({ now: clock.now });
  const audit = createRecordingSink();
  const messages: Message[] = [];
  let answer: Delivery = { status: 'delivered', channel: 'test' };
  return {
    iam,
    mailer,
    clock,
    messages,
    audit,
    deliver: (delivery) => {
      answer = delivery;
    },
    parts: {
      iam,
      mailer,
      store: createMemoryStore(),
      notifier: {
        notify: async (message) => {
          if (message === undefined) return { status: 'nothing', channel: 'test' };
          messages.push(message);
          return answer;
        },
      },
      audit: audit.sink,
      now: clock.now,
      sleep: async (ms) => clock.advance(ms),
    },
  };
};

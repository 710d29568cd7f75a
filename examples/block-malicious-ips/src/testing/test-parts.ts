import {
  type AuditRecord,
  createJsonLineSink,
  createMemoryStore,
  type Delivery,
  hours,
  type Message,
  type RejectedInput,
} from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import {
  createFakeEc2,
  createFakeGuardDuty,
  type FakeEc2,
  type FakeGuardDuty,
  fakeWorld,
  routableDocumentationRanges,
} from '@remedykit/guardduty/testing';
import type { LambdaContext, Parts } from '../parts.ts';
import type { Settings } from '../settings.ts';

/** What a deployment would say. */
export const testSettings: Settings = {
  mode: 'enforce',
  accounts: [fakeWorld.accountId],
  allowList: ['203.0.113.8/29'],
  blockFor: hours(24),
  tableName: 'remedykit',
  slackWebhookUrl: 'https://hooks.slack.com/services/T0/B0/not-a-secret',
};

export const context: LambdaContext = { getRemainingTimeInMillis: () => 30_000 };

export interface TestParts {
  readonly parts: Parts;
  readonly ec2: FakeEc2;
  readonly guardDuty: FakeGuardDuty;
  readonly clock: TestClock;
  /** What people were told. */
  readonly messages: readonly Message[];
  readonly audit: readonly (AuditRecord | RejectedInput)[];
  /** What the notifier answers from now on. */
  deliver(delivery: Delivery): void;
  /** CIDRs denied by an entry, in one direction. */
  denied(direction: 'ingress' | 'egress'): string[];
}

/** Fakes for everything that a handler works with. */
export const createTestParts = (): TestParts => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  const ec2 = createFakeEc2({ now: clock.now });
  const guardDuty = createFakeGuardDuty();
  const messages: Message[] = [];
  const audit: (AuditRecord | RejectedInput)[] = [];
  // On the standard output, where the setup file of the tests replays it.
  const line = createJsonLineSink();
  let answer: Delivery = { status: 'delivered', channel: 'test' };
  return {
    ec2,
    guardDuty,
    clock,
    messages,
    audit,
    deliver: (delivery) => {
      answer = delivery;
    },
    denied: (direction) =>
      ec2.networkAcls[0][direction]
        .filter(({ action, ruleNumber }) => action === 'deny' && ruleNumber < 32_767)
        .map(({ cidr }) => cidr),
    parts: {
      ec2,
      guardDuty,
      store: createMemoryStore(),
      notifier: {
        notify: async (message) => {
          if (message === undefined) return { status: 'nothing', channel: 'test' };
          messages.push(message);
          return answer;
        },
      },
      audit: (record) => {
        audit.push(record);
        return line(record);
      },
      now: clock.now,
      sleep: async () => {},
      addressRanges: routableDocumentationRanges,
    },
  };
};

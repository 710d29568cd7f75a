import { createMemoryStore, days, type Message, type StateStore, type Text } from '@remedykit/core';
import { createRecordingSink, createTestClock, type RecordingSink, type TestClock } from '@remedykit/core/testing';
import { type CredentialEnforcer, createCredentialEnforcer } from '../enforcer/enforcer.ts';
import type { CredentialEnforcerOptions } from '../enforcer/options.ts';
import { createFakeIam, type FakeIam, type FakeIamOptions } from './fake-iam/index.ts';
import { createFakeMailer, type FakeMailer } from './fake-mailer.ts';

/** One account, its enforcer, and a clock that both share. */
export interface TestWorld {
  readonly clock: TestClock;
  readonly iam: FakeIam;
  readonly mailer: FakeMailer;
  readonly store: StateStore;
  readonly audit: RecordingSink;
  readonly enforcer: CredentialEnforcer;
  /** Days since the world began, at 10:00 UTC. */
  goToDay(day: number): void;
  /** Another enforcer over the same account, mailer and store. */
  createEnforcer(changes?: Partial<CredentialEnforcerOptions>): CredentialEnforcer;
}

const wordsOf = (text: Text): string =>
  typeof text === 'string' ? text : 'untrusted' in text ? text.untrusted : text.map(wordsOf).join('');

/** What a mail is about, in a line: recipient and title. */
export const lineOf = ({ to, message }: { readonly to: string; readonly message: Message }): string =>
  `${to}: ${wordsOf(message.title)}`;

/** 2026-01-01, when a test world begins. */
export const worldStart: Date = new Date('2026-01-01T10:00:00.000Z');

/** The instant `count` days before the world began. */
export const daysBefore = (count: number): Date => new Date(worldStart.getTime() - days(count));

/** A world for tests of the enforcer. */
export const createTestWorld = (
  options: Partial<CredentialEnforcerOptions> = {},
  iamOptions: FakeIamOptions = {},
): TestWorld => {
  const clock = createTestClock(worldStart);
  const iam = createFakeIam({ now: clock.now, ...iamOptions });
  const mailer = createFakeMailer({ now: clock.now });
  const store = options.store ?? createMemoryStore();
  const audit = createRecordingSink();
  let ids = 0;
  const createEnforcer = (changes: Partial<CredentialEnforcerOptions> = {}): CredentialEnforcer =>
    createCredentialEnforcer({
      mode: 'enforce',
      accounts: ['111122223333'],
      iam,
      mailer,
      allowedRecipientDomains: ['example.com'],
      fallbackRecipient: 'security@example.com',
      rolloutDate: worldStart,
      limits: { maxUsersPerDay: 1_000, maxPercentPerDay: 100 },
      breakGlass: [],
      ownPrincipals: [],
      mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'deny' },
      accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
      minimumWarningDays: 10,
      undeliverable: 'report',
      audit: audit.sink,
      now: clock.now,
      newId: () => `id-${++ids}`,
      sleep: async (ms) => clock.advance(ms),
      random: () => 0.5,
      ...options,
      ...changes,
      store,
    });
  return {
    clock,
    iam,
    mailer,
    store,
    audit,
    enforcer: createEnforcer(),
    goToDay: (day) => clock.set(new Date(worldStart.getTime() + days(day))),
    createEnforcer,
  };
};

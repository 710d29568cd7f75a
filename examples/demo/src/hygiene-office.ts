import { type AuditRecord, addTo, days, type RejectedInput, replay, seconds } from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import { createHandler as createMailEventHandler } from '@remedykit/example-iam-credential-hygiene/mail-event-handler';
import type { Parts } from '@remedykit/example-iam-credential-hygiene/parts';
import { createHandler } from '@remedykit/example-iam-credential-hygiene/scheduled-handler';
import type { Settings } from '@remedykit/example-iam-credential-hygiene/settings';
import { type CredentialRun, credentialDeciders } from '@remedykit/iam';
import { createFakeIam, type FakeIam } from '@remedykit/iam/testing';
import { createSesNotifier } from '@remedykit/notify/ses';
import { createSlackNotifier } from '@remedykit/notify/slack';
import { createFakeSes, type SentMail, startSlackServer } from '@remedykit/notify/testing';
import { iamChanges } from './iam-changes.ts';
import { mailEvent } from './mail-event.ts';
import { patience } from './performance.ts';
import type { Report } from './report.ts';
import { slackTitle } from './slack-text.ts';

/** The first morning. */
const start = new Date('2026-12-01T08:00:00.000Z');

/** That many days after the first morning. */
export const addToStart = (count: number): Date => new Date(addTo(start, days(count)));

export const before = (count: number): Date => addToStart(-count);

/** Lambda's longest; the clock of the story stands still while a handler runs. */
export const context = { getRemainingTimeInMillis: (): number => 900_000 };

/** The tag by which an owner is found. */
export const ownedBy = (name: string): Readonly<Record<string, string>> => ({ email: `${name}@example.com` });

/** How the example is deployed in the story; what is done when time is up differs from account to account. */
const settingsOf = (
  accountId: string,
  slackWebhookUrl: string,
  more: Pick<Settings, 'mfa' | 'limits' | 'exemptions'>,
): Settings => ({
  mode: 'enforce',
  accounts: [accountId],
  tableName: 'remedykit',
  slackWebhookUrl,
  mailFrom: 'security@example.com',
  configurationSet: 'remedykit',
  allowedRecipientDomains: ['example.com'],
  fallbackRecipient: 'security@example.com',
  rolloutDate: start,
  accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
  minimumWarningDays: 10,
  undeliverable: 'report',
  breakGlass: [],
  ownPrincipals: [],
  ...more,
});

/** What came of something that a function did. */
export interface Effect {
  readonly mails: readonly SentMail[];
  /** Messages in Slack. */
  readonly told: readonly unknown[];
  /** What is otherwise in IAM than before, read back from it. */
  readonly changes: readonly string[];
}

/** One account, the functions of the example over it, and everything that they write to. */
export interface Office {
  readonly clock: TestClock;
  readonly iam: FakeIam;
  readonly settings: Settings;
  readonly parts: Parts;
  readonly mails: readonly SentMail[];
  readonly messages: readonly unknown[];
  readonly runs: readonly CredentialRun[];
  readonly audit: readonly (AuditRecord | RejectedInput)[];
  readonly notifications: Report['notifications'];
  /** The day, as in 2026-12-01. */
  date(): string;
  /** Does something, and gives what came of it; SES tells the functions of every mail. */
  see(act: () => Promise<unknown>): Promise<Effect>;
  /** One morning: the run on schedule. */
  morning(day: number): Promise<Effect>;
  /** How many of the decisions come to the same plan again. */
  replayed(): { readonly same: number; readonly of: number };
  close(): Promise<void>;
}

interface OfficeOptions extends Pick<Settings, 'mfa' | 'limits' | 'exemptions'> {
  readonly accountId: string;
  readonly store: Parts['store'];
  /** Addresses at which no mail arrives. */
  readonly bouncing?: readonly string[];
}

/** IAM, SES and Slack are embedded, and count as no request to AWS. */
export const createOffice = async ({ accountId, store, bouncing = [], ...more }: OfficeOptions): Promise<Office> => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ accountId, now: clock.now });
  const ses = createFakeSes();
  const slack = await startSlackServer();
  const waiting = patience(clock.now);
  const audit: (AuditRecord | RejectedInput)[] = [];
  const runs: CredentialRun[] = [];
  const notifications: { readonly channel: string; readonly title: string }[] = [];
  const settings = settingsOf(accountId, slack.url, more);
  const { mailFrom: from, configurationSet, fallbackRecipient: replyTo } = settings;
  const parts: Parts = {
    iam,
    store,
    mailer: createSesNotifier({ client: ses, from, configurationSet, replyTo, ...waiting }),
    notifier: createSlackNotifier({ webhookUrl: slack.url, allowedHosts: [slack.host], ...waiting }),
    audit: (record) => void audit.push(record),
    onRun: (run) => void runs.push(run),
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
    random: () => 0.5,
  };
  const onSchedule = createHandler(settings, parts);
  const onMailEvent = createMailEventHandler(settings, parts);

  const see = async (act: () => Promise<unknown>): Promise<Effect> => {
    const [sent, heard, users] = [ses.mails.length, slack.messages.length, iam.users];
    await act();
    const changes = iamChanges(users, iam.users);
    const mails = ses.mails.slice(sent);
    for (const mail of mails)
      await onMailEvent(mailEvent(mail, { accountId, at: clock.now(), bounced: bouncing.includes(mail.to) }));
    const told = slack.messages.slice(heard);
    notifications.push(
      ...mails.map(({ subject }) => ({ channel: 'mail', title: subject })),
      ...told.map((payload) => ({ channel: 'slack', title: slackTitle(payload) })),
    );
    return { mails, told, changes };
  };

  return {
    clock,
    iam,
    settings,
    parts,
    mails: ses.mails,
    messages: slack.messages,
    runs,
    audit,
    notifications,
    date: () => clock.now().toISOString().slice(0, 10),
    see,
    morning: (day) => {
      // A moment later than on the day before, so that the day's limit has room again.
      clock.set(new Date(addTo(addToStart(day), seconds(10 * day))));
      return see(() => onSchedule({}, context));
    },
    replayed: () => {
      const decisions = audit.filter((record) => 'decider' in record);
      const same = decisions.filter((record) => replay(record, credentialDeciders).same).length;
      return { same, of: decisions.length };
    },
    close: () => slack.close(),
  };
};

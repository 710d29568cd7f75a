import { type AuditRecord, addTo, days, type RejectedInput, replay } from '@remedykit/core';
import { createTestClock, type TestClock } from '@remedykit/core/testing';
import { createHandler as createMailEventHandler } from '@remedykit/example-iam-credential-hygiene/mail-event-handler';
import type { Parts } from '@remedykit/example-iam-credential-hygiene/parts';
import { createHandler as createPlanHandler } from '@remedykit/example-iam-credential-hygiene/plan-handler';
import { createHandler } from '@remedykit/example-iam-credential-hygiene/scheduled-handler';
import type { Settings } from '@remedykit/example-iam-credential-hygiene/settings';
import { type CredentialRun, credentialDeciders } from '@remedykit/iam';
import { createFakeIam, type FakeIam } from '@remedykit/iam/testing';
import { createSesNotifier } from '@remedykit/notify/ses';
import { createSlackNotifier } from '@remedykit/notify/slack';
import { createFakeSes, type SentMail, startSlackServer } from '@remedykit/notify/testing';
import { mailEvent } from './mail-event.ts';
import { patience } from './performance.ts';
import type { Report } from './report.ts';
import { table } from './show.ts';
import { slackTitle } from './slack-text.ts';
import type { Theatre } from './story-cast.ts';

type Notifications = Report['notifications'];

/** The first morning. */
const start = new Date('2026-12-01T08:00:00.000Z');

/** Lambda's longest; the clock of the story stands still while a handler runs. */
const context = { getRemainingTimeInMillis: () => 900_000 };

const before = (count: number): Date => addToStart(-count);
const addToStart = (count: number): Date => new Date(addTo(start, days(count)));

const ownedBy = (name: string) => ({ email: `${name}@example.com` });

/** Six users; all but the last have something that comes due within the year. */
const employ = (iam: FakeIam): void => {
  iam.addUser({ name: 'alice', keys: [{ createdAt: before(10) }], tags: ownedBy('alice') });
  iam.addUser({ name: 'bob', password: { createdAt: before(200) }, tags: ownedBy('bob') });
  iam.addUser({ name: 'carol', keys: [{ createdAt: before(40) }], tags: ownedBy('carol.left') });
  iam.addUser({
    name: 'ci-deploy',
    keys: [{ createdAt: before(60), lastUsed: { at: before(1), service: 's3', region: 'eu-west-1' } }],
  });
  iam.addUser({ name: 'bridge', path: '/mainframe/', keys: [{ createdAt: before(700) }], tags: ownedBy('bridge') });
  iam.addUser({ name: 'dora', password: { createdAt: before(90), mfa: 'fido' }, tags: ownedBy('dora') });
};

/** Somebody gets a new key, and the old one is deleted. */
const rotate = (iam: FakeIam, name: string): void => {
  const [old] = iam.user(name).keys;
  if (old === undefined) return;
  iam.addKey(name);
  iam.removeKey(name, old.id);
};

interface Deed {
  readonly what: string;
  readonly act: () => void;
}

/** What people do, by the day of the story on whose evening they do it. */
const deeds = (iam: FakeIam): ReadonlyMap<number, Deed> => {
  const replaced = (name: string, what: string): Deed => ({
    what,
    act: () => {
      rotate(iam, name);
      // Whoever was found is found from now on.
      iam.tag(name, ownedBy(name));
    },
  });
  return new Map([
    [0, { what: 'bob reads his mail and enrols MFA', act: () => void iam.enableMfa('bob') }],
    [54, replaced('carol', 'carol is found by telephone: her key is replaced, and her address put right')],
    [64, replaced('ci-deploy', 'security finds who runs ci-deploy: the key is replaced, and has an owner')],
    [88, replaced('alice', 'alice, who waited, replaces her key eight days late; from now on everybody does at once')],
  ]);
};

/** From then on people replace a key on the day of its first mail. */
const learned = 89;

const settingsOf = (accountId: string, slackWebhookUrl: string): Settings => ({
  mode: 'enforce',
  accounts: [accountId],
  tableName: 'remedykit',
  slackWebhookUrl,
  mailFrom: 'security@example.com',
  configurationSet: 'remedykit',
  allowedRecipientDomains: ['example.com'],
  fallbackRecipient: 'security@example.com',
  rolloutDate: start,
  mfa: { action: 'report', graceDays: 14 },
  accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
  minimumWarningDays: 10,
  undeliverable: 'report',
  limits: { maxUsersPerDay: 25, maxPercentPerDay: 100 },
  breakGlass: [],
  ownPrincipals: [],
  exemptions: [{ path: '/mainframe/', reason: 'legacy bridge', expires: addToStart(200) }],
});

/**
 * A year of mornings, in seconds. IAM, SES and Slack are embedded and count as no request to AWS; state is in the table of a
 * stage on this machine, else in memory.
 */
export const playHygiene = async ({
  stage,
  scene: { accountId },
  show,
}: Pick<Theatre, 'stage' | 'scene' | 'show'>): Promise<{
  readonly notifications: Notifications;
  readonly audit: readonly (AuditRecord | RejectedInput)[];
}> => {
  const clock: TestClock = createTestClock(start);
  const iam = createFakeIam({ accountId, now: clock.now });
  const ses = createFakeSes();
  const slack = await startSlackServer();
  const waiting = patience(clock.now);
  const audit: (AuditRecord | RejectedInput)[] = [];
  const runs: CredentialRun[] = [];
  const settings = settingsOf(accountId, slack.url);
  const { mailFrom: from, configurationSet, fallbackRecipient: replyTo } = settings;
  const parts: Parts = {
    iam,
    store: stage.yearStore ?? stage.store,
    mailer: createSesNotifier({ client: ses, from, configurationSet, replyTo, ...waiting }),
    notifier: createSlackNotifier({ webhookUrl: slack.url, allowedHosts: [slack.host], ...waiting }),
    audit: (record) => void audit.push(record),
    onRun: (run) => void runs.push(run),
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  };
  const onSchedule = createHandler(settings, parts);
  const onMailEvent = createMailEventHandler(settings, parts);
  const notifications: { readonly channel: string; readonly title: string }[] = [];
  const date = (): string => clock.now().toISOString().slice(0, 10);

  /** One morning: the run, and what SES tells of its mails. */
  const morning = async (): Promise<{ readonly mails: readonly SentMail[]; readonly told: readonly unknown[] }> => {
    const [sent, heard] = [ses.mails.length, slack.messages.length];
    await onSchedule({}, context);
    const mails = ses.mails.slice(sent);
    for (const mail of mails) {
      const bounced = mail.to === 'carol.left@example.com';
      await onMailEvent(mailEvent(mail, { accountId, at: clock.now(), bounced }));
    }
    const told = slack.messages.slice(heard);
    notifications.push(
      ...mails.map(({ subject }) => ({ channel: 'mail', title: subject })),
      ...told.map((payload) => ({ channel: 'slack', title: slackTitle(payload) })),
    );
    return { mails, told };
  };

  try {
    employ(iam);
    show.heading(`${date()}  Before switching on: who would be hit within 30 days?`);
    const { accounts } = await createPlanHandler(settings, parts)({ days: 30 }, context);
    const rows = accounts.flatMap(({ cases }) =>
      cases.map(({ userName, rule, deadline, days: due, state }) => [
        userName,
        rule,
        state,
        due.map(({ day }) => day.slice(5, 10)).join(', '),
        deadline.slice(0, 10),
      ]),
    );
    for (const line of table(['user', 'rule', 'state', 'days with a mail or action', 'deadline'], rows))
      show.line(line);
    for (const { userName, reason, expires } of accounts.flatMap(({ exempt }) => exempt))
      show.line(`${userName} is exempt until ${expires.slice(0, 10)}: ${reason}.`);

    show.heading(`${date()}  Switched on: a year of credentials, one run each morning`);
    const plot = deeds(iam);
    let quiet = 0;
    for (let day = 0; day <= 365; day += 1) {
      clock.set(addToStart(day));
      const { mails, told } = await morning();
      const deed = plot.get(day);
      if (mails.length + told.length === 0) quiet += 1;
      else {
        show.line(date());
        for (const mail of mails) show.mail(mail, { inFull: day === 0 });
        if (day === 0) show.messages(told);
        else for (const payload of told) show.line(`Slack ┃ ${slackTitle(payload)}`);
      }
      if (day >= learned) for (const { to } of mails) rotate(iam, to.replace('@example.com', ''));
      if (deed !== undefined) {
        deed.act();
        show.line(`${date()} ${deed.what}`);
      }
    }
    const decisions = audit.filter((record) => 'decider' in record);
    const same = decisions.filter((record) => replay(record, credentialDeciders).same).length;
    const requests = runs.reduce((sum, run) => sum + run.accounts.reduce((all, { calls }) => all + calls.all, 0), 0);
    show.line('dora, who has a passkey, never hears of any of this.');
    show.line(
      `${runs.length} runs, ${ses.mails.length} mails, ${slack.messages.length} messages in Slack, ${quiet} quiet days. ${Math.round(requests / runs.length)} requests to IAM a run on average.`,
    );
    show.line(`${same} of ${decisions.length} audit records came to the same plan again.`);
    return { notifications, audit };
  } finally {
    await slack.close();
  }
};

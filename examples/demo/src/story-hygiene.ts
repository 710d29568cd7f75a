import { createHandler as createPlanHandler } from '@remedykit/example-iam-credential-hygiene/plan-handler';
import type { FakeIam } from '@remedykit/iam/testing';
import { addToStart, before, context, createOffice, type Office, ownedBy } from './hygiene-office.ts';
import type { Report } from './report.ts';
import { type Show, table } from './show.ts';
import { slackTitle } from './slack-text.ts';
import type { Theatre } from './story-cast.ts';

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

const showPlan = async ({ settings, parts, date }: Office, show: Show): Promise<void> => {
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
  for (const line of table(['user', 'rule', 'state', 'days with a mail or action', 'deadline'], rows)) show.line(line);
  for (const { userName, reason, expires } of accounts.flatMap(({ exempt }) => exempt))
    show.line(`${userName} is exempt until ${expires.slice(0, 10)}: ${reason}.`);
};

/** A year of mornings, in seconds. State is in the table of a stage on this machine, else in memory. */
export const playHygiene = async ({
  stage,
  scene: { accountId },
  show,
}: Pick<Theatre, 'stage' | 'scene' | 'show'>): Promise<{
  readonly notifications: Report['notifications'];
  readonly audit: Office['audit'];
}> => {
  const office = await createOffice({
    accountId,
    store: stage.yearStore ?? stage.store,
    bouncing: ['carol.left@example.com'],
    mfa: { action: 'report', graceDays: 14 },
    limits: { maxUsersPerDay: 25, maxPercentPerDay: 100 },
    exemptions: [{ path: '/mainframe/', reason: 'legacy bridge', expires: addToStart(200) }],
  });
  const { iam, date, runs } = office;
  try {
    employ(iam);
    await showPlan(office, show);

    show.heading(`${date()}  Switched on: a year of credentials, one run each morning`);
    const plot = deeds(iam);
    let quiet = 0;
    for (let day = 0; day <= 365; day += 1) {
      const { mails, told, changes } = await office.morning(day);
      const deed = plot.get(day);
      if (mails.length + told.length === 0) quiet += 1;
      else {
        show.line(date());
        for (const mail of mails) show.mail(mail, { inFull: day === 0 });
        show.iam(changes);
        if (day === 0) show.messages(told);
        else for (const payload of told) show.line(`Slack ┃ ${slackTitle(payload)}`);
      }
      if (day >= learned) for (const { to } of mails) rotate(iam, to.replace('@example.com', ''));
      if (deed !== undefined) {
        deed.act();
        show.line(`${date()} ${deed.what}`);
      }
    }
    const { same, of } = office.replayed();
    const requests = runs.reduce((sum, run) => sum + run.accounts.reduce((all, { calls }) => all + calls.all, 0), 0);
    show.line('dora, who has a passkey, never hears of any of this.');
    show.line(
      `${runs.length} runs, ${office.mails.length} mails, ${office.messages.length} messages in Slack, ${quiet} quiet days. ${Math.round(requests / runs.length)} requests to IAM a run on average.`,
    );
    show.line(`${same} of ${of} audit records came to the same plan again.`);
    return { notifications: office.notifications, audit: office.audit };
  } finally {
    await office.close();
  }
};

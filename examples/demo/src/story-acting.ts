import { createMemoryStore, RemediationError } from '@remedykit/core';
import { createHandler as createResolveHandler } from '@remedykit/example-iam-credential-hygiene/resolve-handler';
import { createHandler as createRestoreHandler } from '@remedykit/example-iam-credential-hygiene/restore-handler';
import { type CredentialRun, credentialDeciders, mfaPolicies } from '@remedykit/iam';
import type { SentMail } from '@remedykit/notify/testing';
import { addToStart, before, context, createOffice, type Effect, type Office, ownedBy } from './hygiene-office.ts';
import { keysText, policiesText } from './iam-changes.ts';
import type { Show } from './show.ts';
import { slackTitle } from './slack-text.ts';
import { forge, replayAll, showReplayed } from './story-auditor.ts';

/** Another account than that of the year. */
const accountId = '444455556666';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const nightly = ['nightly-1', 'nightly-2', 'nightly-3'] as const;

/** What the scenes came to, for tests. */
export interface ActingStory {
  readonly office: Pick<Office, 'iam' | 'runs' | 'audit' | 'notifications'>;
  /** Everything that changed in IAM, with the day, whoever did it; read back from the account. */
  readonly changes: readonly string[];
}

/** The deployment makes the two policies; then come two who keep an old key, two without MFA, and three service users. */
const employ = ({ iam }: Office): void => {
  for (const { name, path, document } of Object.values(mfaPolicies({ accountId })))
    iam.addPolicy({ name, path, document });
  const password = { createdAt: before(300), lastUsed: before(2) };
  iam.addUser({ name: 'ana', keys: [{ createdAt: before(80) }, { createdAt: before(10) }], tags: ownedBy('ana') });
  iam.addUser({ name: 'dan', keys: [{ createdAt: before(80) }], tags: ownedBy('dan') });
  iam.addUser({ name: 'ben', password, tags: ownedBy('ben') });
  iam.addUser({ name: 'cleo', password, attachedPolicies: [administrator], tags: ownedBy('cleo') });
  for (const name of nightly) iam.addUser({ name, keys: [{ createdAt: before(55) }], tags: ownedBy('ops') });
};

/** What is done in the scenes, and what is shown of it. */
interface Scenes {
  readonly office: Office;
  /** Runs each morning before this day, and tells in a few lines of those on which anything happens. */
  upTo(day: number): Promise<void>;
  /** The next morning, under a heading: mails, what is otherwise in IAM, what the team reads. */
  morning(title: string): Promise<void>;
  /** What a person does with IAM alone. */
  person(what: string, act: () => void): Promise<void>;
  /** What a person asks a function for. */
  asked(what: string, act: () => Promise<unknown>): Promise<void>;
  /** What IAM holds of a user now. */
  look(name: string): void;
}

const createScenes = (office: Office, show: Show, changes: string[]): Scenes => {
  const { iam, date } = office;
  let next = 0;
  const noted = (effect: Effect): Effect => {
    changes.push(...effect.changes.map((change) => `${date()} ${change}`));
    return effect;
  };
  const showMails = (mails: readonly SentMail[]): void => {
    for (const to of new Set(mails.map((mail) => mail.to))) {
      const [first, ...others] = mails.filter((mail) => mail.to === to);
      if (first !== undefined) show.mail(first, { inFull: false });
      if (others.length > 0) show.line(`      ┃ ${to} ┃ and ${others.length} more like it`);
    }
  };
  return {
    office,
    async upTo(day) {
      for (; next < day; next += 1) {
        const { mails, told, changes: changed } = noted(await office.morning(next));
        if (mails.length + told.length + changed.length === 0) continue;
        show.line(date());
        showMails(mails);
        show.iam(changed);
        for (const payload of told) show.line(`Slack ┃ ${slackTitle(payload)}`);
      }
    },
    async morning(title) {
      const { mails, told, changes: changed } = noted(await office.morning(next));
      next += 1;
      show.heading(`${date()}  ${title}`);
      showMails(mails);
      show.iam(changed);
      show.messages(told);
    },
    async person(what, act) {
      show.line(`${date()} ${what}`);
      show.iam(noted(await office.see(async () => act())).changes);
    },
    async asked(what, act) {
      show.line(`${date()} ${what}`);
      const { told, changes: changed } = noted(await office.see(act));
      show.iam(changed);
      show.messages(told);
    },
    look(name) {
      const user = iam.user(name);
      const keys = user.keys.length === 0 ? [] : [`access keys ${keysText(user)}`];
      const console =
        user.password === undefined
          ? []
          : [
              `${user.mfa.length} MFA device${user.mfa.length === 1 ? '' : 's'}, attached policies ${policiesText(user)}`,
            ];
      show.iam([`${name} has: ${[...keys, ...console].join('; ')}`]);
    },
  };
};

const lastRun = ({ runs }: Office): CredentialRun => {
  const last = runs.at(-1);
  if (last === undefined) throw new RemediationError({ code: 'DEMO_STORY', message: 'There was no run so far.' });
  return last;
};

const makeActive = ({ iam }: Office, name: string): void => {
  for (const { id } of iam.user(name).keys) iam.setKeyActive(name, id, true);
};

/** Keys at 90 days, and one whose owner does not want to know. */
const playKeys = async ({ upTo, morning, person, look, office }: Scenes): Promise<void> => {
  await upTo(10);
  await morning('90 days: the old keys are deactivated, not deleted, and the young one stays');
  look('ana');
  await person('dan makes his key active again', () => makeActive(office, 'dan'));
  await morning('A relapse: told at once, and warned about afresh before it is deactivated once more');
};

/** Two console users without MFA, one of them an administrator. */
const playMfa = async ({ upTo, morning, person, asked, look, office }: Scenes): Promise<void> => {
  const { iam, settings, parts } = office;
  const onResolve = createResolveHandler(settings, parts);
  await upTo(14);
  await morning('14 days without MFA: ben can only enrol, cleo is an administrator and on hold for a person');
  await person('ben enrols MFA', () => void iam.enableMfa('ben'));
  await asked('security calls cleo, and answers with the function: it is she, so she may enrol for 48 hours', () =>
    onResolve(
      {
        subject: iam.user('cleo').arn,
        decision: 'confirm',
        reason: 'called back on the number that HR has',
        requestedBy: 'a.smith',
        until: addToStart(16).toISOString(),
      },
      context,
    ),
  );
  await person('cleo enrols MFA', () => void iam.enableMfa('cleo'));
  await morning('Both have MFA, and are free again');
  for (const name of ['ben', 'cleo']) look(name);
};

/** Whoever undoes it twice is for people. */
const playIncident = async ({ upTo, morning, person, look, office }: Scenes): Promise<void> => {
  await upTo(22);
  await person('dan makes his key active once more', () => makeActive(office, 'dan'));
  await morning('An incident: people must find out why; the enforcer does nothing more, and fights nobody');
  look('dan');
};

/** More is due on a day than may be done, and what was done breaks a job. */
const playRestore = async ({ upTo, morning, asked, look, office }: Scenes, show: Show): Promise<void> => {
  const { settings, parts } = office;
  const onRestore = createRestoreHandler(settings, parts);
  await upTo(35);
  await morning('Three keys are due, and two users a day are the limit: the third is refused, and told');
  const { runId } = lastRun(office);
  await asked('the job of nightly-1 stands still: a person has the run undone for that user', () =>
    onRestore(
      {
        runId,
        reason: 'month-end closing, CHG-4712',
        requestedBy: 'a.smith',
        exemptUntil: '2027-03-01',
        only: ['nightly-1'],
      },
      context,
    ),
  );
  await morning('The limit has room again, and whoever got the key back is left alone');
  await upTo(45);
  for (const { userName, reason, expires } of lastRun(office).accounts.flatMap(({ exempt }) => exempt))
    show.line(`${office.date()} ${userName} is exempt until ${expires.slice(0, 10)}: ${reason}.`);
  for (const name of nightly) look(name);
};

/** Every decision of the scenes once more, and one that somebody changed. */
const playAuditor = ({ audit, date }: Office, show: Show): void => {
  show.heading(`${date()}  An auditor makes these decisions again, too`);
  showReplayed(replayAll(audit, credentialDeciders), show);
  const [difference] = forge(audit, 'hold-privileged', 'mfa-missing', credentialDeciders);
  show.line(`A record in which somebody writes mfa-missing for hold-privileged does not: it differs at ${difference}.`);
};

/** Six weeks of mornings in an account in which the enforcer acts. State is in memory. */
export const playActing = async (show: Show): Promise<ActingStory> => {
  const office = await createOffice({
    accountId,
    store: createMemoryStore(),
    mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
    limits: { maxUsersPerDay: 2, maxPercentPerDay: 100 },
    exemptions: [],
  });
  const changes: string[] = [];
  const scenes = createScenes(office, show, changes);
  try {
    employ(office);
    show.heading(
      `${office.date()}  When nobody heeds a mail: an account in which the enforcer acts, on two users a day`,
    );
    await playKeys(scenes);
    await playMfa(scenes);
    await playIncident(scenes);
    await playRestore(scenes, show);
    playAuditor(office, show);
    return { office, changes };
  } finally {
    await office.close();
  }
};

import { type Html, html, nothing } from '@remedykit/core/html';
import type { AccountForecast, CredentialForecast, ForecastCase } from '../../enforcer/outcome.ts';
import type { ForecastEntry } from '../../lifecycle/forecast-case.ts';
import type { RuleName } from '../../model/case.ts';
import type { Skipped } from '../../rules/skipped.ts';
import { type Coming, calendarHtml } from './calendar.ts';
import { all, credentialColumn, type Of, sinceColumn, untilHtml, type View, whoColumn, whyHtml } from './cells.ts';
import { exemptHtml } from './exempt-table.ts';
import type { IdMask } from './mask-ids.ts';
import { figure, pageHtml, shareBar } from './shell.ts';
import { tableHtml } from './table.ts';
import { counted, dayOf, grouped, isWithin, minuteOf, ruleWords, stageWords, standingWords } from './words.ts';

const comings: readonly Coming[] = ['act', 'report', 'warn', 'none'];
const comingWords: Readonly<Record<Coming, string>> = {
  act: 'time will be up',
  report: 'people must look',
  warn: 'will be warned',
  none: 'nothing yet',
};
const comingMeanings: Readonly<Record<Coming, string>> = {
  act: 'after a warning that counts',
  report: 'nobody can be told, or nothing may be done',
  warn: 'the deadline is later',
  none: 'it is too early, or an exemption lasts',
};

/** The weightiest thing that comes. */
const comingOf = ({ days }: ForecastCase): Coming =>
  comings.find((coming) => days.some(({ action }) => action === coming)) ?? 'none';

const consequenceWords = ({ rule, consequence }: ForecastCase): string => {
  if (consequence === 'report') return 'people are told';
  if (consequence === 'delete-password') return 'the password is deleted';
  if (consequence === 'hold') return 'every session is denied';
  return rule === 'mfa' ? 'sessions without MFA are denied' : 'it is deactivated';
};

const entryWords = (one: ForecastCase, { action, stage }: ForecastEntry): string => {
  const mail = stage === undefined ? '' : stageWords(stage);
  if (action === 'warn') return mail;
  const words = action === 'act' ? `${comingWords.act}: ${consequenceWords(one)}` : comingWords[action];
  return `${words}${mail === '' ? '' : `, ${mail}`}`;
};

/** Entries of one case that are shown at once. */
const shownEntries = 12;

const entriesHtml = (one: ForecastCase): Html => {
  const { days } = one;
  return days.length === 0
    ? html`<span class="muted">nothing within these days</span>`
    : html`<ul class="list small">${days
        .slice(0, shownEntries)
        .map(
          (entry) =>
            html`<li><span class="day">${dayOf(entry.day)}</span> <span class="o-${entry.action}">${entryWords(one, entry)}</span></li>`,
        )}</ul>${days.length > shownEntries ? html`<span class="sub">and ${days.length - shownEntries} more days</span>` : nothing}`;
};

const byDay = (a: Of<ForecastCase>, b: Of<ForecastCase>): number =>
  comings.indexOf(comingOf(a.one)) - comings.indexOf(comingOf(b.one)) ||
  Date.parse(a.one.deadline) - Date.parse(b.one.deadline) ||
  0;

const casesHtml = (view: View, cases: readonly Of<ForecastCase>[]): Html =>
  tableHtml({
    id: 'cases',
    caption: 'Credentials with something to come',
    rows: [...cases].sort(byDay),
    choices: [
      {
        key: 'coming',
        title: 'What comes',
        value: ({ one }) => comingOf(one),
        words: comings.map((coming) => [coming, comingWords[coming]]),
      },
      {
        key: 'rule',
        title: 'Rule',
        value: ({ one }) => one.rule,
        words: Object.entries(ruleWords) as [RuleName, string][],
      },
      {
        key: 'account',
        title: 'Account',
        value: ({ accountId }) => accountId,
        words: [...new Set(cases.map(({ accountId }) => accountId))].map((id) => [id, id]),
      },
    ],
    columns: [
      whoColumn<ForecastCase>(view, ({ userName }) => userName),
      credentialColumn(view),
      sinceColumn(view),
      {
        title: 'State',
        cell: ({ one: { state } }) => html`<span class="o o-${state}">${standingWords[state]}</span>`,
      },
      {
        title: 'Deadline',
        sort: ({ one }) => Date.parse(one.deadline),
        cell: ({ one }) => untilHtml(view, one.deadline),
      },
      {
        title: 'What comes',
        wide: true,
        cell: ({ one }) => html`${entriesHtml(one)}<span class="sub">${whyHtml(view, one.because, one.reason)}</span>`,
      },
    ],
  });

const skippedHtml = (view: View, accounts: readonly AccountForecast[]): Html =>
  tableHtml({
    id: 'skipped',
    caption: 'What was left out',
    rows: all(accounts, ({ skipped }) => skipped),
    none: 'Nothing was left out.',
    columns: [
      whoColumn<Skipped>(view, ({ userName }) => userName),
      {
        title: 'Credential',
        cell: ({ one: { credentialId } }) =>
          html`<span class="mono">${credentialId === undefined ? '–' : view.mask.id(credentialId)}</span>`,
        empty: ({ one: { credentialId } }) => credentialId === undefined,
      },
      { title: 'Why', wide: true, cell: ({ one }) => whyHtml(view, one.because, one.reason) },
    ],
  });

const accountsHtml = (view: View, accounts: readonly AccountForecast[]): Html =>
  tableHtml({
    id: 'accounts',
    caption: 'Accounts that were looked at',
    rows: accounts,
    columns: [
      { title: 'Account', cell: ({ accountId }) => html`<span class="mono">${accountId}</span>` },
      {
        title: 'Looked at',
        wide: true,
        cell: ({ error }) =>
          error === undefined
            ? html`<span class="o o-applied">yes</span>`
            : html`<span class="o o-failed">no</span> ${whyHtml(view, error.message, error.code)}`,
      },
      { title: 'Users', number: true, sort: ({ users }) => users, cell: ({ users }) => html`${grouped(users)}` },
      {
        title: 'Cases',
        number: true,
        sort: ({ cases }) => cases.length,
        cell: ({ cases }) => html`${grouped(cases.length)}`,
      },
    ],
  });

const alertHtml = (view: View, { accounts, done }: CredentialForecast): Html => {
  const failed = accounts.flatMap(({ accountId, error }) => (error === undefined ? [] : [{ accountId, error }]));
  if (done && failed.length === 0) return nothing;
  return html`<section class="alert" aria-labelledby="undone"><h2 id="undone">Not all was looked at</h2>
${done ? nothing : html`<p>Time ran out: accounts that are not listed below were not looked at.</p>`}
${
  failed.length > 0
    ? html`<ul>${failed.map(({ accountId, error }) => html`<li><span class="mono">${accountId}</span>: ${whyHtml(view, error.message, error.code)}</li>`)}</ul>`
    : nothing
}</section>`;
};

/** The page about a forecast. */
export const forecastPage = (forecast: CredentialForecast, mask: IdMask): string => {
  const { at, days, accounts } = forecast;
  const view: View = { at, mask, isSeveral: accounts.length > 1 };
  const cases = all(accounts, (account) => account.cases);
  const count = (coming: Coming): number => cases.filter(({ one }) => comingOf(one) === coming).length;
  const shares = comings.flatMap((key) =>
    count(key) === 0 ? [] : [{ key, count: count(key), words: comingWords[key], meaning: comingMeanings[key] }],
  );
  const mails = cases.flatMap(({ one }) => one.days).filter(({ stage }) => stage !== undefined).length;
  const exempt = all(accounts, (account) => account.exempt);
  const ending = exempt.filter(({ one }) => isWithin(one.expires, at, days)).length;
  const users = accounts.reduce((sum, account) => sum + account.users, 0);
  const within = days === 0 ? 'today' : `within ${counted(days, 'day')}`;
  const where = accounts.length === 1 ? `account ${accounts[0]?.accountId ?? ''}` : counted(accounts.length, 'account');
  return pageHtml({
    title: `What comes for IAM credentials ${within}`,
    at,
    lead: html`${counted(users, 'user')} of ${where}, as of ${minuteOf(at)} UTC. <span class="dry">A forecast: nobody was mailed, nothing was changed.</span> It holds if every mail is accepted and nobody does anything.`,
    figures: [
      figure(
        grouped(cases.length),
        `${cases.length === 1 ? 'credential breaks' : 'credentials break'} a rule, or will`,
      ),
      figure(grouped(count('act')), `whose time will be up ${within}`, count('act') > 0),
      figure(grouped(count('report')), 'that people must look at'),
      figure(grouped(mails), `mails ${within}`),
      figure(
        grouped(exempt.length),
        `${exempt.length === 1 ? 'user is' : 'users are'} exempt${ending > 0 ? `; for ${grouped(ending)} of them that ends ${within}` : ''}`,
      ),
    ],
    alert: alertHtml(view, forecast),
    parts: [
      {
        id: 'calendar',
        name: 'Day by day',
        title: 'Day by day',
        words: 'How many credentials will have something done about them on each day.',
        content: calendarHtml(
          cases.flatMap(({ one }) => one.days),
          at,
          days,
        ),
      },
      {
        id: 'cases',
        name: 'Cases',
        title: 'Who will be warned, and whose time will be up',
        words: 'One row for each credential, what weighs most first.',
        content: html`${shareBar(shares)}${casesHtml(view, cases)}`,
      },
      {
        id: 'exempt',
        name: 'Exempt',
        title: 'Who is exempt, until when and why',
        words: 'Each exemption ends by itself. After that a warning has to count anew before anything is done.',
        content: exemptHtml(view, accounts, days),
      },
      {
        id: 'skipped',
        name: 'Left out',
        title: 'What was left out',
        words: 'Of these nothing is said, neither good nor bad.',
        content: skippedHtml(view, accounts),
      },
      {
        id: 'accounts',
        name: 'Accounts',
        title: 'What was looked at',
        words: 'The credential report of AWS is up to four hours old.',
        content: accountsHtml(view, accounts),
      },
    ],
  });
};

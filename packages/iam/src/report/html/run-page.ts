import { type Html, html, nothing } from '@remedykit/core/html';
import type { RuleName } from '../../model/case.ts';
import {
  type CredentialReport,
  isDue,
  type ReportedAccount,
  type ReportedCase,
  type ReportedNotice,
  type ReportedStep,
} from '../document.ts';
import { untoldSteps } from '../untold-steps.ts';
import { type ActionRow, actionRows, isDone } from './action-rows.ts';
import { actionsHtml } from './action-table.ts';
import {
  all,
  credentialColumn,
  nameHtml,
  type Of,
  sinceColumn,
  subjectOf,
  untilHtml,
  type View,
  whoColumn,
  whyHtml,
} from './cells.ts';
import { exemptHtml } from './exempt-table.ts';
import { mailRows } from './mail-rows.ts';
import type { IdMask } from './mask-ids.ts';
import { figure, type Part, pageHtml, type Share, shareBar } from './shell.ts';
import { isUp, standingOf } from './standing.ts';
import { tableHtml } from './table.ts';
import {
  counted,
  grouped,
  isWithin,
  minuteOf,
  ruleWords,
  type Standing,
  standingMeanings,
  standings,
  standingWords,
} from './words.ts';

const standingHtml = (standing: Standing): Html =>
  html`<span class="o o-${standing}">${standingWords[standing]}</span>`;

const stepHtml = ({ action, outcome, because }: ReportedStep, mask: IdMask): Html =>
  html`<li><span class="mono">${action}</span> <span class="o o-${outcome}">${outcome}</span> <span class="muted">${mask.text(because)}</span></li>`;

const byUrgency = (a: Of<ReportedCase>, b: Of<ReportedCase>): number =>
  standings.indexOf(standingOf(a.one)) - standings.indexOf(standingOf(b.one)) ||
  Date.parse(a.one.deadline) - Date.parse(b.one.deadline) ||
  0;

const ruleChoices = Object.entries(ruleWords) as [RuleName, string][];

const casesHtml = (view: View, cases: readonly Of<ReportedCase>[], isWhole: boolean): Html =>
  tableHtml({
    id: 'cases',
    caption: 'Credentials that break a rule',
    rows: [...cases].sort(byUrgency),
    none: isWhole ? 'No credential breaks a rule.' : 'None in what was looked at.',
    choices: [
      {
        key: 'standing',
        title: 'State',
        value: ({ one }) => standingOf(one),
        words: standings.map((standing) => [standing, standingWords[standing]]),
      },
      { key: 'rule', title: 'Rule', value: ({ one }) => one.rule, words: ruleChoices },
      {
        key: 'account',
        title: 'Account',
        value: ({ accountId }) => accountId,
        words: [...new Set(cases.map(({ accountId }) => accountId))].map((id) => [id, id]),
      },
    ],
    columns: [
      whoColumn<ReportedCase>(view, ({ userName }) => userName),
      credentialColumn(view),
      sinceColumn(view),
      { title: 'State', cell: ({ one }) => standingHtml(standingOf(one)) },
      {
        title: 'Deadline',
        sort: ({ one }) => Date.parse(one.deadline),
        cell: ({ one }) => untilHtml(view, one.deadline),
      },
      {
        title: 'Why',
        wide: true,
        cell: ({ one: { because, reason, acting, steps } }) =>
          html`${whyHtml(view, because, reason)}${acting === undefined || acting.reason === reason ? nothing : html`<span class="sub">${whyHtml(view, acting.because, acting.reason)}</span>`}${steps.length > 0 ? html`<ul class="list small">${steps.map((step) => stepHtml(step, view.mask))}</ul>` : nothing}`,
      },
    ],
  });

const skippedHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
  tableHtml({
    id: 'skipped',
    caption: 'What was left out',
    rows: all(accounts, ({ skipped }) => skipped),
    none: 'Nothing was left out.',
    columns: [
      whoColumn(view, subjectOf),
      { title: 'Why', wide: true, cell: ({ one }) => whyHtml(view, one.because, one.reason) },
    ],
  });

const rootHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
  tableHtml({
    id: 'root',
    caption: 'Root users',
    rows: all(accounts, ({ root }) => root),
    none: 'Nothing to say about a root user.',
    columns: [
      { title: 'Account', cell: ({ accountId }) => html`<span class="mono">${accountId}</span>` },
      { title: 'Finding', wide: true, cell: ({ one }) => whyHtml(view, one.because, one.reason) },
      {
        title: 'Last used',
        sort: ({ one }) => Date.parse(one.lastUsedAt ?? '') || 0,
        cell: ({ one }) =>
          html`<span class="day">${one.lastUsedAt === undefined ? '–' : `${minuteOf(one.lastUsedAt)} UTC`}</span>`,
        empty: ({ one }) => one.lastUsedAt === undefined,
      },
    ],
  });

const stepsHtml = (view: View, steps: readonly ReportedStep[]): Html =>
  tableHtml({
    id: 'steps',
    caption: 'Steps of no case above',
    rows: steps,
    columns: [
      { title: 'Step', cell: ({ stepId }) => html`<span class="mono">${view.mask.text(stepId)}</span>` },
      { title: 'Action', cell: ({ action }) => html`<span class="mono">${action}</span>` },
      { title: 'Outcome', cell: ({ outcome }) => html`<span class="o o-${outcome}">${outcome}</span>` },
      { title: 'Why', wide: true, cell: ({ because, reason }) => whyHtml(view, because, reason) },
    ],
  });

const dueIn = ({ cases }: ReportedAccount): number => cases.filter(isUp).length;

const accountsHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
  tableHtml({
    id: 'accounts',
    caption: 'Accounts that were looked at',
    rows: accounts,
    columns: [
      { title: 'Account', cell: ({ accountId }) => html`<span class="mono">${accountId}</span>` },
      {
        title: 'Looked at',
        wide: true,
        cell: ({ done, preview, error }) =>
          html`${
            error === undefined
              ? html`<span class="o o-${done ? 'applied' : 'failed'}">${done ? 'everybody' : 'not everybody'}</span>`
              : html`<span class="o o-failed">no</span> ${whyHtml(view, error.message, error.code)}`
          }${preview ? html` <span class="muted">dry run</span>` : nothing}`,
      },
      {
        title: 'Credential report',
        cell: ({ reportGeneratedAt }) =>
          html`<span class="day">${reportGeneratedAt === undefined ? '–' : `${minuteOf(reportGeneratedAt)} UTC`}</span>`,
        empty: ({ reportGeneratedAt }) => reportGeneratedAt === undefined,
      },
      { title: 'Users', number: true, sort: ({ users }) => users, cell: ({ users }) => html`${grouped(users)}` },
      {
        title: 'Cases',
        number: true,
        sort: ({ cases }) => cases.length,
        cell: ({ cases }) => html`${grouped(cases.length)}`,
      },
      {
        title: 'Time is up',
        number: true,
        sort: dueIn,
        cell: (account) => html`${grouped(dueIn(account))}`,
      },
      {
        title: 'Exempt',
        number: true,
        sort: ({ exempt }) => exempt.length,
        cell: ({ exempt }) => html`${grouped(exempt.length)}`,
      },
      {
        title: 'IAM calls',
        number: true,
        sort: ({ calls }) => calls.all,
        cell: ({ calls }) => html`${grouped(calls.all)}`,
      },
    ],
  });

/** Of one list at the top of the page; what is behind them is counted. */
const shownNotices = 25;

const noticeList = (view: View, title: string, notices: readonly Of<ReportedNotice>[]): Html => {
  if (notices.length === 0) return nothing;
  const more = notices.length - shownNotices;
  return html`<h3>${title}</h3><ul>${notices
    .slice(0, shownNotices)
    .map(
      ({ accountId, one }) =>
        html`<li>${nameHtml(one.subject ?? 'The account')}${view.isSeveral ? html` <span class="muted">(${accountId})</span>` : nothing}: ${whyHtml(view, one.because, one.reason)}</li>`,
    )}</ul>${more > 0 ? html`<p>… and ${grouped(more)} more.</p>` : nothing}`;
};

const alertHtml = (view: View, { accounts, otherSteps }: CredentialReport, rows: readonly ActionRow[]): Html => {
  const unfinished = accounts.filter(({ done, error }) => !done && error === undefined);
  const failed = [...accounts.flatMap(({ cases }) => cases.flatMap(({ steps }) => steps)), ...otherSteps].filter(
    ({ outcome, reason }) => outcome === 'failed' && reason !== 'unknown-effect',
  ).length;
  const cannotWarn = all(accounts, (account) => account.cannotWarn);
  const faults = all(accounts, (account) => account.faults);
  const count = (...endings: readonly ActionRow['ending'][]): number =>
    rows.filter(({ ending }) => endings.includes(ending)).length;
  const [unknown, refused] = [count('unknown'), count('refused')];
  if (unfinished.length + failed + unknown + refused + cannotWarn.length + faults.length === 0) return nothing;
  return html`<section class="alert" aria-labelledby="undone"><h2 id="undone">Not all was done</h2>
${
  unfinished.length > 0
    ? html`<p>Time ran out before everybody was looked at in ${unfinished.map(({ accountId }) => accountId).join(', ')}. Who is not named here may have a case all the same.</p>`
    : nothing
}
${unknown > 0 ? html`<p>Of ${counted(unknown, 'change')} nobody knows whether it took effect: see “effect unknown” below.</p>` : nothing}
${refused > 0 ? html`<p>${counted(refused, 'change')} ${refused === 1 ? 'was' : 'were'} refused: see “refused” below.</p>` : nothing}
${failed > 0 ? html`<p>${counted(failed, 'step')} failed: see “failed” below.</p>` : nothing}
${noticeList(view, 'Nobody can be warned, no clock runs and nobody is acted on', cannotWarn)}
${noticeList(view, 'What failed', faults)}
</section>`;
};

const leadHtml = ({ accounts, at, runId, totals }: CredentialReport): Html => {
  const dry = accounts.filter(({ preview }) => preview).length;
  const where = totals.accounts === 1 ? `account ${accounts[0]?.accountId ?? ''}` : counted(totals.accounts, 'account');
  const how =
    dry === 0
      ? nothing
      : html` <span class="dry">${dry === totals.accounts ? 'Dry run: nobody was mailed, nothing was changed.' : `Dry run in ${counted(dry, 'account')}: nobody was mailed there, nothing was changed.`}</span>`;
  return html`${counted(totals.users, 'user')} of ${where}, ${minuteOf(at)} UTC, run <span class="mono">${runId}</span>.${how}`;
};

const userCount = (rows: readonly { readonly accountId: string; readonly userName: string }[]): string =>
  counted(new Set(rows.map(({ accountId, userName }) => `${accountId}/${userName}`)).size, 'user');

/** What was done first, then what was not and why, then who waits for an answer. */
const actionParts = (view: View, accounts: readonly ReportedAccount[], rows: readonly ActionRow[]): Part[] => {
  const onHold = all(accounts, (account) => account.onHold);
  const isDry = accounts.every(({ preview }) => preview);
  const hold: Part = {
    id: 'hold',
    name: 'On hold',
    title: 'Who is on hold, and waits for an answer',
    words: 'Every session of these users is denied until a person answers with resolve().',
    content: tableHtml({
      id: 'hold',
      caption: 'Users on hold',
      rows: onHold,
      columns: [
        whoColumn(view, subjectOf),
        { title: 'Why', wide: true, cell: ({ one }) => whyHtml(view, one.because, one.reason) },
      ],
    }),
  };
  return [
    {
      id: 'done',
      name: isDry ? 'What would be done' : 'Done',
      title: isDry ? 'What would be done' : 'What was done',
      words: isDry
        ? 'Changes that a run would make now. Credentials would be deactivated, never deleted.'
        : 'Changes that took effect in this run. What was deactivated or denied can be undone with restore(); a deleted password cannot.',
      content: actionsHtml(
        view,
        {
          id: 'done',
          caption: 'Changes that took effect',
          none: isDry ? 'Nothing would be changed.' : 'Nothing was changed.',
        },
        rows.filter(isDone),
      ),
    },
    {
      id: 'undone-changes',
      name: 'Not done',
      title: isDry ? 'What would not be done, and why' : 'What was not done, and why',
      words:
        'Changes that failed, were refused or were not needed any more, and cases whose time is up and that are left to people.',
      content: actionsHtml(
        view,
        { id: 'not', caption: 'What was not done', none: 'Nothing that was due was left undone.' },
        rows.filter((row) => !isDone(row)),
      ),
    },
    ...(onHold.length > 0 ? [hold] : []),
  ];
};

const figuresOf = ({ accounts, totals, at }: CredentialReport, rows: readonly ActionRow[]): Html[] => {
  const cases = all(accounts, (account) => account.cases);
  const users = new Set(cases.map(({ accountId, one }) => `${accountId}/${one.userId}`)).size;
  const up = cases.filter(({ one }) => isUp(one)).length;
  const soon = cases.filter(({ one }) => !isDue(one) && isWithin(one.deadline, at, 14)).length;
  const exempt = all(accounts, (account) => account.exempt);
  const ending = exempt.filter(({ one }) => isWithin(one.expires, at, 14)).length;
  const of = (...endings: readonly ActionRow['ending'][]): readonly ActionRow[] =>
    rows.filter((row) => endings.includes(row.ending));
  const [done, planned, undone] = [of('applied'), of('planned'), of('unknown', 'failed', 'refused')];
  return [
    figure(
      grouped(cases.length),
      `${cases.length === 1 ? 'credential breaks' : 'credentials break'} a rule${users > 0 ? `, of ${counted(users, 'user')}` : ''}`,
    ),
    ...(done.length > 0 || planned.length === 0
      ? [figure(grouped(done.length), `${done.length === 1 ? 'change' : 'changes'} made, of ${userCount(done)}`)]
      : []),
    ...(planned.length > 0
      ? [
          figure(
            grouped(planned.length),
            `${planned.length === 1 ? 'change' : 'changes'} would be made, of ${userCount(planned)}`,
          ),
        ]
      : []),
    figure(
      grouped(undone.length),
      `${undone.length === 1 ? 'change' : 'changes'} failed, refused or unknown`,
      undone.length > 0,
    ),
    figure(grouped(up), 'whose time is up and of which nothing was done', up > 0),
    ...(totals.onHold > 0
      ? [
          figure(
            grouped(totals.onHold),
            `${totals.onHold === 1 ? 'user waits' : 'users wait'} on hold for an answer`,
            true,
          ),
        ]
      : []),
    figure(grouped(soon), 'with a deadline within 14 days'),
    figure(
      grouped(exempt.length),
      `${exempt.length === 1 ? 'user is' : 'users are'} exempt${ending > 0 ? `; ${grouped(ending)} of them for no more than 14 days` : ''}`,
    ),
    figure(grouped(totals.skipped), 'left out, with the reason'),
  ];
};

/** The page about a run. */
export const runPage = (report: CredentialReport, mask: IdMask): string => {
  const { accounts, at, done } = report;
  const view: View = { at, mask, isSeveral: accounts.length > 1 };
  const cases = all(accounts, (account) => account.cases);
  const rows = actionRows(accounts);
  const otherSteps = untoldSteps(report);
  const shares = standings.flatMap((key): Share[] => {
    const count = cases.filter(({ one }) => standingOf(one) === key).length;
    return count === 0 ? [] : [{ key, count, words: standingWords[key], meaning: standingMeanings[key] }];
  });
  const mails = mailRows(accounts);
  return pageHtml({
    title: 'IAM credentials',
    at,
    lead: leadHtml(report),
    figures: figuresOf(report, rows),
    alert: alertHtml(view, report, rows),
    parts: [
      ...actionParts(view, accounts, rows),
      {
        id: 'cases',
        name: 'Cases',
        title: 'Who has to do something',
        words:
          'One row for each credential that breaks a rule, what presses most first. Its days are counted since the day named.',
        content: html`${shareBar(shares)}${casesHtml(view, cases, done)}`,
      },
      {
        id: 'mails',
        name: 'Mails',
        title: 'Warnings by mail',
        words: 'What became of the mails that were due in this run.',
        content: tableHtml({
          id: 'mails',
          caption: 'Warnings by mail',
          rows: mails,
          none: 'No mail was due.',
          columns: [
            { title: 'Mail', cell: ({ stage }) => html`${stage}` },
            { title: 'Outcome', cell: ({ status, kind }) => html`<span class="o o-${kind}">${status}</span>` },
            { title: 'Mails', number: true, sort: ({ count }) => count, cell: ({ count }) => html`${grouped(count)}` },
          ],
        }),
      },
      {
        id: 'exempt',
        name: 'Exempt',
        title: 'Who is exempt, until when and why',
        words: 'Each exemption ends by itself. After that a warning has to count anew before anything is done.',
        content: exemptHtml(view, accounts, 14),
      },
      {
        id: 'skipped',
        name: 'Left out',
        title: 'What was left out',
        words: 'Of these nothing is said, neither good nor bad, and nothing is done about them.',
        content: skippedHtml(view, accounts),
      },
      {
        id: 'root',
        name: 'Root',
        title: 'Root users',
        words: 'Reported for people to put right; nothing is ever done to a root user.',
        content: rootHtml(view, accounts),
      },
      ...(otherSteps.length === 0
        ? []
        : [
            {
              id: 'steps',
              name: 'Other steps',
              title: 'Other steps of this run',
              words: 'Steps that belong to no case and no change above: users and accounts that failed.',
              content: stepsHtml(view, otherSteps),
            },
          ]),
      {
        id: 'accounts',
        name: 'Accounts',
        title: 'What was looked at',
        words: 'The credential report of AWS is up to four hours old; what led to a mail or a change was read live.',
        content: accountsHtml(view, accounts),
      },
    ],
  });
};

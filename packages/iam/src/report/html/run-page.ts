import { type Html, html, nothing } from '@remedykit/core/html';
import type { CredentialReport } from '../document.ts';
import { untoldSteps } from '../untold-steps.ts';
import { accountsHtml } from './account-table.ts';
import { actionParts } from './action-parts.ts';
import { actionRows } from './action-rows.ts';
import { casesHtml, standingBar } from './case-table.ts';
import { all, type View } from './cells.ts';
import { exemptHtml } from './exempt-table.ts';
import { mailRows } from './mail-rows.ts';
import type { IdMask } from './mask-ids.ts';
import { rootHtml, skippedHtml, stepsHtml } from './notice-tables.ts';
import { alertHtml } from './run-alert.ts';
import { figuresOf } from './run-figures.ts';
import { pageHtml } from './shell.ts';
import { tableHtml } from './table.ts';
import { counted, grouped, minuteOf } from './words.ts';

const leadHtml = ({ accounts, at, runId, totals }: CredentialReport): Html => {
  const dry = accounts.filter(({ preview }) => preview).length;
  const where = totals.accounts === 1 ? `account ${accounts[0]?.accountId ?? ''}` : counted(totals.accounts, 'account');
  const how =
    dry === 0
      ? nothing
      : html` <span class="dry">${dry === totals.accounts ? 'Dry run: nobody was mailed, nothing was changed.' : `Dry run in ${counted(dry, 'account')}: nobody was mailed there, nothing was changed.`}</span>`;
  return html`${counted(totals.users, 'user')} of ${where}, ${minuteOf(at)} UTC, run <span class="mono">${runId}</span>.${how}`;
};

/** The page about a run. */
export const runPage = (report: CredentialReport, mask: IdMask): string => {
  const { accounts, at, done } = report;
  const view: View = { at, mask, isSeveral: accounts.length > 1 };
  const cases = all(accounts, (account) => account.cases);
  const rows = actionRows(accounts);
  const otherSteps = untoldSteps(report);
  const mails = mailRows(accounts);
  return pageHtml({
    title: 'IAM credentials',
    at,
    lead: leadHtml(report),
    figures: figuresOf(report, rows),
    alert: alertHtml(view, report, rows),
    parts: [
      ...actionParts(view, report, rows),
      {
        id: 'cases',
        name: 'Cases',
        title: 'Who has to do something',
        words:
          'One row for each credential that breaks a rule, what presses most first. Its days are counted since the day named.',
        content: html`${standingBar(cases)}${casesHtml(view, cases, done)}`,
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

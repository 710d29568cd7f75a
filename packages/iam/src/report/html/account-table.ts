import { type Html, html, nothing } from '@remedykit/core/html';
import type { ReportedAccount } from '../document.ts';
import { type View, whyHtml } from './cells.ts';
import { isUp } from './standing.ts';
import { tableHtml } from './table.ts';
import { grouped, minuteOf } from './words.ts';

const dueIn = ({ cases }: ReportedAccount): number => cases.filter(isUp).length;

/** What was looked at, account by account. */
export const accountsHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
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

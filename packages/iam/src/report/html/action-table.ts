import { type Html, html, nothing } from '@remedykit/core/html';
import { type ActionRow, actionText, actionWords, endings, endingWords, isDone } from './action-rows.ts';
import { credentialHtml, untilHtml, type View, whoHtml, whyHtml } from './cells.ts';
import { tableHtml } from './table.ts';

/** What a table of changes is called, and what is said where there are none. */
export interface ActionTable {
  readonly id: string;
  readonly caption: string;
  readonly none: string;
}

/** Changes as a table: who, which credential, what, how it ended, and why. */
export const actionsHtml = (view: View, { id, caption, none }: ActionTable, rows: readonly ActionRow[]): Html =>
  tableHtml({
    id,
    caption,
    none,
    rows,
    choices: [
      { key: 'action', title: 'Action', value: ({ action }) => action, words: Object.entries(actionWords) },
      {
        key: 'outcome',
        title: 'Outcome',
        value: ({ ending }) => ending,
        words: endings.map((ending) => [ending, endingWords[ending]]),
      },
      {
        key: 'account',
        title: 'Account',
        value: ({ accountId }) => accountId,
        words: [...new Set(rows.map(({ accountId }) => accountId))].map((one) => [one, one]),
      },
    ],
    columns: [
      { title: 'User', cell: ({ userName, accountId }) => whoHtml(view, userName, accountId) },
      { title: 'Credential', cell: (row) => credentialHtml(view, row) },
      { title: 'Action', cell: ({ action }) => html`${view.mask.text(actionText(action))}` },
      { title: 'Outcome', cell: ({ ending }) => html`<span class="o o-${ending}">${endingWords[ending]}</span>` },
      {
        title: 'Deadline',
        sort: ({ deadline }) => Date.parse(deadline ?? '') || 0,
        // That the deadline has passed is no alarm where it was done.
        cell: ({ deadline, ...row }) =>
          deadline === undefined ? html`–` : untilHtml(view, deadline, isDone(row) ? { past: 'past' } : {}),
        empty: ({ deadline }) => deadline === undefined,
      },
      {
        title: 'Why',
        wide: true,
        cell: ({ because, reason, runId }) =>
          html`${whyHtml(view, because, reason)}${runId === undefined ? nothing : html`<span class="sub">by the earlier run <span class="mono">${runId}</span>, of which nobody was told</span>`}`,
      },
    ],
  });

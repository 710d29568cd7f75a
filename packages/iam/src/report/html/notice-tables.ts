import { type Html, html } from '@remedykit/core/html';
import type { ReportedAccount, ReportedStep } from '../document.ts';
import { all, subjectOf, type View, whoColumn, whyHtml } from './cells.ts';
import { tableHtml } from './table.ts';
import { minuteOf } from './words.ts';

/** Users of whom nothing is said, and addresses that could not be used. */
export const skippedHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
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

/** What there is to say about root users. */
export const rootHtml = (view: View, accounts: readonly ReportedAccount[]): Html =>
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

/** Steps that nothing else on the page tells of. */
export const stepsHtml = (view: View, steps: readonly ReportedStep[]): Html =>
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

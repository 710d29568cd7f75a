import { type Html, html } from '@remedykit/core/html';
import type { ReportedExemption } from '../document.ts';
import { all, untilHtml, type View, whoColumn } from './cells.ts';
import { tableHtml } from './table.ts';

/** What of an account the table is made of, in a run as in a forecast. */
interface AccountOfExempt {
  readonly accountId: string;
  readonly exempt: readonly ReportedExemption[];
}

/** Who is exempt, why and until when; an end within `soonDays` stands out. */
export const exemptHtml = (view: View, accounts: readonly AccountOfExempt[], soonDays: number): Html =>
  tableHtml({
    id: 'exempt',
    caption: 'Users who are exempt',
    rows: all(accounts, ({ exempt }) => exempt).sort(
      (a, b) => Date.parse(a.one.expires) - Date.parse(b.one.expires) || 0,
    ),
    none: 'Nobody who would have a case is exempt.',
    columns: [
      whoColumn<ReportedExemption>(view, ({ userName }) => userName),
      {
        title: 'Until',
        sort: ({ one }) => Date.parse(one.expires),
        cell: ({ one }) => untilHtml(view, one.expires, { soonDays }),
      },
      { title: 'By', cell: ({ one }) => html`<span class="mono">${one.by}</span>` },
      { title: 'Reason', wide: true, cell: ({ one }) => html`${view.mask.text(one.reason)}` },
    ],
  });

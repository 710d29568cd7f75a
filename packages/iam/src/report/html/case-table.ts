import { type Html, html, nothing } from '@remedykit/core/html';
import type { RuleName } from '../../model/case.ts';
import type { ReportedCase, ReportedStep } from '../document.ts';
import { credentialColumn, type Of, sinceColumn, untilHtml, type View, whoColumn, whyHtml } from './cells.ts';
import type { IdMask } from './mask-ids.ts';
import { type Share, shareBar } from './shell.ts';
import { standingOf } from './standing.ts';
import { tableHtml } from './table.ts';
import { ruleWords, type Standing, standingMeanings, standings, standingWords } from './words.ts';

const standingHtml = (standing: Standing): Html =>
  html`<span class="o o-${standing}">${standingWords[standing]}</span>`;

const stepHtml = ({ action, outcome, because }: ReportedStep, mask: IdMask): Html =>
  html`<li><span class="mono">${action}</span> <span class="o o-${outcome}">${outcome}</span> <span class="muted">${mask.text(because)}</span></li>`;

const byUrgency = (a: Of<ReportedCase>, b: Of<ReportedCase>): number =>
  standings.indexOf(standingOf(a.one)) - standings.indexOf(standingOf(b.one)) ||
  Date.parse(a.one.deadline) - Date.parse(b.one.deadline) ||
  0;

const ruleChoices = Object.entries(ruleWords) as [RuleName, string][];

/** Credentials that break a rule, what presses most first. */
export const casesHtml = (view: View, cases: readonly Of<ReportedCase>[], isWhole: boolean): Html =>
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

/** Where all cases stand, as one bar. */
export const standingBar = (cases: readonly Of<ReportedCase>[]): Html =>
  shareBar(
    standings.flatMap((key): Share[] => {
      const count = cases.filter(({ one }) => standingOf(one) === key).length;
      return count === 0 ? [] : [{ key, count, words: standingWords[key], meaning: standingMeanings[key] }];
    }),
  );

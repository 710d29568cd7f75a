import { type Html, html, nothing } from '@remedykit/core/html';
import type { CredentialReport, ReportedNotice } from '../document.ts';
import type { ActionRow } from './action-rows.ts';
import { all, nameHtml, type Of, type View, whyHtml } from './cells.ts';
import { counted, grouped } from './words.ts';

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

/** What stands before all else: that not all was done. */
export const alertHtml = (view: View, { accounts, otherSteps }: CredentialReport, rows: readonly ActionRow[]): Html => {
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

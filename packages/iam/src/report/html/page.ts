import type { CredentialForecast, CredentialRun } from '../../enforcer/outcome.ts';
import { reportOf } from '../report-of.ts';
import { forecastPage } from './forecast-page.ts';
import { createIdMask, type IdMask, noMask } from './mask-ids.ts';
import { runPage } from './run-page.ts';

/** How a page shows what it has. */
export interface CredentialReportHtmlOptions {
  /** Shows ids of credentials whole. Default: their ends alone, `AKIA…7Q2X`. */
  readonly showIds?: boolean;
}

const maskOf = (ids: readonly string[], { showIds = false }: CredentialReportHtmlOptions): IdMask =>
  showIds ? noMask : createIdMask(ids);

/**
 * A run or a forecast as one page for people: the summary first, then what was done, what was not and why, who has to
 * do what until when, who is exempt until when and why, and what was not looked at. It needs nothing else: it loads nothing, forbids itself every
 * script and style but its own, filters and sorts without a framework, and says the same without script. All text of people
 * is escaped. A table holds at most 5,000 rows and counts what is behind them.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import type { CredentialForecast, CredentialRun } from '@remedykit/iam';
 * import { credentialReportHtml } from '@remedykit/iam/report';
 *
 * const show = (found: CredentialRun | CredentialForecast) =>
 *   writeFile('credentials.html', credentialReportHtml(found));
 * ```
 */
export const credentialReportHtml = (
  found: CredentialRun | CredentialForecast,
  options: CredentialReportHtmlOptions = {},
): string => {
  if (!('runId' in found)) {
    const ids = found.accounts.flatMap(({ cases, skipped }) => [
      ...cases.map(({ credentialId }) => credentialId),
      ...skipped.flatMap(({ credentialId }) => credentialId ?? []),
    ]);
    return forecastPage(found, maskOf(ids, options));
  }
  const ids = found.accounts.flatMap(({ open, actions }) =>
    [...open, ...actions].map(({ credentialId }) => credentialId),
  );
  return runPage(reportOf(found), maskOf(ids, options));
};

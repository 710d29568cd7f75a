import type { CredentialRun } from '../enforcer/outcome.ts';
import { reportOf } from './report-of.ts';

/**
 * A run as JSON for auditors and programs: `CredentialReport`, `schema: 1`, indented, with a final newline. Every
 * change with its outcome and why, everybody with a case, everybody on hold, everybody exempt and until when, everybody left out and why, and what failed; ids of credentials in full, so keep it
 * where they may be. The same run gives the same text.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import type { CredentialRun } from '@remedykit/iam';
 * import { credentialReportJson } from '@remedykit/iam/report';
 *
 * const keep = (run: CredentialRun) => writeFile('credentials.json', credentialReportJson(run));
 * ```
 */
export const credentialReportJson = (run: CredentialRun): string => `${JSON.stringify(reportOf(run), null, 2)}\n`;

import { iamErrorCode, isTransient } from '../aws/errors.ts';
import type { ReportRefusal } from './decide-report.ts';

const kinds: Readonly<Record<string, ReportRefusal['kind']>> = {
  LimitExceeded: 'capacity',
  ReportGenerationLimitExceeded: 'capacity',
  ReportNotPresent: 'absent',
  ReportExpired: 'absent',
  ReportInProgress: 'busy',
};

/** What an error of `GenerateCredentialReport` or `GetCredentialReport` means. Pure. */
export const classifyReportError = (error: unknown): ReportRefusal => {
  const code = iamErrorCode(error);
  return { code, kind: kinds[code] ?? (isTransient(error) ? 'transient' : 'final') };
};

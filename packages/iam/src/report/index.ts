export { credentialReportCsv } from './csv.ts';
export type {
  ActionTotals,
  CredentialReport,
  ReportedAccount,
  ReportedAction,
  ReportedCase,
  ReportedExemption,
  ReportedNotice,
  ReportedOtherStep,
  ReportedRootFinding,
  ReportedStep,
} from './document.ts';
export { type CredentialReportHtmlOptions, credentialReportHtml } from './html/page.ts';
export { credentialReportJson } from './json.ts';

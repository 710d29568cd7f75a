export { credentialReportCsv } from './csv.ts';
export type {
  CredentialReport,
  ReportedAccount,
  ReportedCase,
  ReportedExemption,
  ReportedNotice,
  ReportedRootFinding,
  ReportedStep,
} from './document.ts';
export { type CredentialReportHtmlOptions, credentialReportHtml } from './html/page.ts';
export { credentialReportJson } from './json.ts';

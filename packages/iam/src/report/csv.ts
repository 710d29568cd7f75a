import type { CredentialRun } from '../enforcer/outcome.ts';
import { csvCell } from './csv-cell.ts';
import type {
  CredentialReport,
  ReportedAccount,
  ReportedAction,
  ReportedExemption,
  ReportedNotice,
  ReportedOtherStep,
  ReportedStep,
} from './document.ts';
import { reportOf } from './report-of.ts';
import { untoldSteps } from './untold-steps.ts';

const columns = [
  'record',
  'accountId',
  'userName',
  'userId',
  'rule',
  'credentialId',
  'since',
  'state',
  'deadline',
  'due',
  'action',
  'outcome',
  'reason',
  'because',
  'exemptBy',
  'exemptUntil',
  'lastUsedAt',
  'preview',
  'runId',
  'runAt',
  'policy',
  'decided',
  'acting',
  'actingBecause',
] as const;

type Row = Readonly<Partial<Record<(typeof columns)[number], string>>>;

/** The name that AWS gives the root user in its credential report. */
const rootName = '<root_account>';

const joined = (steps: readonly ReportedStep[], of: (step: ReportedStep) => string): string => steps.map(of).join('; ');

const noticeRow = (record: string, { subject, reason, because }: ReportedNotice): Row => ({
  record,
  ...(subject === undefined ? {} : { userName: subject }),
  reason,
  because,
});

const exemptRow = (record: string, { userName, by, reason, expires }: ReportedExemption): Row => ({
  record,
  userName,
  reason: record,
  because: reason,
  exemptBy: by,
  exemptUntil: expires,
});

/** What was done first, then what was not; the word for what nobody knows is that it failed. */
const outcomes: readonly ReportedAction['outcome'][] = [
  'applied',
  'planned',
  'failed',
  'refused',
  'skipped',
  'already-applied',
];

const actionRows = ({ actions }: ReportedAccount): Row[] =>
  actions
    .toSorted((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome))
    .map((one) => ({ record: 'action', ...one }));

const rowsOf = (account: ReportedAccount): Row[] => [
  ...actionRows(account),
  ...account.onHold.map((notice) => noticeRow('on-hold', notice)),
  ...account.cases.map(({ steps, caseId: _, acting, ...one }) => ({
    record: 'case',
    ...one,
    action: joined(steps, ({ action }) => action),
    outcome: joined(steps, ({ outcome }) => outcome),
    ...(acting === undefined ? {} : { acting: acting.reason, actingBecause: acting.because }),
  })),
  ...account.exempt.map((one) => exemptRow('exempt', one)),
  ...account.ended.map((one) => exemptRow('exempt-no-more', one)),
  ...account.skipped.map((notice) => noticeRow('skipped', notice)),
  ...account.root.map((finding) => ({ record: 'root', userName: rootName, ...finding })),
  ...account.cannotWarn.map((notice) => noticeRow('cannot-warn', notice)),
  ...account.faults.map((notice) => noticeRow('fault', notice)),
  ...(account.done || account.error !== undefined
    ? []
    : [
        {
          record: 'unfinished',
          reason: 'unfinished',
          because: 'Not everybody of this account was looked at: time ran out.',
        },
      ]),
];

const stepRow = ({ accountId, action, outcome, reason, because, stepId }: ReportedOtherStep): Row => ({
  record: 'step',
  ...(accountId === undefined ? {} : { accountId }),
  action,
  outcome,
  reason,
  because: `${stepId}: ${because}`,
});

const allRows = (report: CredentialReport): Row[] => {
  const { accounts, runId, at } = report;
  return [
    ...accounts.flatMap((account) =>
      rowsOf(account).map((row) => ({
        // Of a change that an earlier run made it is that run which can be undone.
        runId,
        ...row,
        accountId: account.accountId,
        preview: String(account.preview),
        runAt: at,
      })),
    ),
    ...untoldSteps(report).map((step) => ({ ...stepRow(step), runId, runAt: at })),
  ];
};

/**
 * A run as CSV (RFC 4180, UTF-8, with a header): one row for each change that was made or was not (`action`, what was
 * done first), user on hold, case, exempt user, user left out and finding about a root user, and, so that a run that saw
 * half is not read as clean, for each fault, account that was not finished and further step. What the run did about a case
 * stands in `action` and `outcome` of its row as well; several are joined by `; `, in the same order.
 * Columns may be added at the end. Ids of credentials are whole.
 *
 * Names, tags and reasons are written by people, and no spreadsheet takes one for a formula: wherever one could begin, at
 * the beginning of a cell or behind a separator within it, stands an apostrophe, to be taken away again by programs.
 */
export const credentialReportCsv = (run: CredentialRun): string =>
  [columns, ...allRows(reportOf(run)).map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');

import type { NotEvaluated, ReplayOutcome, ReplayReport, ReportedStatement } from '../replay/report.ts';

/** `12000` as `12,000`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `count` of something with its thousands apart: `1 event`, `12,000 events`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** An instant to the minute, in UTC. */
export const minuteOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** The day of an instant, in UTC. */
export const dayOf = (instant: string): string => instant.split('T')[0] ?? '';

/** Outcomes as they are listed. */
export const outcomes: readonly ReplayOutcome[] = [
  'denied',
  'unknown',
  'allowed',
  'already-denied',
  'exempt',
  'not-evaluated',
];

/** Outcomes for people. */
export const outcomeWords: Readonly<Record<ReplayOutcome, string>> = {
  denied: 'denied',
  unknown: 'unknown',
  allowed: 'allowed',
  'already-denied': 'already denied',
  exempt: 'exempt',
  'not-evaluated': 'not evaluated',
};

/** What an outcome means. */
export const outcomeMeanings: Readonly<Record<ReplayOutcome, string>> = {
  denied: 'the policies stop the call',
  unknown: 'it depends on what the event does not show',
  allowed: 'nothing in the policies stands in the way',
  'already-denied': 'AWS refused it then',
  exempt: 'AWS does not apply the policies to it',
  'not-evaluated': 'no call that the policies are about',
};

/** Why events were exempt. */
export const exemptWords: Readonly<Record<keyof ReplayReport['exempt'], string>> = {
  'management-account': 'of the management account',
  'service-linked-role': 'of service-linked roles',
  'service-principal': 'of AWS services that act for themselves',
  'kms-retire-grant': 'kms:RetireGrant',
};

/** Why events were not evaluated. */
export const notEvaluatedWords: Readonly<Record<NotEvaluated, string>> = {
  'not-an-api-call': 'sign-ins, insights and events of services',
  'other-account': 'of accounts that were not asked about',
  'other-side': 'across accounts, counted in the other account',
  'no-permission-needed': 'calls that need no permission',
};

const missingWords: Readonly<Record<string, string>> = {
  resource: 'the resource',
  action: 'the action',
};

/** What an event would have to show. */
export const missingText = (missing: readonly string[]): string =>
  missing.map((key) => missingWords[key] ?? key).join(', ');

/** A statement for people: its Sid, and where it is attached. */
export const statementText = ({ statement, policy, target }: ReportedStatement): string =>
  policy === '' ? `${statement} at ${target}` : `${statement} (${policy} at ${target})`;

/** What could not be read, as sentences. */
export const readFaults = ({ read }: ReplayReport): readonly string[] => [
  ...(read.unreadable > 0 ? [`${counted(read.unreadable, 'file')} could not be read to the end.`] : []),
  ...(read.malformed > 0 ? [`${counted(read.malformed, 'element is', 'elements are')} no event of CloudTrail.`] : []),
];

/** What was read, as one phrase. */
export const readText = ({ read, period }: ReplayReport): string => {
  const left = [
    ...(read.digests > 0 ? [counted(read.digests, 'digest')] : []),
    ...(read.otherFiles > 0 ? [counted(read.otherFiles, 'other file')] : []),
  ];
  return `${counted(read.events, 'event')} in ${counted(read.files, 'file')}${period === undefined ? '' : `, from ${minuteOf(period.from)} to ${minuteOf(period.to)} UTC`}${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`;
};

const mostNamed = 3;

/** Some statements, in one cell. */
export const statementsText = (by: readonly ReportedStatement[]): string => {
  const named = by.slice(0, mostNamed).map((one) => (one.policy === '' ? statementText(one) : one.statement));
  return `${named.join(', ')}${by.length > mostNamed ? ` and ${by.length - mostNamed} more` : ''}`;
};

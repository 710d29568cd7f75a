import type { ReplayReport, ReplayRows } from '../replay/report.ts';
import {
  counted,
  dayOf,
  exemptWords,
  grouped,
  missingText,
  notEvaluatedWords,
  outcomeMeanings,
  outcomes,
  outcomeWords,
  readFaults,
  readText,
  statementsText,
  statementText,
} from './words.ts';

/** Lines per list; what is behind them is counted. */
const maxLines = 10;
/** Characters of a text in a cell. */
const longestCell = 90;

/** Text of events in a terminal: no control character, no direction override, nothing but printable ASCII. */
const plain = (text: string): string => {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > longestCell ? `${printable.slice(0, longestCell - 3)}...` : printable;
};

type Cell = string | number;

const table = (rows: readonly (readonly Cell[])[]): string[] => {
  const texts = rows.map((row) => row.map((cell) => plain(typeof cell === 'number' ? grouped(cell) : cell)));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts.map((row, line) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return typeof rows[line]?.[column] === 'number' ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
};

const list = <Row>({ rows, omitted, exact }: ReplayRows<Row>, cells: (row: Row) => readonly Cell[]): string[] => {
  const more = rows.length - Math.min(rows.length, maxLines) + omitted;
  return [
    ...table(rows.slice(0, maxLines).map(cells)),
    ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
    ...(exact ? [] : ['  There are too many to count each: counts of rows are lower bounds.']),
  ];
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

const reasons = <Key extends string>(counts: Readonly<Record<Key, number>>, words: Readonly<Record<Key, string>>) =>
  (Object.keys(words) as Key[]).flatMap((key) => (counts[key] > 0 ? [[counts[key], words[key]] as const] : []));

/** The report for a terminal: the answer first, then ten lines of each list at most. */
export const replayText = (report: ReplayReport): string => {
  const { outcomes: found, evaluated, principals, denials, statements, unknowns, unmapped, read } = report;
  const who = principals.rows.length + principals.omitted;
  return [
    readText(report),
    `${counted(found.denied, 'event')} of ${grouped(evaluated)} would have been denied${found.denied > 0 ? `, of ${counted(who, 'principal')}` : ''}`,
    ...(found.unknown > 0
      ? [`${counted(found.unknown, 'event')}: unknown, since they do not show what it depends on`]
      : []),
    ...readFaults(report),
    ...read.errors
      .slice(0, 5)
      .map(({ code, message }) => `  ${code} ${message.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)}`),
    ...section(
      'Events by what would have become of them',
      table(outcomes.map((outcome) => [found[outcome], outcomeWords[outcome], outcomeMeanings[outcome]])),
    ),
    ...section(
      'Statements that would have denied',
      list(statements, (row) => [row.events, statementText(row), `${dayOf(row.firstSeen)} to ${dayOf(row.lastSeen)}`]),
    ),
    ...section(
      'Who would have been denied what',
      list(denials, ({ events, principal, action, by }) => [events, action, principal, statementsText(by)]),
    ),
    ...section(
      'Unknown, and what the event would have to show',
      list(unknowns, ({ events, action, by, missing }) => [events, action, missingText(missing), statementsText(by)]),
    ),
    ...section(
      'Names of events that are no actions, and in no table',
      list(unmapped, ({ events, eventSource, eventName }) => [events, eventSource, eventName]),
    ),
    ...section('Exempt', table(reasons(report.exempt, exemptWords))),
    ...section('Not evaluated', table(reasons(report.notEvaluated, notEvaluatedWords))),
    '',
  ].join('\n');
};

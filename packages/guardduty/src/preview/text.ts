import { outcomesByWeight } from './outcomes.ts';
import type { PreviewReport, Rows } from './report.ts';
import { addressOf, counted, dayWords, grouped, laneWords, lengthOf, minuteOf, outcomeWords } from './words.ts';

/** Lines per list; what is behind them is counted. */
const maxLines = 10;

/** Text of findings in a terminal: no control character, no direction override, nothing but printable ASCII. */
const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

const table = (rows: readonly (readonly (string | number)[])[]): string[] => {
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

const list = <Row>({ rows, omitted }: Rows<Row>, cells: (row: Row) => readonly (string | number)[]): string[] => {
  const more = rows.length - Math.min(rows.length, maxLines) + omitted;
  return [...table(rows.slice(0, maxLines).map(cells)), ...(more > 0 ? [`  … and ${grouped(more)} more`] : [])];
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

/** The report for a terminal: the answer first, then ten lines of each list at most. */
export const previewText = (report: PreviewReport): string => {
  const { read, period, findings, attackers, fill, assumptions, countries } = report;
  const { capacity, blockForMs, quota, headroom, ownRules } = assumptions;
  const named = countries.rows.filter(({ country }) => country !== 'not named').length + countries.omitted;
  const blocked = attackers.byOutcome.blocked;
  const head = [
    `${counted(read.findings, 'finding', 'findings')}${period ? ` from ${minuteOf(period.from)} to ${minuteOf(period.to)} UTC` : ''}`,
    `${counted(blocked, 'attacker', 'attackers')} of ${grouped(attackers.total)} from ${counted(named, 'country', 'countries')} would have been blocked${blocked > 0 ? `, half of them for ${lengthOf(attackers.medianDeniedMs)} or more` : ''}`,
    `${counted(report.escalations, 'finding', 'findings')} would have called a person`,
    `${counted(fill.everFull, 'network ACL direction', 'network ACL directions')} would have been full at some time`,
  ];
  return [
    ...head,
    ...unread(report),
    ...section(
      'Findings by what would have become of them',
      table(outcomesByWeight.map((outcome) => [findings[outcome], outcomeWords[outcome]])),
    ),
    ...section(
      'Attackers',
      list(attackers, ({ cidr, outcome, reason, findings: count, deniedMs, country }) => [
        addressOf(cidr),
        count,
        outcomeWords[outcome] + (reason === undefined ? '' : ` (${reason})`),
        lengthOf(deniedMs).replace('–', '-'),
        country ?? '',
      ]),
    ),
    ...section(
      `Fullest network ACLs, of ${capacity} denies that fit (quota ${quota}, ${ownRules} own, ${headroom} free, default deny)`,
      list(fill, ({ kind, id, peak, fullDays, withoutRoom, ...lane }) => [
        kind === 'subnet' ? id : `instance ${id}`,
        laneWords(lane),
        `peak ${peak}`,
        `full on ${counted(fullDays, 'day', 'days')}`,
        withoutRoom > 0 ? `no room ${counted(withoutRoom, 'time', 'times')}` : '',
      ]),
    ),
    ...section(
      'Why a person would have been called',
      list(report.escalated, ({ type, reason, findings: count }) => [count, type, reason]),
    ),
    ...section(
      'Refused, and not blocked',
      list(
        {
          ...report.reasons,
          rows: report.reasons.rows.filter(({ outcome }) => /^(refused|not-blocked)$/.test(outcome)),
        },
        ({ decisions, outcome, reason, meaning }) => [decisions, outcomeWords[outcome], reason, meaning],
      ),
    ),
    ...section(
      'Not checked, since it needs AWS or your settings',
      report.notChecked.map(({ check, effect }) => `  ${check}. ${effect}`),
    ),
    '',
    `A deny is taken to hold ${lengthOf(blockForMs)} after the last sighting. Each finding was judged as at its own time${assumptions.awsRangesAsOf === undefined ? '' : `, by AWS's ranges of ${dayWords(assumptions.awsRangesAsOf)}`}.`,
    '',
  ].join('\n');
};

const unread = ({ read }: PreviewReport): string[] => [
  ...(read.copies > 0 ? [`${counted(read.copies, 'copy', 'copies')} of findings left out`] : []),
  ...(read.undated > 0 ? [`${counted(read.undated, 'finding', 'findings')} without a time, which block nobody`] : []),
  ...(read.notSimulated > 0
    ? [`${counted(read.notSimulated, 'finding', 'findings')} judged but not simulated: there are too many`]
    : []),
  ...(read.unreadable > 0 ? [`${counted(read.unreadable, 'document', 'documents')} could not be read:`] : []),
  ...read.errors.slice(0, 5).map(({ code, message }) => `  ${code} ${plain(message).slice(0, 160)}`),
];

import type { ListedEntry } from '@remedykit/guardduty';
import type { SentMail } from '@remedykit/notify/testing';
import type { Counts } from './count-calls.ts';
import type { Scored, Verdict } from './performance.ts';
import type { NaclRow } from './report.ts';
import { slackText } from './slack-text.ts';

/** Tells people what happens, as it happens. */
export interface Show {
  heading(text: string): void;
  line(text: string): void;
  /** One document and what came of it. */
  scored(scored: Scored): void;
  /** Slack messages as they were sent. */
  messages(payloads: readonly unknown[]): void;
  /** A mail as it was sent: its subject, or all of it. */
  mail(mail: Pick<SentMail, 'to' | 'subject' | 'text'>, options: { readonly inFull: boolean }): void;
  /** What IAM holds now, or otherwise than before, a line each. */
  iam(lines: readonly string[]): void;
  nacl(title: string, rows: readonly NaclRow[], ours: readonly ListedEntry[]): void;
  ledger(title: string, entries: readonly ListedEntry[]): void;
  calls(calls: Counts, stageCalls: Counts): void;
}

const nothing = (): void => {};

/** For `--json`: the report says it all. */
export const silentShow: Show = {
  heading: nothing,
  line: nothing,
  scored: nothing,
  messages: nothing,
  mail: nothing,
  iam: nothing,
  nacl: nothing,
  ledger: nothing,
  calls: nothing,
};

type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const codes: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

const resultColours: Readonly<Record<string, Colour>> = {
  blocked: 'green',
  extended: 'green',
  unchanged: 'green',
  planned: 'cyan',
  ignored: 'dim',
  refused: 'yellow',
  escalated: 'yellow',
};

const width = 110;

/** Text in lines that fit the terminal, words kept whole. */
const wrapped = (text: string, columns: number): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`;
    if (longer.length <= columns || lines[last] === '') lines[last] = longer;
    else lines.push(word);
  }
  return lines;
};

/** A table with a rule below its head; columns are as wide as they need to be. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [lineOf(head), widths.map((columns) => '─'.repeat(columns)).join('  '), ...rows.map(lineOf)];
};

const protocols: Readonly<Record<string, string>> = { '6': 'TCP', '17': 'UDP', '-1': 'all' };

const portsText = (ports: { readonly from: number; readonly to: number } | undefined): string => {
  if (ports === undefined) return 'all';
  return ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
};

const isListed = ({ networkAclId, egress, ruleNumber }: NaclRow, ours: readonly ListedEntry[]): boolean =>
  ours.some(
    (entry) =>
      entry.networkAclId === networkAclId &&
      entry.ruleNumber === ruleNumber &&
      (entry.direction === 'egress') === egress,
  );

const atMinute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** Writes for a terminal. */
export const createShow = (write: (line: string) => void, colours: boolean): Show => {
  const paint = (text: string, ...styles: Colour[]): string =>
    colours ? `${styles.map((style) => `\u001b[${codes[style]}m`).join('')}${text}\u001b[0m` : text;
  const indented = (lines: readonly string[], indent = '  '): void => {
    for (const line of lines) write(line === '' ? '' : `${indent}${line}`);
  };
  const title = (text: string): void => write(`\n${paint(text, 'bold')}`);

  const threatLines = ({ outcome }: Verdict): void => {
    for (const { threat, outcome: result, reason, because } of outcome?.threats ?? []) {
      const what = threat.address === undefined ? 'no address' : `${threat.address} ${threat.direction}`;
      const marked = paint(result, 'bold', resultColours[result] ?? 'red');
      const escalated = threat.escalate ? paint(' · escalated', 'yellow') : '';
      write(`  ${what}: ${threat.verdict} → ${marked} (${reason})${escalated}`);
      indented(
        wrapped(because, width - 4).map((line) => paint(line, 'dim')),
        '    ',
      );
    }
  };

  const showVerdict = (verdict: Verdict): void => {
    const { entry } = verdict;
    if ('error' in entry) {
      write(`  ${entry.source}: ${paint(entry.error.code, 'red')}`);
      indented(wrapped(entry.error.message, width - 4), '    ');
      return;
    }
    write(`  ${entry.type}  ${paint(entry.id, 'dim')}`);
    threatLines(verdict);
    if (entry.thrown !== undefined) {
      write(`  ${paint(`The handler threw ${entry.thrown.code}, for Lambda to try again:`, 'red')}`);
      indented(wrapped(entry.thrown.message, width - 4), '    ');
    }
    if (entry.returned) write(`  ${paint('The handler gave the record back to its queue, to try again.', 'red')}`);
  };

  const show: Show = {
    heading: (text) => write(`\n${paint(`── ${text} ${'─'.repeat(Math.max(0, width - text.length - 4))}`, 'cyan')}`),
    line: (text) => indented(wrapped(text, width - 2)),
    scored({ verdicts, messages }) {
      for (const verdict of verdicts) showVerdict(verdict);
      show.messages(messages);
    },
    messages(payloads) {
      if (payloads.length === 0) write(paint('  Slack: nothing new to tell', 'dim'));
      for (const payload of payloads) {
        const [header = '', ...rest] = slackText(payload);
        write(`  ${paint('Slack', 'cyan')} ┃ ${paint(header, 'bold')}`);
        for (const line of rest.flatMap((text) => wrapped(text, width - 10))) write(`        ┃ ${line}`);
      }
    },
    mail({ to, subject, text }, { inFull }) {
      write(`  ${paint('Mail', 'cyan')}  ┃ ${to} ┃ ${paint(subject, 'bold')}`);
      if (!inFull) return;
      for (const line of text.split('\n').flatMap((one) => wrapped(one, width - 10)))
        write(`        ┃ ${line}`.trimEnd());
    },
    iam(lines) {
      for (const line of lines) write(`  ${paint('IAM', 'green')}   ┃ ${line}`);
    },
    nacl(text, rows, ours) {
      title(text);
      const cells = rows.map((row) => [
        row.egress ? 'outbound' : 'inbound',
        String(row.ruleNumber),
        row.action,
        row.cidr,
        protocols[row.protocol] ?? row.protocol,
        portsText(row.ports),
        isListed(row, ours) ? '◄ remedykit' : '',
      ]);
      const [head = '', rule = '', ...lines] = table(
        ['direction', 'rule', 'action', 'address', 'protocol', 'ports', ''],
        cells,
      );
      indented([head, rule, ...lines.map((line) => (line.includes('◄') ? paint(line, 'green') : line))]);
    },
    ledger(text, entries) {
      title(text);
      if (entries.length === 0) return write('  (empty)');
      const cells = entries.map((entry) => [
        entry.networkAclId,
        entry.direction,
        String(entry.ruleNumber),
        entry.cidr,
        entry.status,
        String(entry.hits),
        atMinute(entry.lastSeen),
        atMinute(entry.expiresAt),
        entry.findingType,
      ]);
      indented(
        table(
          ['network ACL', 'direction', 'rule', 'address', 'status', 'hits', 'last seen', 'until (UTC)', 'because of'],
          cells,
        ),
      );
    },
    calls(calls, stageCalls) {
      title('Requests to AWS');
      const actions = [...new Set([...Object.keys(calls), ...Object.keys(stageCalls)])].sort();
      indented(
        table(
          ['action', 'remedykit', 'the demo itself'],
          actions.map((action) => [action, String(calls[action] ?? ''), String(stageCalls[action] ?? '')]),
        ),
      );
    },
  };
  return show;
};

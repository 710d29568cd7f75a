import type { Finding } from '../finding.ts';
import { blockReasons } from '../reasons.ts';
import { threatReasons } from '../threats/reasons.ts';
import { boundedText } from './bounded-text.ts';
import { indices } from './columns.ts';
import { createInterner } from './interner.ts';
import type { EscalationRow, PreviewExample, PreviewOutcome, ReasonRow, Rows } from './report.ts';

const maxExamples = 3;

const meanings: Readonly<Record<string, string>> = {
  ...blockReasons,
  ...threatReasons,
  'not-simulated':
    'Too many findings came before; the address was to be denied, and whether there was room is not known.',
};

/** The documented sentence of a reason; examples have their own addresses in the reasons they were given. */
const meaningOf = (reason: string): string => (Object.hasOwn(meanings, reason) ? (meanings[reason] ?? '') : '');

/** A finding as an example, with nothing of unbounded length. */
export const exampleOf = (
  { id, type, accountId, region, partition, instance }: Finding,
  at?: Date,
): PreviewExample => ({
  findingId: id,
  type,
  accountId,
  region,
  partition: boundedText(partition, 40),
  ...(instance?.instanceId === undefined ? {} : { instanceId: boundedText(instance.instanceId, 64) }),
  ...(at ? { at: at.toISOString() } : {}),
});

type Growing<Row> = { -readonly [Key in keyof Row]: Row[Key] extends readonly (infer Item)[] ? Item[] : Row[Key] };

const mostFirst = <Row>(rows: readonly Row[], count: (row: Row) => number, most: number): Rows<Row> => ({
  rows: rows.toSorted((a, b) => count(b) - count(a)).slice(0, most),
  omitted: Math.max(0, rows.length - most),
});

/** Decisions by outcome and reason. */
export interface ReasonTable {
  add(outcome: PreviewOutcome, reason: string, example?: () => PreviewExample): void;
  rows(most: number): Rows<ReasonRow>;
}

/** An empty table of reasons; reasons are codes of ours, so there are few. */
export const createReasonTable = (): ReasonTable => {
  const table = createInterner<Growing<ReasonRow>>(500);
  return {
    add(outcome, reason, example) {
      const row = { outcome, reason, meaning: meaningOf(reason), decisions: 0, examples: [] };
      const found = table.values[table.indexOf(`${outcome} ${reason}`, () => row) ?? -1];
      if (!found) return;
      found.decisions += 1;
      if (example && found.examples.length < maxExamples) found.examples.push(example());
    },
    rows: (most) => mostFirst(table.values, ({ decisions }) => decisions, most),
  };
};

/** Findings that call a person, by type and reason. */
export interface EscalationTable {
  add(type: string, reason: string, finding: number, example: () => PreviewExample): void;
  /** `blocks` tells of a finding whether it denied somebody as well. */
  rows(most: number, blocks: (finding: number) => boolean): Rows<EscalationRow>;
}

/** An empty table of escalations with room for `most` rows; what finds none is counted in `omitted`. */
export const createEscalationTable = (most: number): EscalationTable => {
  const table = createInterner<Growing<EscalationRow>>(most);
  const [findings, rows] = [indices(), indices()];
  let beyond = 0;
  return {
    add(type, reason, finding, example) {
      const row = { type, reason, meaning: meaningOf(reason), findings: 0, alsoBlocking: 0, examples: [] };
      const index = table.indexOf(`${reason} ${type}`, () => row) ?? -1;
      const found = table.values[index];
      if (!found) {
        beyond += 1;
        return;
      }
      found.findings += 1;
      findings.push(finding);
      rows.push(index);
      if (found.examples.length < maxExamples) found.examples.push(example());
    },
    rows(rowsMost, blocks) {
      const alsoBlocking = new Map<number, number>();
      for (let each = 0; each < findings.length; each++) {
        const row = rows.at(each);
        if (blocks(findings.at(each))) alsoBlocking.set(row, (alsoBlocking.get(row) ?? 0) + 1);
      }
      const all = table.values.map((row, index) => ({ ...row, alsoBlocking: alsoBlocking.get(index) ?? 0 }));
      const listed = mostFirst(all, (row) => row.findings, rowsMost);
      return { ...listed, omitted: listed.omitted + (beyond > 0 ? 1 : 0) };
    },
  };
};

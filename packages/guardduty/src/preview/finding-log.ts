import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import { bytes, indices, numbers } from './columns.ts';
import { createInterner } from './interner.ts';
import { noOutcomes, outcomesByWeight, outweighs } from './outcomes.ts';
import type { PreviewOutcome, Rows, TypeRow } from './report.ts';

/** 48 bits of a digest: whoever writes findings cannot easily make two that look alike. */
const digestOf = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6);

/** The findings so far, in a few bytes each. */
export interface FindingLog {
  readonly length: number;
  readonly copies: number;
  /** Takes a finding; undefined for one that was taken before, in the same state. */
  add(finding: Finding): number | undefined;
  /** Notes what a finding came to; the weightiest counts. */
  came(finding: number, outcome: PreviewOutcome): void;
  outcomeOf(finding: number): PreviewOutcome;
  /** A short id that is the same for the same finding, and its type. */
  get(finding: number): { readonly id: string; readonly type: string };
  byOutcome(): Record<PreviewOutcome, number>;
  byType(most: number): Rows<TypeRow>;
}

/** Stands for every type for which there was no room. */
const otherTypes = '(other types)';

/** An empty log. */
export const createFindingLog = ({
  types: mostTypes,
  copies: mostCopies,
}: {
  types: number;
  copies: number;
}): FindingLog => {
  const ids = numbers();
  const type = indices();
  const outcome = bytes();
  const types = createInterner<string>(mostTypes + 1);
  types.indexOf(otherTypes, () => otherTypes);
  const states = new Set<number>();
  let copies = 0;
  const outcomeOf = (finding: number): PreviewOutcome => outcomesByWeight[outcome.at(finding)] ?? 'ignored';
  return {
    get length() {
      return ids.length;
    },
    get copies() {
      return copies;
    },
    add(finding) {
      const { id, accountId, region, updatedAt, eventLastSeen, archived } = finding;
      const state = digestOf(JSON.stringify([id, accountId, region, updatedAt, eventLastSeen, archived]));
      if (states.has(state)) {
        copies += 1;
        return undefined;
      }
      if (states.size < mostCopies) states.add(state);
      ids.push(digestOf(JSON.stringify([id, accountId, region])));
      type.push(types.indexOf(finding.type, () => finding.type) ?? 0);
      outcome.push(outcomesByWeight.length - 1);
      return ids.length - 1;
    },
    came(finding, came) {
      if (outweighs(came, outcomeOf(finding))) outcome.set(finding, outcomesByWeight.indexOf(came));
    },
    outcomeOf,
    get: (finding) => ({ id: ids.at(finding).toString(16), type: types.values[type.at(finding)] ?? otherTypes }),
    byOutcome() {
      const counts = noOutcomes();
      for (let finding = 0; finding < ids.length; finding++) counts[outcomeOf(finding)] += 1;
      return counts;
    },
    byType(most) {
      const rows = types.values.map((name) => ({ type: name, findings: 0, ...noOutcomes() }));
      for (let finding = 0; finding < ids.length; finding++) {
        const row = rows[type.at(finding)];
        if (row) {
          row.findings += 1;
          row[outcomeOf(finding)] += 1;
        }
      }
      const used = rows.filter(({ findings }) => findings > 0).sort((a, b) => b.findings - a.findings);
      return { rows: used.slice(0, most), omitted: Math.max(0, used.length - most) };
    },
  };
};

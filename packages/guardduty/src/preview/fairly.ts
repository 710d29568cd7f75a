import { noOutcomes, outcomesByWeight } from './outcomes.ts';
import type { PreviewOutcome } from './report.ts';

/**
 * The first `most` rows, in which every outcome has its part: else a thousand blocked ones would leave no line for those
 * that were refused. The order stays.
 */
export const fairly = <Row extends { readonly outcome: PreviewOutcome }>(rows: readonly Row[], most: number): Row[] => {
  if (rows.length <= most) return [...rows];
  const share = Math.floor(most / outcomesByWeight.length);
  const taken = noOutcomes();
  const kept = new Set<Row>();
  for (const row of rows) {
    if (taken[row.outcome] >= share) continue;
    taken[row.outcome] += 1;
    kept.add(row);
  }
  for (const row of rows) {
    if (kept.size >= most) break;
    kept.add(row);
  }
  return rows.filter((row) => kept.has(row));
};

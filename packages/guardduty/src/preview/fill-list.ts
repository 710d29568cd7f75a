import type { PreviewPlace } from './places.ts';
import type { FillRow, PreviewReport } from './report.ts';
import type { LaneFill } from './simulate-lane.ts';

/** The fullest network ACLs. */
export interface FillList {
  add(place: PreviewPlace, direction: FillRow['direction'], fills: readonly LaneFill[]): void;
  list(): PreviewReport['fill'];
}

const fullestFirst = (a: FillRow, b: FillRow): number =>
  b.fullDays - a.fullDays || b.peak - a.peak || b.written - a.written || (a.id < b.id ? -1 : 1);

/** Keeps `most` rows with their days; of the others only their number. Places come one after another. */
export const createFillList = (most: number): FillList => {
  let rows: FillRow[] = [];
  let [count, places, everFull] = [0, 0, 0];
  let lastPlace: PreviewPlace | undefined;
  return {
    add(place, direction, fills) {
      if (place !== lastPlace) places += 1;
      lastPlace = place;
      for (const fill of fills) {
        count += 1;
        if (fill.fullDays > 0) everFull += 1;
        rows.push({ ...place, direction, ...fill });
      }
      if (rows.length > 2 * most) rows = rows.sort(fullestFirst).slice(0, most);
    },
    list() {
      const listed = rows.sort(fullestFirst).slice(0, most);
      return { places, everFull, rows: listed, omitted: count - listed.length };
    },
  };
};

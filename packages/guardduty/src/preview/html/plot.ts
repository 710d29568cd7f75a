import { type Html, html, nothing } from '@remedykit/core/html';
import type { FillRow, PreviewReport } from '../report.ts';
import { counted, grouped, laneWords } from '../words.ts';

const dayMs = 86_400_000;

/** At most this many bars; of more days several share one, which shows the highest. */
const maxBars = 380;

/** The days that all plots share. */
export interface Axis {
  /** Number of the first day. */
  readonly first: number;
  readonly daysPerBar: number;
  readonly bars: number;
}

const dayNumber = (day: string): number => Math.floor(Date.parse(day) / dayMs);

/** From the first day with any deny to the last. */
export const axisOf = (rows: readonly FillRow[]): Axis | undefined => {
  const edges = rows.flatMap(({ days }) => [days[0], days.at(-1)].flatMap((edge) => (edge ? dayNumber(edge[0]) : [])));
  if (edges.length === 0) return undefined;
  const first = edges.reduce((a, b) => Math.min(a, b));
  const length = edges.reduce((a, b) => Math.max(a, b)) - first + 1;
  const daysPerBar = Math.ceil(length / maxBars);
  return { first, daysPerBar, bars: Math.ceil(length / daysPerBar) };
};

const height = 100;

/** Runs of equal bars as one rectangle each, so that a quiet year costs little. */
const barsOf = ({ days }: FillRow, { first, daysPerBar, bars }: Axis, capacity: number): Html[] => {
  const held = new Map<number, number>();
  for (const [day, count] of days) {
    const bar = Math.floor((dayNumber(day) - first) / daysPerBar);
    held.set(bar, Math.max(held.get(bar) ?? 0, count));
  }
  const rectangles: Html[] = [];
  const top = Math.max(1, capacity);
  for (let from = 0, to = 0; from < bars; from = to) {
    const count = held.get(from) ?? 0;
    while (to < bars && (held.get(to) ?? 0) === count) to += 1;
    if (count === 0) continue;
    const high = Math.round((Math.min(count, top) / top) * 86 * 10) / 10;
    const kind = count >= capacity ? 'bar full' : 'bar';
    rectangles.push(
      html`<rect class="${kind}" x="${from}" y="${Math.round((height - high) * 10) / 10}" width="${to - from}" height="${high}"/>`,
    );
  }
  return rectangles;
};

const sentence = (row: FillRow, capacity: number): string =>
  `${row.id}, ${laneWords(row)}: at most ${row.peak} of ${capacity} denies at a time${row.peakDay ? `, first on ${row.peakDay}` : ''}; full on ${counted(row.fullDays, 'day', 'days')}.`;

/** One network ACL direction, day by day, under the line of what fits. */
const laneHtml = (row: FillRow, axis: Axis, capacity: number): Html => html`<li>
<div class="name"><span><code>${row.id}</code> <span class="muted">${laneWords(row)}${row.kind === 'instance' ? ', instance' : ''}</span></span>
<span>${row.fullDays > 0 ? html`<span class="o o-not-blocked">full on ${counted(row.fullDays, 'day', 'days')}</span>` : html`<span class="muted">peak ${row.peak} of ${capacity}</span>`}</span></div>
<svg class="plot" viewBox="0 0 ${axis.bars} ${height}" preserveAspectRatio="none" role="img" aria-label="${sentence(row, capacity)}">
${barsOf(row, axis, capacity)}<line class="limit" x1="0" x2="${axis.bars}" y1="14" y2="14"/></svg>
${axisHtml(axis)}</li>`;

const dayText = (day: number): string => new Date(day * dayMs).toISOString().split('T')[0] ?? '';

const axisHtml = ({ first, bars, daysPerBar }: Axis): Html =>
  html`<div class="axis" aria-hidden="true"><span>${dayText(first)}</span><span>${dayText(first + bars * daysPerBar - 1)}</span></div>`;

/** How many network ACL directions are drawn, and how many of them at once. */
const maxPlots = 48;
const plotsAtOnce = 8;

/** The plots of the fullest network ACLs. */
export const plotsHtml = ({ fill, assumptions }: PreviewReport): Html => {
  const shown = fill.rows.slice(0, maxPlots);
  const axis = axisOf(shown);
  if (axis === undefined) return html`<p class="muted">Nothing would have been denied, so none.</p>`;
  const lanes = shown.map((row) => laneHtml(row, axis, assumptions.capacity));
  const others = lanes.slice(plotsAtOnce);
  const beyond = fill.rows.length + fill.omitted - shown.length;
  return html`${
    axis.daysPerBar > 1 ? html`<p class="muted small">Each bar is the highest of ${axis.daysPerBar} days.</p>` : nothing
  }<ul class="lanes">${lanes.slice(0, plotsAtOnce)}</ul>
${others.length > 0 ? html`<details><summary>${counted(others.length, 'more that was less full', 'more that were less full')}</summary><ul class="lanes">${others}</ul></details>` : nothing}
${beyond > 0 ? html`<p class="more">… and ${grouped(beyond)} more, less full still.</p>` : nothing}`;
};

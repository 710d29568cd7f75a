import { type Html, html } from '@remedykit/core/html';
import { addDays, utcDay } from '../../days.ts';
import type { ForecastEntry } from '../../lifecycle/forecast-case.ts';
import { tableHtml } from './table.ts';
import { counted, dayOf, grouped } from './words.ts';

/** What comes for a credential; `none`: nothing within the days asked for. */
export type Coming = ForecastEntry['action'] | 'none';

interface CalendarDay {
  readonly day: string;
  readonly warn: number;
  readonly report: number;
  readonly act: number;
}

const height = 100;
const kinds = ['act', 'report', 'warn'] as const;

const barsOf = (calendar: readonly CalendarDay[], highest: number): Html[] =>
  calendar.flatMap((one, x) => {
    let y = height;
    return kinds.flatMap((kind) => {
      if (one[kind] === 0) return [];
      const high = (one[kind] / highest) * (height - 8);
      y -= high;
      return [
        html`<rect class="f-${kind}" x="${(x + 0.1).toFixed(1)}" y="${y.toFixed(2)}" width="0.8" height="${high.toFixed(2)}"/>`,
      ];
    });
  });

/** What comes on each day, as a plot and in numbers. */
export const calendarHtml = (entries: readonly ForecastEntry[], at: string, days: number): Html => {
  const counts = new Map<string, { warn: number; report: number; act: number }>();
  for (const { day, action } of entries) {
    const one = counts.get(day) ?? { warn: 0, report: 0, act: 0 };
    one[action] += 1;
    counts.set(day, one);
  }
  const today = utcDay(at);
  const calendar = Array.from({ length: days + 1 }, (_, ahead): CalendarDay => {
    const day = addDays(today, ahead);
    return { day, ...(counts.get(day) ?? { warn: 0, report: 0, act: 0 }) };
  });
  const busy = calendar.filter(({ warn, report, act }) => warn + report + act > 0);
  const fullest = busy.reduce<CalendarDay | undefined>(
    (most, one) =>
      most === undefined || one.warn + one.report + one.act > most.warn + most.report + most.act ? one : most,
    undefined,
  );
  if (fullest === undefined) return html`<p class="muted">Nothing comes within these days.</p>`;
  const highest = fullest.warn + fullest.report + fullest.act;
  const sentence = `${counted(busy.length, 'day')} of ${grouped(calendar.length)} with something to do, most on ${dayOf(fullest.day)}: ${grouped(highest)}.`;
  const number = (title: string, kind: (typeof kinds)[number]) => ({
    title,
    number: true,
    sort: (one: CalendarDay) => one[kind],
    cell: (one: CalendarDay) => html`${grouped(one[kind])}`,
    empty: (one: CalendarDay) => one[kind] === 0,
  });
  return html`<p class="small">${sentence}</p>
<svg class="plot" viewBox="0 0 ${calendar.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${sentence}">${barsOf(calendar, highest)}</svg>
<div class="axis" aria-hidden="true"><span>${dayOf(today)}</span><span>${dayOf(addDays(today, days))}</span></div>
<ul class="legend small"><li><span class="key f-warn" aria-hidden="true"></span>warnings</li><li><span class="key f-act" aria-hidden="true"></span>time is up</li><li><span class="key f-report" aria-hidden="true"></span>people must look</li></ul>
<details><summary>In numbers</summary>${tableHtml({
    id: 'calendar',
    caption: 'Day by day in numbers',
    rows: busy,
    columns: [
      { title: 'Day', cell: ({ day }: CalendarDay) => html`<span class="day">${dayOf(day)}</span>` },
      number('Warnings', 'warn'),
      number('Time is up', 'act'),
      number('People must look', 'report'),
    ],
  })}</details>`;
};

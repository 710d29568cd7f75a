import { createHash } from 'node:crypto';
import { type Html, html, nothing } from '@remedykit/core/html';
import { consoleLink } from '../../messages/console-link.ts';
import { fairly } from '../fairly.ts';
import { outcomesByWeight } from '../outcomes.ts';
import type { PreviewExample, PreviewOutcome, PreviewReport } from '../report.ts';
import {
  addressOf,
  counted,
  dayWords,
  exampleWords,
  grouped,
  laneWords,
  lengthOf,
  minuteOf,
  outcomeMeanings,
  outcomeWords,
} from '../words.ts';
import { plotsHtml } from './plot.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { tableHtml } from './table.ts';

/** Rows of one table; what is behind them is counted. */
const maxRows = 250;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the one style and the one script of this page; nothing from elsewhere, no form, no frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${digest(script)}`,
  `style-src ${digest(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const outcomeHtml = (outcome: PreviewOutcome): Html =>
  html`<span class="o o-${outcome}">${outcomeWords[outcome]}</span>`;

const outcomeChoices = outcomesByWeight.map((outcome) => [outcome, outcomeWords[outcome]] as const);

const exampleHtml = (example: PreviewExample): Html => {
  const link = consoleLink({ partition: example.partition, region: example.region, id: example.findingId });
  const when = example.at === undefined ? '' : `${minuteOf(example.at)} UTC, `;
  const words = html`${when}<span class="mono">${exampleWords(example)}</span>`;
  return html`<li>${words}${link === undefined ? nothing : html` <a href="${link}" rel="noreferrer">console</a>`}</li>`;
};

const examplesHtml = (examples: readonly PreviewExample[]): Html =>
  examples.length === 0
    ? nothing
    : html`<details><summary>${counted(examples.length, 'example', 'examples')}</summary><ul>${examples.map(exampleHtml)}</ul></details>`;

/** A finding type, which may be broken where its parts end. */
const typeHtml = (type: string): Html => {
  const parts = type.split(/(?<=[:/!])/);
  return html`<span class="mono">${parts.map((part, index) => html`${index === 0 ? nothing : html`<wbr>`}${part}`)}</span>`;
};

const figure = (value: string, words: string): Html => html`<li><b>${value}</b><span>${words}</span></li>`;

const figures = ({ attackers, countries, escalations, fill, assumptions }: PreviewReport): Html => {
  const named = countries.rows.filter(({ country }) => country !== 'not named').length + countries.omitted;
  return html`<ul class="figures">
${figure(grouped(attackers.byOutcome.blocked), `of ${counted(attackers.total, 'attacker', 'attackers')} blocked${named > 0 ? `; ${counted(named, 'country', 'countries')}` : ''}`)}
${figure(lengthOf(attackers.medianDeniedMs), `was the median block; the longest ${lengthOf(attackers.longestDeniedMs)}`)}
${figure(grouped(attackers.byOutcome['not-blocked']), 'attackers never blocked, for want of room or a place')}
${figure(grouped(fill.everFull), `network ACL directions full at some time, of ${assumptions.capacity} denies each`)}
${figure(grouped(escalations), 'findings that call a person')}
</ul>`;
};

const shareBar = ({ findings, read }: PreviewReport): Html => {
  const width = 1_000;
  let x = 0;
  const parts = outcomesByWeight.map((outcome) => {
    const wide = read.findings === 0 ? 0 : (findings[outcome] / read.findings) * width;
    const part = html`<rect class="f-${outcome}" x="${x.toFixed(2)}" y="0" width="${wide.toFixed(2)}" height="14"/>`;
    x += wide;
    return part;
  });
  return html`<svg class="share" viewBox="0 0 ${width} 14" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
<ul class="legend">${outcomesByWeight.map(
    (outcome) =>
      html`<li><span class="key f-${outcome}" aria-hidden="true"></span><b>${grouped(findings[outcome])}</b> ${outcomeWords[outcome]} <span class="muted">${outcomeMeanings[outcome]}</span></li>`,
  )}</ul>`;
};

const readProblems = ({ read }: PreviewReport): Html => {
  const problems = [
    ...(read.unreadable > 0 ? [`${counted(read.unreadable, 'document', 'documents')} could not be read.`] : []),
    ...(read.notSimulated > 0
      ? [`${counted(read.notSimulated, 'finding was', 'findings were')} judged but not simulated: there are too many.`]
      : []),
    ...(read.undated > 0
      ? [`${counted(read.undated, 'finding has', 'findings have')} no time and so block nobody.`]
      : []),
  ];
  if (problems.length === 0) return nothing;
  return html`<section class="alert" aria-labelledby="unread"><h2 id="unread">Not all of it counts</h2>
<p>${problems.join(' ')}</p>
${
  read.errors.length > 0
    ? html`<details><summary>The first ${counted(read.errors.length, 'error', 'errors')}</summary><ul>${read.errors.map(({ code, message }) => html`<li><code>${code}</code> <span class="mono">${message}</span></li>`)}</ul></details>`
    : nothing
}</section>`;
};

const attackersHtml = ({ attackers }: PreviewReport): Html =>
  tableHtml({
    id: 'attackers',
    caption: 'Attackers by address',
    rows: fairly(attackers.rows, maxRows),
    more: attackers.omitted + Math.max(0, attackers.rows.length - maxRows),
    outcome: ({ outcome }) => outcome,
    outcomes: outcomeChoices,
    columns: [
      { title: 'Address', cell: ({ cidr }) => html`<code>${addressOf(cidr)}</code>` },
      {
        title: 'Country',
        cell: ({ country }) => html`${country ?? ''}`,
        empty: ({ country }) => country === undefined,
      },
      {
        title: 'Outcome',
        cell: ({ outcome, reason }) =>
          html`${outcomeHtml(outcome)}${reason === undefined ? nothing : html` <span class="muted small">${reason}</span>`}`,
      },
      {
        title: 'Findings',
        number: true,
        sort: ({ findings }) => findings,
        cell: ({ findings }) => html`${grouped(findings)}`,
      },
      {
        title: 'Block',
        number: true,
        sort: ({ deniedMs }) => deniedMs,
        cell: ({ deniedMs }) => html`${lengthOf(deniedMs)}`,
      },
      {
        title: 'Places',
        number: true,
        sort: ({ places }) => places,
        cell: ({ places }) => html`${places}`,
        empty: ({ places }) => places === 0,
      },
      {
        title: 'No room',
        number: true,
        sort: ({ withoutRoom }) => withoutRoom,
        cell: ({ withoutRoom }) => html`${grouped(withoutRoom)}`,
        empty: ({ withoutRoom }) => withoutRoom === 0,
      },
      {
        title: 'Seen',
        sort: ({ lastSeen }) => Date.parse(lastSeen),
        cell: ({ firstSeen, lastSeen }) =>
          dayWords(firstSeen) === dayWords(lastSeen)
            ? html`<span class="day">${dayWords(lastSeen)}</span>`
            : html`<span class="day">${dayWords(firstSeen)} –</span> <span class="day">${dayWords(lastSeen)}</span>`,
      },
      {
        title: 'Types',
        cell: ({ types, moreTypes }) =>
          html`<span class="types">${types.map((type) => html`<span>${typeHtml(type)}</span> `)}</span>${moreTypes > 0 ? html` <span class="muted">and ${moreTypes} more</span>` : nothing}`,
      },
    ],
  });

const countriesHtml = ({ countries }: PreviewReport): Html =>
  tableHtml({
    id: 'countries',
    caption: 'Attackers by country',
    rows: countries.rows.slice(0, maxRows),
    more: countries.omitted + Math.max(0, countries.rows.length - maxRows),
    columns: [
      { title: 'Country', cell: ({ country }) => html`${country}` },
      {
        title: 'Attackers',
        number: true,
        sort: ({ attackers }) => attackers,
        cell: ({ attackers }) => html`${grouped(attackers)}`,
      },
      {
        title: 'Blocked',
        number: true,
        sort: ({ blocked }) => blocked,
        cell: ({ blocked }) => html`${grouped(blocked)}`,
      },
    ],
  });

const fillHtml = ({ fill }: PreviewReport): Html =>
  tableHtml({
    id: 'fill',
    caption: 'Network ACLs by subnet',
    rows: fill.rows.slice(0, maxRows),
    more: fill.omitted + Math.max(0, fill.rows.length - maxRows),
    columns: [
      {
        title: 'Subnet',
        cell: ({ id, kind, vpcId }) =>
          html`<code>${id}</code>${kind === 'instance' ? html` <span class="muted small">instance; its subnet is not named</span>` : nothing}${vpcId === undefined ? nothing : html`<br><span class="muted small mono">${vpcId}</span>`}`,
      },
      {
        title: 'Account',
        cell: ({ accountId, region }) =>
          html`<span class="mono">${accountId}</span><br><span class="muted small">${region}</span>`,
      },
      { title: 'Direction', cell: (row) => html`${laneWords(row)}` },
      {
        title: 'Peak',
        number: true,
        sort: ({ peak }) => peak,
        cell: ({ peak, peakDay }) =>
          html`${peak}${peakDay === undefined ? nothing : html` <span class="muted small">${peakDay}</span>`}`,
      },
      {
        title: 'Days full',
        number: true,
        sort: ({ fullDays }) => fullDays,
        cell: ({ fullDays }) => html`${grouped(fullDays)}`,
        empty: ({ fullDays }) => fullDays === 0,
      },
      {
        title: 'Written',
        number: true,
        sort: ({ written }) => written,
        cell: ({ written }) => html`${grouped(written)}`,
      },
      {
        title: 'Extended',
        number: true,
        sort: ({ extended }) => extended,
        cell: ({ extended }) => html`${grouped(extended)}`,
        empty: ({ extended }) => extended === 0,
      },
      {
        title: 'Swapped out',
        number: true,
        sort: ({ swapped }) => swapped,
        cell: ({ swapped }) => html`${grouped(swapped)}`,
        empty: ({ swapped }) => swapped === 0,
      },
      {
        title: 'No room',
        number: true,
        sort: ({ withoutRoom }) => withoutRoom,
        cell: ({ withoutRoom }) => html`${grouped(withoutRoom)}`,
        empty: ({ withoutRoom }) => withoutRoom === 0,
      },
    ],
  });

const escalatedHtml = ({ escalated }: PreviewReport): Html =>
  tableHtml({
    id: 'escalated',
    caption: 'Findings that call a person',
    rows: escalated.rows.slice(0, maxRows),
    more: escalated.omitted + Math.max(0, escalated.rows.length - maxRows),
    columns: [
      { title: 'Type', cell: ({ type }) => typeHtml(type) },
      {
        title: 'Findings',
        number: true,
        sort: ({ findings }) => findings,
        cell: ({ findings }) => html`${grouped(findings)}`,
      },
      {
        title: 'Blocked as well',
        number: true,
        sort: ({ alsoBlocking }) => alsoBlocking,
        cell: ({ alsoBlocking }) => html`${grouped(alsoBlocking)}`,
      },
      {
        title: 'Why',
        cell: ({ reason, meaning, examples }) => html`<code>${reason}</code> ${meaning}${examplesHtml(examples)}`,
      },
    ],
  });

const reasonsHtml = ({ reasons }: PreviewReport): Html =>
  tableHtml({
    id: 'reasons',
    caption: 'Decisions by reason',
    rows: reasons.rows.slice(0, maxRows),
    more: reasons.omitted + Math.max(0, reasons.rows.length - maxRows),
    outcome: ({ outcome }) => outcome,
    outcomes: outcomeChoices,
    columns: [
      { title: 'Reason', cell: ({ reason }) => html`<code>${reason}</code>` },
      { title: 'Outcome', cell: ({ outcome }) => outcomeHtml(outcome) },
      {
        title: 'Decisions',
        number: true,
        sort: ({ decisions }) => decisions,
        cell: ({ decisions }) => html`${grouped(decisions)}`,
      },
      { title: 'Meaning', cell: ({ meaning, examples }) => html`${meaning}${examplesHtml(examples)}` },
    ],
  });

const typesHtml = ({ types }: PreviewReport): Html =>
  tableHtml({
    id: 'types',
    caption: 'Findings by type',
    rows: types.rows.slice(0, maxRows),
    more: types.omitted + Math.max(0, types.rows.length - maxRows),
    columns: [
      { title: 'Type', cell: ({ type }) => typeHtml(type) },
      {
        title: 'Findings',
        number: true,
        sort: ({ findings }) => findings,
        cell: ({ findings }) => html`${grouped(findings)}`,
      },
      ...outcomesByWeight.map((outcome) => ({
        title: outcomeWords[outcome],
        number: true,
        sort: (row: Readonly<Record<PreviewOutcome, number>>) => row[outcome],
        cell: (row: Readonly<Record<PreviewOutcome, number>>) =>
          row[outcome] > 0 ? html`${grouped(row[outcome])}` : html`–`,
        empty: (row: Readonly<Record<PreviewOutcome, number>>) => row[outcome] === 0,
      })),
    ],
  });

const section = (id: string, title: string, words: string, content: Html): Html =>
  html`<section id="${id}-part" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
<p class="muted small">${words}</p>
${content}</section>`;

const periodWords = ({ period, read }: PreviewReport): string =>
  `${counted(read.findings, 'finding', 'findings')}${period ? `, last seen from ${minuteOf(period.from)} to ${minuteOf(period.to)} UTC` : ''}${read.copies > 0 ? `; ${counted(read.copies, 'copy', 'copies')} left out` : ''}`;

const assumed = ({ quota, headroom, ownRules, capacity }: PreviewReport['assumptions']): string =>
  `A quota of ${quota}, less the default deny, ${counted(ownRules, 'rule', 'rules')} of your own and ${headroom} kept free for people, leaves room for ${capacity} denies per direction and address family.`;

/**
 * The report as one page that needs nothing else: no request leaves it, and it forbids itself every script and style but
 * its own. All text of findings is escaped.
 */
export const previewHtml = (report: PreviewReport): string => {
  const { assumptions, generatedAt, library, notChecked } = report;
  const parts = [
    ['outcomes', 'Findings'],
    ['plots', 'Day by day'],
    ['fill', 'Subnets'],
    ['attackers', 'Attackers'],
    ['countries', 'Countries'],
    ['escalated', 'Escalations'],
    ['reasons', 'Reasons'],
    ['types', 'Types'],
    ['checks', 'Not checked'],
  ] as const;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>What would have been blocked</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>What would have been blocked</h1>
<p class="muted">${periodWords(report)}. Nothing was changed, and no AWS account was asked.</p>
${figures(report)}
<nav aria-label="Parts of this page"><ul>${parts.map(([id, words]) => html`<li><a href="#${id}-part">${words}</a></li>`)}</ul></nav>
</header>
<main>
${readProblems(report)}
${section('outcomes', 'What would have become of the findings', 'Each finding counts once, by the weightiest thing that would have happened.', shareBar(report))}
${section('plots', 'How full the network ACLs would have become', `${assumed(assumptions)} The dashed line is that limit; days are of UTC. A deny holds ${lengthOf(assumptions.blockForMs)} after the last sighting, at most ${lengthOf(assumptions.maxBlockForMs)}.`, plotsHtml(report))}
${section('fill', 'Subnets', 'Findings name no network ACL, so each subnet stands for one of its own.', fillHtml(report))}
${section('attackers', 'Attackers', 'Every address that the threat table wants denied. IPv6 is denied as /64. The block is the longest of one deny in one network ACL.', attackersHtml(report))}
${section('countries', 'Countries', 'As GuardDuty places the addresses.', countriesHtml(report))}
${section('escalated', 'Findings that call a person', 'Whatever is blocked: a compromised host stays compromised behind a deny.', escalatedHtml(report))}
${section('reasons', 'Decisions and their reasons', 'One decision for each address of a finding and each place.', reasonsHtml(report))}
${section('types', 'Finding types', 'Findings of each type by what would have become of them.', typesHtml(report))}
${section('checks', 'What was not checked', 'These checks need AWS or your settings. The blocker makes them before it writes; each can only make it block less.', html`<ul class="checks">${notChecked.map(({ check, effect }) => html`<li><b>${check}</b><span>${effect}</span></li>`)}</ul>`)}
</main>
<footer><p>Made by ${library} on ${minuteOf(generatedAt)} UTC. Each finding was judged as at its own time${assumptions.awsRangesAsOf === undefined ? '' : `, by the address ranges that AWS published on ${dayWords(assumptions.awsRangesAsOf)}`}. An export that holds only the last state of a finding shows a block later than it would have begun.</p></footer>
<script>${{ html: script }}</script>
</body>
</html>
`;
  return page.html;
};

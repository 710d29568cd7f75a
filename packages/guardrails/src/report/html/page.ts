import { createHash } from 'node:crypto';
import { type Html, html, nothing } from '@remedykit/core/html';
import type {
  DenialRow,
  ReplayExample,
  ReplayReport,
  ReplayRows,
  ReportedStatement,
  Seen,
} from '../../replay/report.ts';
import {
  counted,
  dayOf,
  exemptWords,
  grouped,
  minuteOf,
  missingText,
  notEvaluatedWords,
  outcomeMeanings,
  outcomes,
  outcomeWords,
  readFaults,
  readText,
} from '../words.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { type Column, tableHtml } from './table.ts';

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

/** Text that may be broken where its parts end: an ARN, an action, a Sid of joined words. */
const broken = (text: string): Html => {
  const parts = text.split(/(?<=[:/])|(?<=[a-z0-9])(?=[A-Z][a-z])/);
  return html`<span class="mono">${parts.map((part, index) => html`${index === 0 ? nothing : html`<wbr>`}${part}`)}</span>`;
};

const seenHtml = ({ firstSeen, lastSeen }: Seen): Html =>
  dayOf(firstSeen) === dayOf(lastSeen)
    ? html`<span class="day">${dayOf(lastSeen)}</span>`
    : html`<span class="day">${dayOf(firstSeen)} –</span> <span class="day">${dayOf(lastSeen)}</span>`;

const statementHtml = ({ statement, policy, target }: ReportedStatement): Html =>
  html`<span>${broken(statement)} <span class="muted small">${policy === '' ? `at ${target}` : `${policy} at ${target}`}</span></span>`;

/** Statements named in one cell; what is behind them is counted. */
const mostNamed = 4;

const statementsHtml = (by: readonly ReportedStatement[]): Html =>
  html`<span class="statements">${by.slice(0, mostNamed).map(statementHtml)}</span>${by.length > mostNamed ? html` <span class="muted">and ${by.length - mostNamed} more</span>` : nothing}`;

const kinds = { SERVICE_CONTROL_POLICY: 'SCP', RESOURCE_CONTROL_POLICY: 'RCP' } as const;

const exampleHtml = (example: ReplayExample): Html => {
  const rows = [
    ['Event', example.eventName],
    ['Id', example.eventId],
    ['Account', example.accountId],
    ['Region', example.region],
    ['Resource', example.resource],
    ['Address', example.sourceIp],
    ['User agent', example.userAgent],
  ] as const;
  return html`<details><summary>Example</summary><ul>${rows.map(([name, value]) =>
    value === undefined
      ? nothing
      : html`<li><span class="muted">${name}</span> <span class="mono">${value}</span></li>`,
  )}</ul></details>`;
};

const events: Column<Seen> = {
  title: 'Events',
  number: true,
  sort: (row) => row.events,
  cell: (row) => html`${grouped(row.events)}`,
};

const seen: Column<Seen> = { title: 'Seen', sort: ({ lastSeen }) => Date.parse(lastSeen), cell: seenHtml };

const listHtml = <Row>(
  id: string,
  caption: string,
  { rows, omitted, exact }: ReplayRows<Row>,
  columns: readonly Column<Row>[],
): Html =>
  tableHtml({
    id,
    caption,
    rows: rows.slice(0, maxRows),
    more: omitted + Math.max(0, rows.length - maxRows),
    exact,
    columns,
  });

const denialsHtml = ({ denials }: ReplayReport): Html =>
  listHtml<DenialRow>('denials', 'Denied calls by principal and action', denials, [
    { title: 'Principal', cell: ({ principal }) => broken(principal) },
    { title: 'Action', cell: ({ action }) => broken(action) },
    events,
    { title: 'By', cell: ({ by, example }) => html`${statementsHtml(by)}${exampleHtml(example)}` },
    seen,
  ]);

const statementTable = ({ statements }: ReplayReport): Html =>
  listHtml('statements', 'Statements that would have denied', statements, [
    { title: 'Statement', cell: ({ statement }) => broken(statement) },
    { title: 'Kind', cell: ({ type }) => html`${kinds[type]}` },
    { title: 'Policy', cell: ({ policy, target }) => html`${policy} <span class="muted small">at ${target}</span>` },
    events,
    seen,
  ]);

const principalsHtml = ({ principals }: ReplayReport): Html =>
  listHtml('principals', 'Principals that would have been denied', principals, [
    { title: 'Principal', cell: ({ principal }) => broken(principal) },
    { title: 'Account', cell: ({ accountId }) => html`<span class="mono">${accountId ?? ''}</span>` },
    events,
    seen,
  ]);

const unknownsHtml = ({ unknowns }: ReplayReport): Html =>
  listHtml('unknowns', 'Unknown verdicts by action and statement', unknowns, [
    { title: 'Action', cell: ({ action }) => broken(action) },
    { title: 'Not shown', cell: ({ missing }) => html`<code>${missingText(missing)}</code>` },
    events,
    { title: 'Statement', cell: ({ by, example }) => html`${statementsHtml(by)}${exampleHtml(example)}` },
    seen,
  ]);

const unmappedHtml = ({ unmapped }: ReplayReport): Html =>
  listHtml('unmapped', 'Names that are no actions', unmapped, [
    { title: 'Event', cell: ({ eventName }) => broken(eventName) },
    { title: 'Source', cell: ({ eventSource }) => broken(eventSource) },
    events,
    seen,
  ]);

const figure = (value: string, words: string): Html => html`<li><b>${value}</b><span>${words}</span></li>`;

const figures = ({ outcomes: found, evaluated, principals, statements }: ReplayReport): Html => {
  const who = principals.rows.length + principals.omitted;
  const by = statements.rows.length + statements.omitted;
  return html`<ul class="figures">
${figure(grouped(found.denied), `of ${counted(evaluated, 'evaluated event')} denied`)}
${figure(grouped(who), who === 1 ? 'principal that would have met a denial' : 'principals that would have met a denial')}
${figure(grouped(by), by === 1 ? 'statement that would have denied' : 'statements that would have denied')}
${figure(grouped(found.unknown), 'events whose verdict is unknown')}
${figure(grouped(found['already-denied']), 'calls that AWS had refused already')}
</ul>`;
};

const shareBar = ({ outcomes: found, read }: ReplayReport): Html => {
  const width = 1_000;
  let x = 0;
  const parts = outcomes.map((outcome) => {
    const wide = read.events === 0 ? 0 : (found[outcome] / read.events) * width;
    const part = html`<rect class="f-${outcome}" x="${x.toFixed(2)}" y="0" width="${wide.toFixed(2)}" height="14"/>`;
    x += wide;
    return part;
  });
  return html`<svg class="share" viewBox="0 0 ${width} 14" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
<ul class="legend">${outcomes.map(
    (outcome) =>
      html`<li><span class="key f-${outcome}" aria-hidden="true"></span><b>${grouped(found[outcome])}</b> ${outcomeWords[outcome]} <span class="muted">${outcomeMeanings[outcome]}</span></li>`,
  )}</ul>`;
};

const countsHtml = (counts: readonly (readonly [count: number, words: string])[]): Html =>
  counts.length === 0
    ? html`<p class="muted">None.</p>`
    : html`<ul class="legend">${counts.map(([count, words]) => html`<li><b>${grouped(count)}</b> ${words}</li>`)}</ul>`;

const readProblems = (report: ReplayReport): Html => {
  const faults = readFaults(report);
  if (faults.length === 0) return nothing;
  const { errors } = report.read;
  return html`<section class="alert" aria-labelledby="unread"><h2 id="unread">Not all of it counts</h2>
<p>${faults.join(' ')}</p>
${
  errors.length > 0
    ? html`<details><summary>The first ${counted(errors.length, 'error')}</summary><ul>${errors.map(({ code, message }) => html`<li><code>${code}</code> <span class="mono">${message}</span></li>`)}</ul></details>`
    : nothing
}</section>`;
};

const section = (id: string, title: string, words: string, content: Html): Html =>
  html`<section id="${id}-part" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
<p class="muted small">${words}</p>
${content}</section>`;

/**
 * The report as one page that needs nothing else: no request leaves it, and it forbids itself every script and style but
 * its own. All text of events and policies is escaped.
 */
export const replayHtml = (report: ReplayReport): string => {
  const { policies, generatedAt, exempt, notEvaluated, limits } = report;
  const parts = [
    ['outcomes', 'Events'],
    ['denials', 'Who and what'],
    ['statements', 'Statements'],
    ['principals', 'Principals'],
    ['unknowns', 'Unknown'],
    ['unmapped', 'Unmapped'],
    ['others', 'Not asked'],
    ['limits', 'Limits'],
  ] as const;
  const others = [
    ...(Object.keys(exemptWords) as (keyof typeof exemptWords)[]).map(
      (key) => [exempt[key], `exempt: ${exemptWords[key]}`] as const,
    ),
    ...(Object.keys(notEvaluatedWords) as (keyof typeof notEvaluatedWords)[]).map(
      (key) => [notEvaluated[key], notEvaluatedWords[key]] as const,
    ),
  ].filter(([count]) => count > 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>What would have been denied</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>What would have been denied</h1>
<p class="muted">${readText(report)}. Nothing was changed, and no AWS account was asked.</p>
${figures(report)}
<nav aria-label="Parts of this page"><ul>${parts.map(([id, words]) => html`<li><a href="#${id}-part">${words}</a></li>`)}</ul></nav>
</header>
<main>
${readProblems(report)}
${section('outcomes', 'What would have become of the events', `Asked: ${counted(policies.statements, 'statement')} of ${policies.types.map((type) => kinds[type]).join(' and ')}.`, shareBar(report))}
${section('denials', 'Who would have been denied what', 'By principal, action and statements. The session of a role counts for the role.', denialsHtml(report))}
${section('statements', 'Statements that would have denied', 'An event counts for each statement that denies it.', statementTable(report))}
${section('principals', 'Principals', 'Whom to ask, or to exempt, before the policies are attached.', principalsHtml(report))}
${section('unknowns', 'Unknown', 'The verdict depends on something that the event does not show. It may be a denial.', unknownsHtml(report))}
${section('unmapped', 'Names of events that are no actions', 'Neither the action data nor the table of names knows them; statements about single actions of their service leave the verdict unknown.', unmappedHtml(report))}
${section('others', 'What was not asked', 'Exempt by AWS, or no call that the policies are about.', countsHtml(others))}
${section('limits', 'What a log does not show', 'Read this before you take a denial that is not listed for one that does not happen.', html`<ul class="checks">${limits.map(({ limit, effect }) => html`<li><b>${limit}</b><span>${effect}</span></li>`)}</ul>`)}
</main>
<footer><p>Made by @remedykit/guardrails on ${minuteOf(generatedAt)} UTC. Times are of UTC.</p></footer>
<script>${{ html: script }}</script>
</body>
</html>
`;
  return page.html;
};

import { createHash } from 'node:crypto';
import type { Instant } from '@remedykit/core';
import { type Html, html, nothing } from '@remedykit/core/html';
import { library } from '../../library.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { minuteOf } from './words.ts';

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the one style and the one script of this page; nothing from elsewhere, no form, no frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${digest(script)}`,
  `style-src ${digest(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** One part of a page, to which the contents at its top lead. */
export interface Part {
  readonly id: string;
  /** Its name among the contents. */
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly content: Html;
}

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  readonly lead: Html;
  readonly figures: readonly Html[];
  /** What stands before all parts. */
  readonly alert: Html;
  readonly parts: readonly Part[];
  readonly at: Instant;
}

/** A number that sums up, with what it counts. */
export const figure = (value: string, words: string, bad = false): Html =>
  html`<li${bad ? html` class="bad"` : nothing}><b>${value}</b><span>${words}</span></li>`;

const partHtml = ({ id, title, words, content }: Part): Html =>
  html`<section id="${id}-part" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
<p class="muted small">${words}</p>
${content}</section>
`;

/** A share of a whole. */
export interface Share {
  readonly key: string;
  readonly count: number;
  readonly words: string;
  readonly meaning: string;
}

/** Shares as one bar, with what each is and means. */
export const shareBar = (shares: readonly Share[]): Html => {
  const width = 1_000;
  const all = shares.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return nothing;
  let x = 0;
  const parts = shares.map(({ key, count }) => {
    const wide = (count / all) * width;
    const part = html`<rect class="f-${key}" x="${x.toFixed(2)}" y="0" width="${wide.toFixed(2)}" height="14"/>`;
    x += wide;
    return part;
  });
  return html`<svg class="share" viewBox="0 0 ${width} 14" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
<ul class="legend">${shares.map(
    ({ key, count, words, meaning }) =>
      html`<li><span class="key f-${key}" aria-hidden="true"></span><b>${count}</b> ${words} <span class="muted">${meaning}</span></li>`,
  )}</ul>`;
};

/** The page: nothing is loaded, and it forbids itself every script and style but its own. */
export const pageHtml = ({ title, lead, figures, alert, parts, at }: PageContent): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${title}</h1>
<p class="muted">${lead}</p>
<ul class="figures">
${figures}
</ul>
<nav aria-label="Parts of this page"><ul>${parts.map(({ id, name }) => html`<li><a href="#${id}-part">${name}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${alert}
${parts.map(partHtml)}</main>
<footer><p>Made by ${library}. As of ${minuteOf(at)} UTC; days are of UTC. Users of Identity Center are no IAM users and are not in here.</p></footer>
<script>${{ html: script }}</script>
</body>
</html>
`.html;

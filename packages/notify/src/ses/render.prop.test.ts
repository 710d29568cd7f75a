import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { mailBudget } from './limits.ts';
import { renderMail } from './render.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const patience = 10_000 + 100 * numRuns;

const tag =
  /<(?:!doctype html|\/?(?:html|head|title|style|body|div|table|tr|td|th|p|h1|h2|ol|li|a)(?: (?:lang|class|style|role|width|cellpadding|cellspacing|border|align|valign|scope|href)="[^"<>]*")*|meta(?: (?:charset|name|content)="[^"<>]*")+|br)>/g;

describe('any message', () => {
  it(
    'N24: makes HTML of our tags alone, whose links are https and whose text is escaped',
    () => {
      fc.assert(
        fc.property(anyMessage, (message) => {
          const { html } = renderMail(message);
          expect(html.replace(tag, '')).not.toMatch(/[<>]/);
          for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https:\/\/[^\s<>]+$/);
          const shown = html.replace(/<style>.*?<\/style>/g, '').replace(tag, '\n');
          expect(shown.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
          expect(shown).not.toMatch(/:\/\/|evil\.example|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
          expect(Buffer.byteLength(html)).toBeLessThanOrEqual(mailBudget.htmlBytes);
        }),
        { numRuns },
      );
    },
    patience,
  );

  it(
    'N15, N24: has a subject of one line and a text part without a link but its own',
    () => {
      fc.assert(
        fc.property(anyMessage, (message) => {
          const { subject, text } = renderMail(message);
          expect(subject).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]|:\/\/|evil\.example/u);
          expect(subject.length).toBeLessThanOrEqual(mailBudget.subject);
          expect(subject.trim()).not.toBe('');
          expect(text.replace(/(^ {3}|: )https:\/\/\S+$/gm, '')).not.toMatch(/:\/\/|evil\.example/);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mailBudget.textBytes);
        }),
        { numRuns },
      );
    },
    patience,
  );
});

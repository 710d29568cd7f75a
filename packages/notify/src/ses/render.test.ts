import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import { mailBudget } from './limits.ts';
import { renderMail } from './render.ts';

const footer = 'Questions: security@example.com';

/** One tag a line, so that a change of a mail is a line in a review. */
const readable = (html: string): string =>
  html.replace(/(<\/(?:p|h1|h2|th|td|tr|table|style|title|head|div|li)>|<body[^>]*>|<tr>|<table[^>]*>)/g, '$1\n');

describe('renderMail', () => {
  it.each(Object.entries(sampleMessages))('writes %s as in its golden files', async (name, message) => {
    const { subject, text, html } = renderMail(message, { footer });
    await expect(`Subject: ${subject}\n\n${text}\n`).toMatchFileSnapshot(`__golden__/${name}.txt`);
    await expect(`${readable(html)}\n`).toMatchFileSnapshot(`__golden__/${name}.html.txt`);
  });

  it('N24: the HTML part is escaped, loads nothing, and follows the dark mode', () => {
    const { html } = renderMail(sampleMessage({ body: [untrusted('<script>alert("1")</script> & \'x\'')] }));
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;');
    expect(html).not.toMatch(/<(script|img|link|iframe|form|object)|url\(|src=|@import/i);
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it.each([
    'x\r\nBcc: victim@evil.example',
    'x\nBcc: victim@evil.example\n\nbody',
    'x\u2028Bcc: y\u0085z\u0000\u000b',
    '\r\n',
  ])('N15: no title like %j adds a header', (title) => {
    const { subject } = renderMail(sampleMessage({ title: untrusted(title) }));
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(subject).toMatch(/^\[MEDIUM\] /);
  });

  it('a mail to a person says in its subject what it is about, one to a team how bad it is', () => {
    expect(renderMail(sampleMessage({ title: 'Your key', recipient: 'a@example.com' })).subject).toBe('Your key');
    expect(renderMail(sampleMessage({ title: 'Your key' })).subject).toBe('[MEDIUM] Your key');
    const preview = renderMail(sampleMessage({ title: 'Your key', recipient: 'a@example.com', preview: true }));
    expect(preview.subject).toBe('[PREVIEW] Your key');
    expect(preview.text).toMatch(/^\[PREVIEW\] Your key\n\nPREVIEW – nothing was changed\./);
  });

  it('is never empty', () => {
    const mail = renderMail(sampleMessage({ title: '', body: [], facts: [], links: [], recipient: 'a@example.com' }));
    expect(mail.subject).toBe('[MEDIUM]');
    expect(mail.text).toBe('MEDIUM');
  });

  it('N14: keeps both parts within their sizes, counts what is left out, and keeps the links', () => {
    const { text, html } = renderMail({
      ...sampleMessage(),
      body: Array.from({ length: 90 }, () => untrusted('<&é😀'.repeat(2000))),
      facts: Array.from({ length: 400 }, (_, index) => ({ label: `${index}`, value: 'v'.repeat(300) })),
    });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(mailBudget.htmlBytes);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mailBudget.textBytes);
    for (const part of [text, html]) {
      expect(part).toMatch(/… \d+ paragraphs, \d+ facts omitted/);
      expect(part).toContain('Open in GuardDuty');
    }
  });
});

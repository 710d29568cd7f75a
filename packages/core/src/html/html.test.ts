import { expect, it } from 'vitest';
import { escapeHtml, html, nothing } from './html.ts';

it('escapes text for elements and for attributes in quotes', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});

it('shows what would show as something else, or as nothing', () => {
  expect(escapeHtml('a\u202eb\u0000c\ud800d\u2028')).toBe('a\u25a1b\u25a1c\u25a1d\u25a1');
});

it('escapes strings in gaps alone: what it made stands as it is', () => {
  const cells = ['<b>', 'two'].map((text) => html`<td>${text}</td>`);
  expect(html`<tr>${cells}</tr>${nothing}<p>${3}</p>`.html).toBe('<tr><td>&lt;b&gt;</td><td>two</td></tr><p>3</p>');
});

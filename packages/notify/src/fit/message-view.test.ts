import { type Text, untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { linkableUrl, viewMessage } from './message-view.ts';

const body = (...texts: readonly Text[]): string[] =>
  viewMessage(sampleMessage({ body: texts })).paragraphs.map((text) => text.replaceAll('\u2060', '|'));

describe('viewMessage', () => {
  it('says severity, preview and end of the matter in its heading', () => {
    expect(viewMessage(sampleMessage({ title: 'T' })).heading).toBe('🟠 MEDIUM · T');
    expect(viewMessage(sampleMessage({ title: 'T', preview: true })).heading).toBe('[PREVIEW] 🟠 MEDIUM · T');
    expect(viewMessage(sampleMessage({ title: 'T', status: 'resolved' })).heading).toBe('✅ RESOLVED · T');
    expect(viewMessage(sampleMessage({ title: ' ' })).heading).toBe('🟠 MEDIUM');
  });

  it('N12: breaks what somebody else wrote where a client could make a link or a mention of it', () => {
    expect(body(untrusted('https://evil.example @here x@evil.example evil。example'))).toEqual([
      'https:|//evil.|example @|here x@|evil.|example evil。|example',
    ]);
    expect(body('Ours: https://docs.example.com')).toEqual(['Ours: https://docs.example.com']);
  });

  it('N12: parts that are harmless apart make no link together', () => {
    expect(body([untrusted('evil.'), untrusted('example')])).toEqual(['evil.|example']);
    expect(body(['https:', untrusted('//evil'), untrusted('.'), untrusted('example')])).toEqual([
      'https:|//evil.|example',
    ]);
    expect(body(['at ', untrusted('x'), '.'])).toEqual(['at x.']);
    expect(body(['a.', 'b'])).toEqual(['a.b']);
  });

  it('leaves out blank paragraphs, and shows blank facts and labels as a dash', () => {
    const view = viewMessage(sampleMessage({ body: ['', ' \n'], facts: [{ label: '', value: untrusted('') }] }));
    expect(view.paragraphs).toEqual([]);
    expect(view.facts).toEqual([{ label: '–', value: '–' }]);
  });

  it('counts links that are refused, and drops the page of a step that is', () => {
    const view = viewMessage(
      sampleMessage({
        links: [
          { label: 'a', url: 'http://example.com' },
          { label: 'b', url: 'https://example.com/' },
        ],
        actions: [{ text: 'step', url: 'javascript:alert(1)' }],
      }),
    );
    expect(view.links).toEqual([{ label: 'b', url: 'https://example.com/' }]);
    expect(view.refusedLinks).toBe(1);
    expect(view.actions).toEqual([{ text: 'step' }]);
  });

  it('says of which time it is, unless that is none', () => {
    expect(viewMessage(sampleMessage({ at: '2026-11-24T10:00:00Z' })).time).toBe('As of 24 November 2026, 10:00 UTC');
    expect(viewMessage(sampleMessage({ at: 'soon' })).time).toBeUndefined();
    expect(viewMessage(sampleMessage()).time).toBeUndefined();
  });
});

describe('linkableUrl', () => {
  it('N16: encodes what ends a link in HTML, Markdown or Slack’s markup', () => {
    expect(linkableUrl('https://example.com/a(b)[c]|d\'e"f<g>`h?i=`#j"')).toBe(
      'https://example.com/a%28b%29%5Bc%5D%7Cd%27e%22f%3Cg%3E%60h?i=%60#j%22',
    );
  });

  it.each([
    'http://example.com',
    'https://a:b@example.com',
    'data:text/html,x',
    'x',
    `https://e.com/${'a'.repeat(2000)}`,
  ])('refuses %s', (url) => {
    expect(linkableUrl(url)).toBeUndefined();
  });
});

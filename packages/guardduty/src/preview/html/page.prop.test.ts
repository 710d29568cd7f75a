import { createHash } from 'node:crypto';
import { RemediationError } from '@remedykit/core';
import { escapeHtml } from '@remedykit/core/html';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../finding.ts';
import { hostileAttackers, hostileFindings, hostileTexts } from '../../testing/hostile-findings.ts';
import { routableDocumentationRanges } from '../../testing/index.ts';
import { createPreview } from '../create-preview.ts';
import { previewHtml } from './page.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const at = new Date('2026-11-20T10:00:00.000Z');

const pageOf = (findings: readonly Finding[], errors: readonly string[] = []): string => {
  const preview = createPreview({
    addressRanges: routableDocumentationRanges,
    now: () => new Date('2026-11-24T10:00:00Z'),
  });
  for (const finding of findings) preview.add(finding);
  for (const message of errors) preview.skip(new RemediationError({ code: 'NOT_A_FINDING', message }));
  return previewHtml(preview.report());
};

/** The page without its own script and style, whose digests the policy names. */
const markupOf = (page: string): string =>
  page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>\n<\/body>/, '</body>');

/** Every tag with its attributes, read as a browser reads well-formed markup: values in double quotes alone. */
const tagsIn = (markup: string): { name: string; attributes: Record<string, string> }[] =>
  [...markup.matchAll(/<\/?([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9:-]*(?:="[^"<>]*")?)*)\s*\/?>/gi)].map(
    ([, name = '', rest = '']) => ({
      name: name.toLowerCase(),
      attributes: Object.fromEntries(
        [...rest.matchAll(/([a-z][a-z0-9:-]*)(?:="([^"]*)")?/gi)].map(([, key = '', value = '']) => [
          key.toLowerCase(),
          value,
        ]),
      ),
    }),
  );

const ownTags = new Set(
  'html head meta title style body header h1 h2 p ul li b span nav a main section svg rect line div code table caption thead tbody tr th td details summary label input select option output button footer br wbr'.split(
    ' ',
  ),
);

/** What a finding could have smuggled in. */
const faultsIn = (page: string): string[] => {
  const markup = markupOf(page);
  const tags = tagsIn(markup);
  // Each opening bracket begins a tag that was recognised whole; anything else is text that was not escaped.
  const brackets = [...markup.matchAll(/</g)].length - 1;
  return [
    ...(brackets === tags.length ? [] : [`${brackets} brackets, ${tags.length} tags`]),
    ...tags.flatMap(({ name, attributes }) => [
      ...(ownTags.has(name) ? [] : [`tag ${name}`]),
      ...Object.entries(attributes).flatMap(([key, value]) => {
        if (/^on/.test(key) || ['src', 'style', 'srcdoc', 'action', 'formaction'].includes(key))
          return [`attribute ${key}`];
        const ours =
          key !== 'href' ||
          /^(#[a-z-]+|https:\/\/([a-z0-9-]+\.)?console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/)/.test(
            value,
          );
        return ours ? [] : [`href ${value}`];
      }),
    ]),
    ...(/[^\P{Cc}\n]|\p{Cf}/u.test(page) ? ['a character that hides'] : []),
  ];
};

describe('previewHtml', () => {
  it('G29: escapes every text of a finding, wherever it stands', () => {
    expect(faultsIn(pageOf(hostileFindings(hostileTexts, at), hostileTexts))).toEqual([]);
    const page = pageOf(hostileAttackers(hostileTexts, at), hostileTexts);
    expect(faultsIn(page)).toEqual([]);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>document');
  });

  it('would notice a text that is not escaped', () => {
    const page = pageOf(hostileAttackers(['<img src=x onerror=1>'], at));
    expect(faultsIn(page.replaceAll('&lt;', '<').replaceAll('&gt;', '>'))).not.toEqual([]);
  });

  it('G29: escapes whatever text there is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', ' ', 's', '`', '\n'),
        maxLength: 60,
      }),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        expect(faultsIn(pageOf(hostileFindings(texts, at), texts))).toEqual([]);
        expect(faultsIn(pageOf(hostileAttackers(texts, at), texts))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('forbids itself everything but its own script and style', () => {
    const page = pageOf(hostileAttackers(hostileTexts, at));
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const digestOf = (tag: string): string => {
      const content =
        new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(
          page.replace(/^[\s\S]*<\/main>/, tag === 'script' ? '' : '$&'),
        )?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${digestOf('script')}`,
      `style-src ${digestOf('style')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/url\(|@import|<link|<img|<iframe/i);
  });

  it('gives each id once, and every link inside the page leads somewhere', () => {
    const page = pageOf(hostileAttackers(hostileTexts, at));
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});

describe('escapeHtml', () => {
  it('leaves no bracket, quote or ampersand of its own, and makes what hides visible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)|[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns },
    );
    expect(escapeHtml('a\u202eb\u0000')).toBe('a\u25a1b\u25a1');
  });
});

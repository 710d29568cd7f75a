import { createHash } from 'node:crypto';
import { escapeHtml } from '@remedykit/core/html';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CredentialForecast } from '../../enforcer/outcome.ts';
import { hostileRun, hostileTexts, sampleAction, sampleCase, sampleForecast } from '../sample-run.ts';
import { credentialReportHtml } from './page.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

/** A forecast with these texts wherever people or AWS can write one. */
const hostileForecast = (texts: readonly string[]): CredentialForecast => {
  const [account] = sampleForecast().accounts;
  if (account === undefined) throw new Error('no account');
  return sampleForecast({
    accounts: [
      account,
      {
        ...account,
        accountId: texts[0] ?? '',
        cases: texts.map((text) => {
          const { action: _, ...one } = sampleCase({ userName: text, credentialId: text, reason: text, because: text });
          return { ...one, consequence: 'hold' as const, days: account.cases[0]?.days ?? [] };
        }),
        exempt: texts.map((text) => ({
          userId: text,
          userName: text,
          by: text,
          reason: text,
          expires: '2027-01-01T00:00:00.000Z',
        })),
        skipped: texts.map((text) => ({ userName: text, reason: 'read-failed', because: text, credentialId: text })),
        error: { code: texts[0] ?? '', message: texts.at(-1) ?? '' },
      },
    ],
  });
};

const pagesOf = (texts: readonly string[]): string[] => [
  credentialReportHtml(hostileRun(texts)),
  credentialReportHtml(hostileRun(texts), { showIds: true }),
  credentialReportHtml(hostileForecast(texts)),
];

/** The page without its own script and style, whose digests the policy names. */
const markupOf = (page: string): string =>
  page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>\n<\/body>/, '</body>');

/** Every tag with its attributes, read as a browser reads well-formed markup: values in double quotes alone. */
const tagsIn = (markup: string): { name: string; attributes: string[] }[] =>
  [...markup.matchAll(/<\/?([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9:-]*(?:="[^"<>]*")?)*)\s*\/?>/gi)].map(
    ([, name = '', rest = '']) => ({
      name: name.toLowerCase(),
      attributes: [...rest.matchAll(/([a-z][a-z0-9:-]*)(?:="[^"]*")?/gi)].map(([, key = '']) => key.toLowerCase()),
    }),
  );

const ownTags = new Set(
  'html head meta title style body header h1 h2 h3 p ul li b span nav a main section svg rect div code table caption thead tbody tr th td details summary label input select option output button footer wbr'.split(
    ' ',
  ),
);

/** What a text could have smuggled in. */
const faultsIn = (page: string): string[] => {
  const markup = markupOf(page);
  const tags = tagsIn(markup);
  // Each opening bracket begins a tag that was recognised whole, but for the doctype; anything else is text not escaped.
  const brackets = [...markup.matchAll(/</g)].length - 1;
  return [
    ...(brackets === tags.length ? [] : [`${brackets} brackets, ${tags.length} tags`]),
    ...tags.flatMap(({ name, attributes }) => [
      ...(ownTags.has(name) ? [] : [`tag ${name}`]),
      ...attributes.flatMap((key) =>
        /^on|^(src|style|srcdoc|action|formaction)$/.test(key) ? [`attribute ${key}`] : [],
      ),
    ]),
    ...[...markup.matchAll(/href="([^"]*)"/g)].flatMap(([, to = '']) => (/^#[a-z-]+$/.test(to) ? [] : [`href ${to}`])),
    ...(/[^\P{Cc}\n]|\p{Cf}/u.test(page) ? ['a character that hides'] : []),
  ];
};

describe('credentialReportHtml', () => {
  it('I34: escapes every text of people and AWS, wherever it stands', () => {
    for (const page of pagesOf(hostileTexts)) {
      expect(faultsIn(page)).toEqual([]);
      expect(page).toContain('&lt;script&gt;');
    }
  });

  it('would notice a text that is not escaped', () => {
    for (const page of pagesOf(['<img src=x onerror=1>']))
      expect(faultsIn(page.replaceAll('&lt;', '<').replaceAll('&gt;', '>'))).not.toEqual([]);
  });

  it('I34: escapes whatever text there is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', ' ', 's', '`', '\n'),
        maxLength: 60,
      }),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        for (const page of pagesOf(texts)) expect(faultsIn(page)).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('masks each id of an access key, wherever it stands', () => {
    const key = fc
      .string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), minLength: 16, maxLength: 16 })
      .map((rest) => `AKIA${rest}`);
    fc.assert(
      fc.property(key, (credentialId) => {
        const words = `Key ${credentialId} (x${credentialId}).`;
        const run = hostileRun(['x']);
        const accounts = run.accounts.map((account) => ({
          ...account,
          open: [sampleCase({ credentialId, because: words, acting: { reason: 'due', because: words } })],
          actions: [sampleAction({ rule: 'key-age', credentialId, because: words })],
          onHold: [{ reason: 'on-hold', because: words, announce: true }],
          steps: account.steps.map((step) => ({ ...step, stepId: `eve/key-age/${credentialId}/5`, because: words })),
          faults: [{ reason: credentialId, because: words, announce: true }],
        }));
        const steps = run.steps.map((step) => ({ ...step, stepId: `eve/key-age/${credentialId}/5`, because: words }));
        expect(credentialReportHtml({ ...run, accounts, steps })).not.toContain(credentialId);
        expect(credentialReportHtml({ ...run, accounts, steps }, { showIds: true })).toContain(credentialId);
      }),
      { numRuns },
    );
  });

  it('forbids itself everything but its own script and style', () => {
    for (const page of pagesOf(hostileTexts)) {
      const policy =
        /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
      const digestOf = (content = ''): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        `script-src ${digestOf(/<script>([\s\S]*?)<\/script>\n<\/body>/.exec(page)?.[1])}`,
        `style-src ${digestOf(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])}`,
        "base-uri 'none'",
        "form-action 'none'",
      ]);
      expect(page).not.toMatch(/url\(|@import|<link|<img|<iframe/i);
    }
  });

  it('gives each id once, and every link inside the page leads somewhere', () => {
    for (const page of pagesOf(hostileTexts)) {
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(ids).toEqual([...new Set(ids)]);
      for (const [, target] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)) expect(ids).toContain(target);
    }
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

import { createHash } from 'node:crypto';
import { RemediationError } from '@remedykit/core';
import { escapeHtml } from '@remedykit/core/html';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullAwsAccess } from '../../evaluate/evaluate.ts';
import { createReplay } from '../../replay/create-replay.ts';
import { replayHtml } from './page.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const account = '111122223333';

/** What breaks pages that trust what events say. */
const hostileTexts: readonly string[] = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=document.title="taken">',
  "' onmouseover='document.title=1",
  '</style><script>document.title="taken"</script>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '\u202egnp.exe\u0000\u001b[31m',
  'javascript:document.title="taken"',
  '<svg/onload=document.title="taken">',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '\ud800',
];

/** A page with a hostile text in every place that an event, a policy or an error can fill with any text. */
const pageOf = (texts: readonly string[]): string => {
  const replay = createReplay({
    policies: {
      serviceControlPolicies: texts.map((text) => ({
        target: text,
        policies: [
          fullAwsAccess,
          {
            name: text,
            document: {
              Version: '2012-10-17',
              Statement: [
                { Sid: text, Effect: 'Deny', Action: 'ec2:Run*', Resource: '*' },
                {
                  Effect: 'Deny',
                  Action: 'ec2:T*',
                  Resource: '*',
                  Condition: { StringEquals: { [`aws:PrincipalTag/${text}`]: 'x' } },
                },
              ],
            },
          },
        ],
      })),
    },
    now: () => new Date('2026-11-24T10:00:00Z'),
  });
  for (const text of texts) {
    const record = {
      eventTime: '2026-11-24T10:00:00Z',
      eventID: text,
      awsRegion: text,
      userAgent: text,
      sourceIPAddress: text,
      userIdentity: {
        type: 'AssumedRole',
        accountId: text,
        sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${text}` } },
      },
    };
    replay.add({
      ...record,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      requestParameters: { imageId: text },
    });
    replay.add({ ...record, eventSource: 'ec2.amazonaws.com', eventName: 'TerminateInstances' });
    replay.add({ ...record, eventSource: `x${text}`, eventName: `y${text}` });
    replay.add({ eventID: text });
    replay.skip(new RemediationError({ code: 'CLOUDTRAIL_NOT_AN_EVENT', message: text }));
  }
  return replayHtml(replay.report());
};

/** The page without its own script and style, whose digests the policy names. */
const markupOf = (page: string): string =>
  page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>\n<\/body>/, '</body>');

const tag = /<\/?([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9:-]*(?:="[^"<>]*")?)*)\s*\/?>/gi;
const attribute = /([a-z][a-z0-9:-]*)(?:="([^"]*)")?/gi;
const ownTags = new Set(
  'html head meta title style body header h1 h2 p ul li b span nav a main section svg rect div code table caption thead tbody tr th td details summary label input output button footer wbr'.split(
    ' ',
  ),
);

/** What an event could have smuggled in. */
const faultsIn = (page: string): string[] => {
  const markup = markupOf(page);
  const tags = [...markup.matchAll(tag)];
  // Each opening bracket begins a tag that was recognised whole; anything else is text that was not escaped.
  const brackets = [...markup.matchAll(/</g)].length - 1;
  return [
    ...(brackets === tags.length ? [] : [`${brackets} brackets, ${tags.length} tags`]),
    ...tags.flatMap(([, name = '', rest = '']) => [
      ...(ownTags.has(name.toLowerCase()) ? [] : [`tag ${name}`]),
      ...[...rest.matchAll(attribute)].flatMap(([, key = '', value = '']) =>
        /^on|^(src|style|srcdoc|action|formaction)$/i.test(key) || (key === 'href' && !/^#[a-z-]+$/.test(value))
          ? [`${key} ${value}`]
          : [],
      ),
    ]),
    ...(/[^\P{Cc}\n]|\p{Cf}/u.test(page) ? ['a character that hides'] : []),
  ];
};

describe('replayHtml', () => {
  it('escapes every text of an event, a policy and an error, wherever it stands', () => {
    const page = pageOf(hostileTexts);
    expect(faultsIn(page)).toEqual([]);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>document');
  });
  it('would notice a text that is not escaped', () => {
    const page = pageOf(['<img src=x onerror=1>']);
    expect(faultsIn(page.replaceAll('&lt;', '<').replaceAll('&gt;', '>'))).not.toEqual([]);
  });
  it('escapes whatever text there is', { timeout: 60_000 + 60 * numRuns }, () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', ' ', 's', '`', '\n'),
        minLength: 1,
        maxLength: 60,
      }),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        expect(faultsIn(pageOf(texts))).toEqual([]);
      }),
      { numRuns },
    );
  });
  it('forbids itself everything but its own script and style', () => {
    const page = pageOf(hostileTexts);
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const digestOf = (name: 'script' | 'style'): string => {
      const from = name === 'script' ? page.slice(page.lastIndexOf('<script>')) : page;
      const content = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(from)?.[1] ?? '';
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
    const page = pageOf(hostileTexts);
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
  });
});

import { severityBand, untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { checkSlackPayload } from '../testing/check-slack-payload.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import type { SlackPayload } from './blocks.ts';
import { slackBudget, slackLimits } from './limits.ts';
import { renderSlackMessage } from './render.ts';

const headerOf = ({ blocks }: SlackPayload): string => {
  const header = blocks.find((block) => block.type === 'header');
  return header?.type === 'header' ? header.text.text : '';
};

const size = (payload: SlackPayload): number => JSON.stringify(payload.blocks).length;

describe('renderSlackMessage', () => {
  it.each(Object.entries(sampleMessages))('shows %s as in its golden file', async (name, message) => {
    const rendered = renderSlackMessage(message);
    expect(checkSlackPayload(rendered)).toBeUndefined();
    await expect(`${JSON.stringify(rendered, null, 2)}\n`).toMatchFileSnapshot(`__golden__/${name}.json.txt`);
  });

  it('shows band, title, body, facts and links in this order', () => {
    expect(renderSlackMessage(sampleMessage())).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "🟠 MEDIUM · Blocked 198.51.100.7: UnauthorizedAccess:EC2/SSHBruteForce",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "emoji": false,
              "text": "198.51.100.7/32 is denied in acl-1 until 25 November 2026, 10:00 UTC.",
              "type": "plain_text",
            },
            "type": "section",
          },
          {
            "fields": [
              {
                "text": "*Account*",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "emoji": false,
                "text": "111122223333",
                "type": "plain_text",
              },
              {
                "text": "*Region*",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "emoji": false,
                "text": "eu-west-1",
                "type": "plain_text",
              },
            ],
            "type": "section",
          },
          {
            "text": {
              "text": "<https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1|Open in GuardDuty>",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
        ],
        "text": "🟠 MEDIUM · Blocked 198.51.100.7: UnauthorizedAccess:EC2/SSHBruteForce – 198.51.100.7/32 is denied in acl-1 until 25 November 2026, 10:00 UTC.",
        "unfurl_links": false,
        "unfurl_media": false,
      }
    `);
  });

  it.each([
    [9, '🚨 CRITICAL'],
    [8.9, '🔴 HIGH'],
    [7, '🔴 HIGH'],
    [6.9, '🟠 MEDIUM'],
    [4, '🟠 MEDIUM'],
    [3.9, '🟡 LOW'],
  ])('N17: severity %d is shown as %s', (severity, band) => {
    const payload = renderSlackMessage(sampleMessage({ severity: severityBand(severity) }));
    expect(headerOf(payload).startsWith(`${band} · `)).toBe(true);
    expect(payload.text.startsWith(band)).toBe(true);
  });

  it('marks a preview in the header, below it, and in the fallback', () => {
    const payload = renderSlackMessage(sampleMessage({ preview: true }));
    expect(headerOf(payload)).toMatch(/^\[PREVIEW\] 🟠 MEDIUM · /);
    expect(payload.blocks[1]).toMatchObject({ text: { text: '*PREVIEW – nothing was changed*' } });
    expect(payload.text.startsWith('PREVIEW – nothing was changed. 🟠 MEDIUM · ')).toBe(true);
    expect(JSON.stringify(renderSlackMessage(sampleMessage()))).not.toContain('PREVIEW');
  });

  it('N12: a description with backticks, mentions and links stays literal, outside any markup', () => {
    const hostile = '`*x*` <!channel> <https://evil.example|Open in AWS console> https://evil.example @here :tada:';
    const payload = renderSlackMessage(
      sampleMessage({
        title: untrusted(hostile),
        body: [untrusted(hostile)],
        facts: [{ label: 'Text', value: untrusted(hostile) }],
      }),
    );
    const markups = JSON.stringify(
      payload.blocks.flatMap((block) => JSON.stringify(block).match(/"mrkdwn","text":"[^"]*"/g) ?? []),
    );
    expect(markups).not.toMatch(/channel|evil|here|tada/);
    expect(JSON.stringify(payload)).not.toMatch(/<!|<https:\/\/evil|:\/\/evil|evil\.example|@here/);
    const shown = headerOf(payload).replaceAll('\u2060', '');
    expect(shown).toContain('`*x*` &lt;!channel&gt; &lt;https://evil.example|Open in AWS console&gt;');
  });

  it('N14: a long title is cut to what a header holds', () => {
    const payload = renderSlackMessage(sampleMessage({ title: untrusted('<'.repeat(400)) }));
    expect(headerOf(payload).length).toBeLessThanOrEqual(slackLimits.header);
    expect(headerOf(payload)).toMatch(/(&lt;)+ … \d+ characters omitted$/);
  });

  it('N14: leaves out the last paragraphs and facts, counts them, and keeps the links', () => {
    const payload = renderSlackMessage(
      sampleMessage({
        body: Array.from({ length: 60 }, (_, index) => `paragraph ${index} ${'b'.repeat(300)}`),
        facts: Array.from({ length: 80 }, (_, index) => ({
          label: `fact ${index}`,
          value: untrusted('v'.repeat(200)),
        })),
      }),
    );
    const text = JSON.stringify(payload.blocks);
    expect(checkSlackPayload(payload)).toBeUndefined();
    expect(size(payload)).toBeLessThanOrEqual(slackBudget.total);
    expect(text).toContain('paragraph 0 ');
    expect(text).toContain('*fact 0*');
    expect(text).toContain('Open in GuardDuty');
    const shownParagraphs = text.match(/paragraph \d+ /g)?.length ?? 0;
    const shownFacts = text.match(/\*fact \d+\*/g)?.length ?? 0;
    expect(text).toContain(`… ${60 - shownParagraphs} paragraphs, ${80 - shownFacts} facts omitted`);
  });

  it('N14: stays within fifty blocks when there are many short paragraphs and facts', () => {
    const body = Array.from({ length: 60 }, (_, index) => `p${index}`);
    const facts = Array.from({ length: 30 }, (_, index) => ({ label: `f${index}`, value: 'v' }));
    const payload = renderSlackMessage(sampleMessage({ body, facts, preview: true }));
    expect(payload.blocks).toHaveLength(slackLimits.blocks);
    expect(checkSlackPayload(payload)).toBeUndefined();
    expect(JSON.stringify(payload.blocks)).toContain('*f29*');
  });

  it('uses the room it has: a body of 9,000 characters and ten facts are shown whole', () => {
    const payload = renderSlackMessage(
      sampleMessage({
        body: Array.from({ length: 3 }, () => 'b'.repeat(3000)),
        facts: Array.from({ length: 10 }, () => ({ label: 'Fact', value: 'value' })),
      }),
    );
    expect(payload.blocks.filter((block) => JSON.stringify(block).includes('omitted'))).toEqual([]);
  });

  it('leaves out a blank fact for which there is no room, rather than sending an empty field', () => {
    const body = Array.from({ length: 5 }, () => 'b'.repeat(2000));
    for (let length = 850; length < 950; length += 1) {
      const facts = ['v'.repeat(1900), 'v'.repeat(length), '', ''].map((value) => ({ label: 'fact', value }));
      expect(checkSlackPayload(renderSlackMessage(sampleMessage({ body, facts })))).toBeUndefined();
    }
  });

  it('leaves out links that are not https, and says so', () => {
    const payload = renderSlackMessage(sampleMessage({ links: [{ label: 'x', url: 'http://example.com' }] }));
    expect(payload.blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: '… 1 link omitted' }] });
  });

  it('renders a message that is empty in every part', () => {
    const payload = renderSlackMessage(
      sampleMessage({ title: '', body: ['', '\n'], facts: [{ label: '', value: untrusted(' ') }], links: [] }),
    );
    expect(checkSlackPayload(payload)).toBeUndefined();
    expect(headerOf(payload)).toBe('🟠 MEDIUM');
  });

  it('lists next steps in order, each with its page beside it', () => {
    const payload = renderSlackMessage(
      sampleMessage({
        actions: [
          {
            text: ['Contain ', untrusted('<i-0abc>')],
            url: 'https://eu-west-1.console.aws.amazon.com/systems-manager',
          },
          { text: 'Close the port' },
        ],
      }),
    );
    const at = payload.blocks.findIndex((block) => JSON.stringify(block).includes('*Next steps*'));
    expect(payload.blocks.slice(at, at + 3)).toMatchObject([
      { text: { type: 'mrkdwn' } },
      {
        fields: [
          { type: 'plain_text', text: '1. Contain &lt;i-0abc&gt;' },
          { type: 'mrkdwn', text: '<https://eu-west-1.console.aws.amazon.com/systems-manager|Open>' },
        ],
      },
      { text: { type: 'plain_text', text: '2. Close the port' } },
    ]);
  });

  it('N14: shows the first next steps where there are too many, and counts the rest', () => {
    const actions = Array.from({ length: 40 }, (_, index) => ({
      text: `step ${index} ${'a'.repeat(600)}`,
      url: 'https://example.com',
    }));
    const text = JSON.stringify(renderSlackMessage(sampleMessage({ actions })).blocks);
    const shown = text.match(/\d+\. step/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(2);
    expect(text).toContain(`… ${40 - shown} steps omitted`);
    expect(text).toContain('*Account*');
  });

  it('links a next step with https alone, and counts what it leaves out', () => {
    const actions = [
      { text: 'one', url: 'javascript:alert(1)' },
      { text: '', url: 'https://example.com' },
    ];
    const text = JSON.stringify(renderSlackMessage(sampleMessage({ actions })).blocks);
    expect(text).not.toContain('javascript');
    expect(text).toContain('1. one');
    expect(text).toContain('2. See the link');
    expect(text).toContain('… 1 link omitted');
  });

  it('shows the time beside a bar in the colour of the severity, and what is resolved in its own', () => {
    const at = '2026-11-24T10:00:00.000Z';
    const colours = (['low', 'medium', 'high', 'critical'] as const).map(
      (severity) => renderSlackMessage(sampleMessage({ severity, at })).attachments?.[0]?.color,
    );
    expect(new Set(colours).size).toBe(4);
    const over = renderSlackMessage(sampleMessage({ severity: 'high', at, status: 'resolved' }));
    expect(headerOf(over)).toMatch(/^✅ RESOLVED · /);
    expect(colours).not.toContain(over.attachments?.[0]?.color);
    expect(JSON.stringify(over.attachments)).toContain('As of 24 November 2026, 10:00 UTC');
    expect(checkSlackPayload(over)).toBeUndefined();
    expect(renderSlackMessage(sampleMessage({ at: 'soon' })).attachments).toBeUndefined();
  });

  it('N12: parts of a text that are harmless apart make no link together', () => {
    const body = [
      [untrusted('evil.'), untrusted('example')],
      ['https:', untrusted('//evil')],
      untrusted('evil。example'),
    ];
    const text = JSON.stringify(renderSlackMessage(sampleMessage({ body, links: [] })));
    expect(text).not.toMatch(/evil[.。]example|:\/\//);
  });
});

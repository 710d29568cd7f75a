import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTeamsServer, type TeamsServer } from './teams-server.ts';
import { checkTeamsCard, checkTeamsMessage } from './teams-server-card.ts';

const block = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x' }] };
const card = { type: 'AdaptiveCard', version: '1.4', body: [block] };
const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card };
const message = { type: 'message', attachments: [attachment] };

describe('checkTeamsCard', () => {
  it('takes what Teams shows', () => {
    expect(checkTeamsCard(card)).toBeUndefined();
    const facts = [{ title: 't', value: 'v' }];
    expect(
      checkTeamsCard({
        ...card,
        body: [
          { type: 'FactSet', facts },
          { type: 'TextBlock', text: 'x' },
        ],
      }),
    ).toBeUndefined();
  });

  it.each([
    ['MessageCard', { '@type': 'MessageCard', text: 'x' }],
    ['a card without a body', { type: 'AdaptiveCard', version: '1.4' }],
    ['a card with an empty body', { ...card, body: [] }],
    ['a newer version', { ...card, version: '1.6' }],
    ['an unknown element', { ...card, body: [{ type: 'Banner' }] }],
    ['an element named like a property of every object', { ...card, body: [{ type: 'toString' }] }],
    [
      'a text run without text',
      { ...card, body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '' }] }] },
    ],
    ['an unknown colour', { ...card, body: [{ ...block, inlines: [{ type: 'TextRun', text: 'x', color: 'red' }] }] }],
    ['an unknown style', { ...card, body: [{ type: 'Container', style: 'danger', items: [block] }] }],
    [
      'a fault deep inside',
      { ...card, body: [{ type: 'Container', items: [{ type: 'ColumnSet', columns: [{ type: 'X' }] }] }] },
    ],
    ['an action that needs a bot', { ...card, actions: [{ type: 'Action.Submit', title: 'x' }] }],
    ['a button without a page', { ...card, actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'javascript:1' }] }],
    [
      'seven buttons',
      {
        ...card,
        actions: Array.from({ length: 7 }, () => ({ type: 'Action.OpenUrl', title: 'x', url: 'https://e.com' })),
      },
    ],
  ])('N22: does not take %s', (_what, faulty) => {
    expect(checkTeamsCard(faulty)).toEqual(expect.any(String));
  });
});

describe('checkTeamsMessage', () => {
  it.each([
    ['a bare card', card],
    ['attachments that are no array', { type: 'message', attachments: attachment }],
    ['no attachment', { type: 'message', attachments: [] }],
    ['two attachments', { type: 'message', attachments: [attachment, attachment] }],
    ['an attachment of another kind', { type: 'message', attachments: [{ ...attachment, contentType: 'text/html' }] }],
  ])('N22: does not take %s', (_what, faulty) => {
    expect(checkTeamsMessage(faulty)).toEqual(expect.any(String));
    expect(checkTeamsMessage(message)).toBeUndefined();
  });
});

describe('startTeamsServer', () => {
  let server: TeamsServer;
  let ms = 0;
  beforeEach(async () => {
    server = await startTeamsServer({ ratePerSecond: 4, now: () => new Date(ms) });
  });
  afterEach(() => server.close());

  const post = async (body: string, url = server.url): Promise<number> =>
    (await fetch(url, { method: 'POST', body })).status;

  it('accepts what it will not show, and tells nobody but the test', async () => {
    expect(await post(JSON.stringify({ ...message, padding: 'x'.repeat(30_000) }))).toBe(202);
    ms += 250;
    expect(await post(JSON.stringify(card))).toBe(202);
    expect(server.posted).toEqual([]);
    expect(server.dropped.map(({ reason }) => reason)).toEqual(['too large', 'not a message: type must be "message"']);
  });

  it('refuses a signature that was encoded anew, other paths, other methods and what is not JSON', async () => {
    const body = JSON.stringify(message);
    expect(await post(body, server.url.replace('%2Fsecret', '/secret'))).toBe(401);
    expect(await post(body, server.url.replace('/workflows/', '/x/'))).toBe(404);
    expect((await fetch(server.url)).status).toBe(405);
    expect(await post('text')).toBe(400);
    expect(server.posted).toEqual([]);
  });

  it('limits the rate, and forgets it on reset', async () => {
    const body = JSON.stringify(message);
    expect([await post(body), await post(body)]).toEqual([202, 429]);
    server.reset();
    expect(await post(body)).toBe(202);
    expect(server.posted).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });
});

import type { Message } from '@remedykit/core';
import { alertMessage, parseFinding } from '@remedykit/guardduty';
import { allFindingEvents } from '@remedykit/guardduty/testing';
import { renderChatbotNotification } from '@remedykit/notify/chatbot';
import { renderMail } from '@remedykit/notify/ses';
import { renderSlackMessage, type SlackBlock } from '@remedykit/notify/slack';
import { type CardElement, renderTeamsMessage } from '@remedykit/notify/teams';
import { sampleMessages } from '../../packages/notify/src/testing/sample-messages.ts';

const at = new Date('2026-11-24T10:00:00.000Z');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
const classed = (tag: string, name: string, html: string): string => `<${tag} class="${name}">${html}</${tag}>`;

const decodeSlack = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '');

/** Slack's markup as Slack shows it: links, and what is between stars in bold; nothing else is ever sent. */
const slackMarkup = (text: string): string =>
  text
    .split(/(<https:[^|<>]*\|[^<>]*>)/)
    .map((part) => {
      const [, url, label] = /^<(https:[^|<>]*)\|([^<>]*)>$/.exec(part) ?? [];
      if (url !== undefined) return `<a href="${escapeHtml(decodeSlack(url))}">${lines(decodeSlack(label ?? ''))}</a>`;
      return lines(decodeSlack(part)).replace(/\*([^*]+)\*/g, '<b>$1</b>');
    })
    .join('');

const slackText = ({ type, text }: { readonly type: string; readonly text: string }): string =>
  type === 'mrkdwn' ? slackMarkup(text) : lines(decodeSlack(text));

const slackBlock = (block: SlackBlock): string => {
  if (block.type === 'header') return classed('h3', 'header', slackText(block.text));
  if (block.type === 'context') return classed('p', 'context', block.elements.map(slackText).join(' '));
  return 'fields' in block
    ? classed('div', 'fields', block.fields.map((field) => classed('div', 'field', slackText(field))).join(''))
    : classed('p', 'text', slackText(block.text));
};

const slackCard = (message: Message): string => {
  const { blocks, attachments = [] } = renderSlackMessage(message);
  const below = attachments.map(
    ({ color, blocks: inner }) =>
      `<div class="attachment" style="border-color:${escapeHtml(color)}">${inner.map(slackBlock).join('')}</div>`,
  );
  return blocks.map(slackBlock).join('') + below.join('');
};

const teamsElement = (element: CardElement): string => {
  switch (element.type) {
    case 'RichTextBlock':
      return classed(
        'p',
        'text',
        element.inlines
          .map(({ text, weight, isSubtle, size }) =>
            classed(weight === undefined ? 'span' : 'b', `${isSubtle ? 'context' : ''} ${size ?? ''}`, lines(text)),
          )
          .join(''),
      );
    case 'TextBlock': {
      const [, label = '', url = ''] = /^\[([^\]]*)\]\((.*)\)$/.exec(element.text) ?? [];
      return classed('p', 'text', `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`);
    }
    case 'Container':
      return classed('div', `band ${element.style}`, element.items.map(teamsElement).join(''));
    default:
      return classed(
        'div',
        'columns',
        element.columns
          .map(({ width, items }) =>
            classed('div', width === 'stretch' ? 'wide' : 'narrow', items.map(teamsElement).join('')),
          )
          .join(''),
      );
  }
};

const teamsCard = (message: Message): string => {
  const rendered = renderTeamsMessage(message);
  const card = rendered.type === 'AdaptiveCard' ? rendered : rendered.attachments[0].content;
  const buttons = (card.actions ?? []).map(
    ({ title, url }) => `<a class="button" href="${escapeHtml(url)}">${escapeHtml(title)}</a>`,
  );
  return card.body.map(teamsElement).join('') + classed('p', 'buttons', buttons.join(' '));
};

/** What the service sends on is markup of the client; here it is shown as text. */
const chatbotCard = (message: Message): string => {
  const { title, description, nextSteps = [], keywords = [] } = renderChatbotNotification(message).content;
  const steps = nextSteps.map((step) => `<li>${lines(step)}</li>`).join('');
  return [
    classed('h3', 'header', lines(title)),
    classed('p', 'text', lines(description)),
    steps === '' ? '' : `<p class="text"><b>Next steps</b></p><ol>${steps}</ol>`,
    classed('p', 'context', keywords.map(lines).join(' · ')),
  ].join('');
};

const style = `
:root{color-scheme:light dark;--back:#fff;--ink:#1d1c1d;--quiet:#5c5b5d;--line:#d0d0d3;--link:#0b57a6;--good:#dff3e4;--warning:#fff0d1;--attention:#fde3e1;--accent:#e3ecfb}
@media (prefers-color-scheme:dark){:root{--back:#1a1d21;--ink:#e8e8e8;--quiet:#b0b1b3;--line:#45484d;--link:#8ab4ff;--good:#17351f;--warning:#3b2e0d;--attention:#43201d;--accent:#1b2c4a}}
body{margin:0;padding:16px;background:var(--back);color:var(--ink);font:15px/1.46 Lato,Roboto,"Segoe UI",Helvetica,Arial,sans-serif}
a{color:var(--link)}h1{font-size:22px}h2{font-size:17px;margin:32px 0 8px}
.channels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,360px),1fr));gap:16px;align-items:start}
section{border:1px solid var(--line);border-radius:8px;padding:12px;min-width:0;overflow-wrap:anywhere}
.name,.context{color:var(--quiet);font-size:13px}.name{margin:0 0 8px}
.header{font-size:17px;margin:0 0 8px}.text{margin:0 0 8px}.Medium{font-size:17px}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:4px 12px;margin:0 0 8px}.field{min-width:0}
.attachment{border-left:4px solid;padding-left:10px}.context{margin:4px 0}
.columns{display:flex;gap:8px}.narrow{flex:0 0 120px;min-width:0}.wide{flex:1;min-width:0}
.band{padding:8px;margin:0 0 8px;border-radius:4px}.band .text{margin:0}
.band.good{background:var(--good)}.band.warning{background:var(--warning)}.band.attention{background:var(--attention)}.band.accent{background:var(--accent)}
.button{display:inline-block;border:1px solid var(--line);border-radius:4px;padding:4px 10px;margin:2px 0;text-decoration:none}
ol{padding-left:22px;margin:0 0 8px}`;

const page = (title: string, messages: Readonly<Record<string, Message>>): string => {
  const shown = Object.entries(messages).map(([name, message]) => {
    const channels = { Slack: slackCard, Teams: teamsCard, 'Amazon Q Developer in chat': chatbotCard };
    const sections = Object.entries(channels).map(
      ([channel, render]) =>
        `<section id="${channel[0]}-${escapeHtml(name)}"><p class="name">${channel}</p>${render(message)}</section>`,
    );
    return `<h2>${escapeHtml(name)}</h2><div class="channels">${sections.join('')}</div>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><h1>${escapeHtml(title)}</h1>${shown.join('')}</body></html>`;
};

const alerts = (): Readonly<Record<string, Message>> =>
  Object.fromEntries(
    Object.entries(allFindingEvents).map(([name, build]) => [
      name,
      alertMessage(parseFinding(build({ at, count: 12 }))),
    ]),
  );

/** Every kind of finding as an alert, as the chat clients show the payloads. */
export const alertPage = (): string => page('Alerts in chat', alerts());

/** Messages of every kind: what was done and not, over, a preview, hostile, far too long. */
export const messagePage = (): string => page('Messages in chat', sampleMessages);

/** The mails of messages and of an alert, as SES is given them. */
export const mailPages = (): Readonly<Record<string, { readonly html: string; readonly title: string }>> =>
  Object.fromEntries(
    Object.entries({ ...sampleMessages, alert: alerts().sshBruteForce })
      .filter((entry): entry is [string, Message] => entry[1] !== undefined)
      .map(([name, message]) => {
        const { html } = renderMail(message, { footer: 'You get this because you are on call for security.' });
        const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
        const decoded = title.replace(
          /&(amp|lt|gt|quot|#39);/g,
          (_, entity: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[entity] ?? '',
        );
        return [name, { html, title: decoded.replace(/\s+/g, ' ').trim() }];
      }),
  );

import type { Message } from '@remedykit/core';
import { cut } from '../fit/cut.ts';
import { fitView, type PieceRenderer } from '../fit/fit-view.ts';
import { oneLine } from '../fit/flatten.ts';
import { keepLiteral, type MessageView, viewMessage } from '../fit/message-view.ts';
import { longestNote } from '../fit/omitted.ts';
import { threadKey } from '../fit/thread-key.ts';
import { makeVisible } from '../fit/visible.ts';
import { chatLink, chatText } from './escape.ts';
import { type ChatbotCaps, contextValueLength, defaultCaps } from './limits.ts';
import type { ChatbotNotification } from './notification.ts';

/** How a message becomes a custom notification. */
export interface ChatbotRendering {
  /** The chat client of the channel, for labelled links; without it URLs stand bare, which both make links. */
  readonly client?: 'slack' | 'teams';
  readonly caps?: Partial<ChatbotCaps>;
  /** Whether custom actions are shown; absent: as the channel has it. */
  readonly enableCustomActions?: boolean;
}

const shortest = 80;

const sentLength = (text: string): number => chatText(text).length;

const within = (text: string, room: number): string | undefined => {
  if (sentLength(text) <= room) return chatText(text);
  return room < shortest ? undefined : chatText(cut(text, Math.floor(room), sentLength));
};

const prefixed = (start: string, text: string, room: number): string | undefined => {
  const shown = within(text, room - start.length);
  return shown === undefined ? undefined : `${start}${shown}`;
};

/** A step with its page, of which the page is left out where there is no room for it. */
const step = (
  { text, url }: MessageView['actions'][number],
  client: ChatbotRendering['client'],
  max: number,
): string => {
  const link = url === undefined ? '' : ` ${chatLink('Open', url, client)}`;
  const end = link.length + shortest > max ? '' : link;
  return `${within(text, max - end.length) ?? '…'}${end}`;
};

const printable = /^[\x21-\x7e]+$/;

/** What custom actions can refer to: values without blanks, all in ASCII. */
const contextOf = ({ severity, status = 'open', preview, subject = {} }: Message): Record<string, string> => {
  const { accountId, region, type } = subject;
  const values = {
    Severity: severity,
    Status: status,
    Preview: String(preview),
    AccountId: accountId,
    Region: region,
    Type: type,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && printable.test(value) && value.length <= contextValueLength ? [[name, value]] : [],
    ),
  );
};

const keywordsOf = (message: Message, word: string, caps: ChatbotCaps): string[] =>
  [
    word,
    message.preview ? 'PREVIEW' : undefined,
    message.subject?.type,
    message.subject?.accountId,
    message.subject?.region,
  ]
    .flatMap((keyword) => {
      const shown = chatText(cut(oneLine(keepLiteral(makeVisible(keyword ?? ''))), caps.keyword, sentLength));
      return shown === '' ? [] : [shown];
    })
    .slice(0, caps.keywords);

/**
 * A message as a custom notification of Amazon Q Developer, within `caps`, for any strings whatever. Its thread is that of
 * the message's matter or key. What does not fit is left out, last first, and counted in the description.
 */
export const renderChatbotNotification = (message: Message, rendering: ChatbotRendering = {}): ChatbotNotification => {
  const { client, enableCustomActions } = rendering;
  const caps = { ...defaultCaps, ...rendering.caps };
  const view = viewMessage(message);
  const renderer: PieceRenderer<string> = {
    paragraph: (text, room) => within(text, room - 2),
    fact: ({ label, value }, room) => prefixed(`• ${chatText(cut(label, 75))}: `, value, room - 2),
    // Steps stand in a list of their own and take nothing of the description.
    action: (action) => step(action, client, caps.nextStep),
    link: ({ label, url }) => chatLink(cut(label, 75), url, client),
    size: (piece) => piece.length + 2,
  };
  const frame = [view.banner ?? '', view.time ?? ''].join('\n\n').length + longestNote + 10;
  const { paragraphs, facts, links, note } = fitView({ ...view, actions: [] }, caps.description - frame, renderer);
  const steps = view.actions.slice(0, caps.nextSteps).map((action) => renderer.action(action, 0, 0) ?? '…');
  const left = view.actions.length - steps.length;
  const description = [
    view.banner ?? '',
    ...paragraphs,
    facts.join('\n'),
    links.join(client === undefined ? '\n' : ' · '),
    [note ?? '', left === 0 ? '' : `… ${left} step${left === 1 ? '' : 's'} omitted`].filter(Boolean).join('; '),
    view.time ?? '',
  ]
    .filter((section) => section !== '')
    .join('\n\n');
  const keywords = keywordsOf(message, view.word, caps);
  const type = chatText(cut(oneLine(keepLiteral(makeVisible(message.subject?.type ?? ''))), caps.title, sentLength));
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: chatText(cut(view.heading, caps.title, sentLength)),
      // A description is required; without one the service drops the whole.
      description: description === '' ? chatText(cut(view.heading, caps.description, sentLength)) : description,
      ...(steps.length === 0 ? {} : { nextSteps: steps }),
      ...(keywords.length === 0 ? {} : { keywords }),
    },
    metadata: {
      threadId: threadKey(message),
      summary: chatText(cut(view.heading, caps.title, sentLength)),
      eventType: type === '' ? 'remedykit' : type,
      additionalContext: contextOf(message),
      ...(enableCustomActions === undefined ? {} : { enableCustomActions }),
    },
  };
};

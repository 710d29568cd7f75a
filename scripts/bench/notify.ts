import type { Message } from '@remedykit/core';
import { renderChatbotNotification } from '@remedykit/notify/chatbot';
import { renderPagerDutyEvent } from '@remedykit/notify/pagerduty';
import { renderMail } from '@remedykit/notify/ses';
import { renderSlackMessage } from '@remedykit/notify/slack';
import { renderSnsMessage } from '@remedykit/notify/sns';
import { renderTeamsMessage } from '@remedykit/notify/teams';
import { type BenchChannel, startChannels } from './notify/channels.ts';
import { benchMessages, wordsOf } from './notify/messages.ts';
import { faultOfTexts, saysOmitted } from './notify/safe-cuts.ts';

/** What becomes of messages of every kind on every channel. */
export interface NotifyFigures {
  /** Different messages; each was delivered through every adapter to a server that enforces its target's limits. */
  readonly messages: number;
  /** Messages with more to say than some channel can show. */
  readonly oversizedInputs: number;
  /** Deliveries that were not taken, or taken and not shown. */
  readonly rejected: number;
  /** Oversized messages that every channel shows cut between characters, and that say so where something is missing. */
  readonly truncatedSafely: number;
  /** Messages rendered for all six kinds of channel in one second of processor time. */
  readonly perSec: number;
}

/** How much to measure. */
export interface NotifyBenchOptions {
  /** 1: some 1,050 messages. */
  readonly scale?: number;
}

/** What is wrong with one delivery: whether it was refused, and whether what arrived was cut badly. */
interface Verdict {
  readonly refused?: string;
  readonly unsafe?: string;
}

const deliver = async (message: Message, { notifier, last, most, saysNothingOf }: BenchChannel): Promise<Verdict> => {
  const delivery = await notifier.notify(message);
  if (delivery.status !== 'delivered') return { refused: JSON.stringify(delivery) };
  const texts = last();
  if (texts === undefined) return { refused: 'taken, and shown to nobody' };
  const fault = faultOfTexts(message, texts);
  if (fault !== undefined) return { unsafe: fault };
  const mustSay = wordsOf(message) > most && saysNothingOf?.(message) !== true;
  return mustSay && !saysOmitted(texts) ? { unsafe: 'something is missing and nothing says so' } : {};
};

const renderAll = (message: Message): number =>
  [
    renderSlackMessage(message),
    renderTeamsMessage(message),
    renderPagerDutyEvent(message),
    renderSnsMessage(message),
    renderChatbotNotification(message),
    renderMail(message),
  ].length;

/**
 * Sends messages as they are, hostile ones and oversized ones through every adapter, over HTTP where the target is HTTP, and
 * looks at what arrived.
 */
export const benchNotify = async (
  progress: (line: string) => void,
  { scale = 1 }: NotifyBenchOptions = {},
): Promise<NotifyFigures> => {
  const messages = benchMessages(scale);
  const { channels, close } = await startChannels();
  let rejected = 0;
  let oversizedInputs = 0;
  let truncatedSafely = 0;
  try {
    const least = Math.min(...channels.map(({ most }) => most));
    progress(`${messages.length} messages to ${channels.length} channels`);
    for (const [index, message] of messages.entries()) {
      let safe = true;
      for (const channel of channels) {
        const { refused, unsafe } = await deliver(message, channel);
        if (refused !== undefined) rejected += 1;
        const fault = refused ?? unsafe;
        if (fault === undefined) continue;
        safe = false;
        progress(`${channel.name}, message ${index}: ${fault}`);
      }
      if (wordsOf(message) <= least) {
        // What is short enough must be safe as well; there is no figure to hide it in.
        if (!safe) throw new Error(`Message ${index} is not oversized and was not shown as it should be.`);
        continue;
      }
      oversizedInputs += 1;
      if (safe) truncatedSafely += 1;
    }
  } finally {
    await close();
  }
  // Processor time, for others may be busy on the same machine.
  const start = process.cpuUsage();
  const rendered = messages.reduce((sum, message) => sum + renderAll(message), 0);
  const { user, system } = process.cpuUsage(start);
  const perSec = Math.round((1_000_000 * messages.length) / (user + system));
  progress(`${rendered} renderings`);
  const figures = { messages: messages.length, oversizedInputs, rejected, truncatedSafely, perSec };
  for (const [key, figure] of Object.entries(figures))
    if (!(Number.isFinite(figure) && (figure > 0 || key === 'rejected')))
      throw new Error(`${key} could not be measured: ${figure}`);
  return figures;
};

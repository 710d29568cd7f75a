import type { Delivery, Message, Text, UpdatableNotifier } from '@remedykit/core';

/** A message as it stands in a channel that lives in memory. */
export interface RecordedMessage {
  readonly id: string;
  readonly message: Message;
  /** The id of the message that this one replies to. */
  readonly repliesTo?: string;
  readonly edits: number;
}

/** What the next request gets, instead of being delivered. */
export type RecordedFailure =
  | { readonly status: 'deferred'; readonly reason?: string; readonly retryAfterMs?: number }
  | { readonly status: 'rejected'; readonly reason?: string; readonly gone?: boolean }
  /** Throws, before or after the message was taken. */
  | { readonly status: 'throws'; readonly after?: 'before' | 'effect' };

/** A channel in memory that can do all that a notifier may. */
export interface RecordingNotifier extends UpdatableNotifier {
  /** What stands in the channel, in order. */
  messages(): readonly RecordedMessage[];
  /** Everything that was said, updates included, as text. */
  readonly said: readonly string[];
  failNext(...failures: readonly RecordedFailure[]): void;
  /** Fails every request until it is told otherwise. */
  failAll(failure: RecordedFailure | undefined): void;
  /** Takes a message out behind the sender's back. */
  remove(id: string): void;
  /** Runs before each request, with what is asked; await something in it to interleave workers. */
  before: ((operation: 'notify' | 'update' | 'reply', message: Message) => Promise<void>) | undefined;
}

/** A text as its words. */
export const wordsOf = (text: Text): string =>
  typeof text === 'string' ? text : 'untrusted' in text ? text.untrusted : text.map(wordsOf).join('');

/**
 * A notifier that keeps what it is given, for tests of what is built on notifiers.
 * @example
 * ```ts
 * import { createRecordingNotifier } from '@remedykit/notify/testing';
 * const channel = createRecordingNotifier('chat');
 * channel.failNext({ status: 'deferred', retryAfterMs: 1000 });
 * ```
 */
export const createRecordingNotifier = (channel = 'recording'): RecordingNotifier => {
  const messages = new Map<string, RecordedMessage>();
  const said: string[] = [];
  const failures: RecordedFailure[] = [];
  let always: RecordedFailure | undefined;
  let count = 0;

  const deliveryOf = (failure: RecordedFailure): Delivery => {
    if (failure.status === 'throws') throw new Error('the channel failed');
    if (failure.status === 'deferred')
      return {
        status: 'deferred',
        channel,
        reason: failure.reason ?? 'busy',
        retryAfterMs: failure.retryAfterMs ?? 1000,
      };
    return {
      status: 'rejected',
      channel,
      reason: failure.reason ?? 'no',
      ...(failure.gone === true ? { gone: true } : {}),
    };
  };

  const take = async (
    operation: 'notify' | 'update' | 'reply',
    message: Message,
    effect: () => Delivery,
  ): Promise<Delivery> => {
    await notifier.before?.(operation, message);
    const failure = failures.shift() ?? always;
    if (failure === undefined) return effect();
    if (failure.status === 'throws' && failure.after === 'effect') effect();
    return deliveryOf(failure);
  };

  const add = (message: Message, repliesTo?: string): Delivery => {
    count += 1;
    const id = String(count);
    messages.set(id, { id, message, edits: 0, ...(repliesTo === undefined ? {} : { repliesTo }) });
    said.push(wordsOf(message.title));
    return { status: 'delivered', channel, messageId: id };
  };

  const gone: Delivery = { status: 'rejected', channel, reason: 'message_not_found', gone: true };

  const notifier: RecordingNotifier = {
    notify: async (message) =>
      message === undefined ? { status: 'nothing', channel } : take('notify', message, () => add(message)),
    update: (id, message) =>
      take('update', message, () => {
        const old = messages.get(id);
        if (old === undefined) return gone;
        messages.set(id, { ...old, message, edits: old.edits + 1 });
        said.push(wordsOf(message.title));
        return { status: 'delivered', channel, messageId: id };
      }),
    reply: (id, message) => take('reply', message, () => (messages.has(id) ? add(message, id) : gone)),
    messages: () => [...messages.values()],
    said,
    failNext: (...next) => {
      failures.push(...next);
    },
    failAll: (failure) => {
      always = failure;
    },
    remove: (id) => void messages.delete(id),
    before: undefined,
  };
  return notifier;
};

import type { Clock, Delivery, Duration, Message, Notifier, NotifyOptions } from '@remedykit/core';
import { addTo, days, minutes, RemediationError, seconds, toInstant } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { changeDocument, type DocumentChanger, keyHash } from '../store/change-document.ts';
import { checkDurations, type StatefulOptions, statefulParts } from '../store/stateful.ts';
import { addEntry, type OutboxDocument, type OutboxEntry, type OutboxRoom, parseOutboxDocument } from './document.ts';
import { type DrainOptions, type DrainOutcome, drainOutbox } from './drain.ts';
import { waitTime } from './second-turn.ts';
import { type OutboxStatus, readStatus } from './status.ts';
import { createTurns } from './turns.ts';

/** Options of `createOutbox`. */
export interface OutboxOptions extends StatefulOptions {
  /** Where messages go. */
  readonly notifier: Notifier;
  /** Where a message goes that says that something was not done, when the first rejects it or does not take it for long. */
  readonly second?: Notifier;
  /** How many messages may wait, at least 16; what is more is summarised. Default 1,600; all together stay below 4 MB. */
  readonly maxMessages?: number;
  /** How long a message may wait in ms before it is given up, and reported as that; default 7 days. */
  readonly maxAgeMs?: Duration;
  /** How long a message that says that something was not done may wait, in ms, until the second channel is tried; default 15 minutes. */
  readonly secondAfterMs?: Duration;
}

/** A notifier that keeps what cannot be delivered now. */
export interface Outbox extends Notifier {
  /**
   * Delivers what waits, the oldest of each key first. Call it on a schedule, beside sweep and reconcile. Never rejects: a
   * store that fails is a failed step, retryable or not.
   */
  drain(options?: DrainOptions): Promise<DrainOutcome>;
  /**
   * How much waits and for how long, for an alarm, without delivering anything.
   * @throws what the store throws, and `SCHEMA_NEWER`, `NOTIFY_STATE_MALFORMED`
   */
  status(): Promise<OutboxStatus>;
}

const where = 'createOutbox';

/** Documents that the keys are spread over. */
const shards = 16;

/** How long to wait for an older message of the same key that is under way, and what is left then to keep this one. */
const patienceMs = seconds(20);
const reserveMs = 500;

/** Rejections by every channel are tried again then: somebody may have mended the configuration. */
export const rejectedAgainMs: Duration = minutes(15);

/** What the parts of an outbox share. */
export interface OutboxContext extends DocumentChanger<OutboxDocument> {
  readonly first: Notifier;
  readonly second: Notifier | undefined;
  readonly name: string;
  readonly room: OutboxRoom;
  readonly maxAgeMs: Duration;
  readonly secondAfterMs: Duration;
  readonly now: Clock;
  readonly newId: () => string;
  readonly report: (error: unknown) => void;
  readonly keys: readonly string[];
}

const contextOf = (options: OutboxOptions): OutboxContext => {
  const { maxMessages = 1600, maxAgeMs = days(7), secondAfterMs = minutes(15) } = options;
  const parts = statefulParts(where, options, (outbox, code) => ({ event: 'outbox-failed', data: { outbox, code } }));
  const refuse = (what: string): RemediationError =>
    new RemediationError({ code: 'OPTION_INVALID', message: `${where}: ${what}.` });
  if (!(Number.isSafeInteger(maxMessages) && maxMessages >= shards))
    throw refuse(`maxMessages must be a whole number of at least ${shards}, it is ${maxMessages}`);
  checkDurations(where, { maxAgeMs });
  if (!(secondAfterMs >= 0)) throw refuse(`secondAfterMs must be at least 0, it is ${secondAfterMs}`);
  return {
    ...parts,
    parse: parseOutboxDocument,
    first: options.notifier,
    second: options.second,
    room: { entries: Math.floor(maxMessages / shards), bytes: 220 * 1024 },
    maxAgeMs,
    secondAfterMs,
    keys: Array.from({ length: shards }, (_, shard) => `notify-outbox/${parts.name}/${shard.toString(16)}`),
  };
};

const keyFor = ({ keys, name }: OutboxContext, message: Message): string =>
  keys[Number.parseInt(keyHash(message.key).slice(0, 1), 16)] ?? `notify-outbox/${name}/0`;

/** Stores a message that was not delivered; where that fails too, the delivery stays as it was, for the caller to retry. */
const keep = async (
  context: OutboxContext,
  message: Message,
  target: OutboxEntry['target'],
  delivery: Exclude<Delivery, { status: 'delivered' | 'nothing' }>,
): Promise<Delivery> => {
  const { channel, reason } = delivery;
  const retryAfterMs = delivery.status === 'deferred' ? delivery.retryAfterMs : rejectedAgainMs;
  const since = toInstant(context.now());
  const notBefore = addTo(since, waitTime(context, { message, since }, retryAfterMs));
  const entry = { id: context.newId(), message, target, since, notBefore };
  try {
    await changeDocument(context, keyFor(context, message), (document) => {
      const added = addEntry(document, entry, context.room);
      return added === document ? { result: undefined } : { document: added, result: undefined };
    });
  } catch (error) {
    context.report(error);
    return delivery;
  }
  return { status: 'deferred', channel, reason: `${reason}; kept in the outbox`, retryAfterMs, kept: true };
};

/** True when older messages of the same key wait, which this one must not overtake. */
const isBehind = async (context: OutboxContext, message: Message): Promise<boolean> => {
  try {
    const key = keyFor(context, message);
    const stored = await context.store.get(key);
    return context.parse(key, stored?.value).entries.some((entry) => entry.message.key === message.key);
  } catch (error) {
    // A store that is down must not silence anybody.
    context.report(error);
    return false;
  }
};

const send = async (
  context: OutboxContext,
  message: Message,
  options: NotifyOptions,
  isFirst: boolean,
): Promise<Delivery> => {
  const { first, second } = context;
  if (!isFirst || (await isBehind(context, message)))
    return keep(context, message, 'first', {
      status: 'deferred',
      channel: 'outbox',
      reason: 'older messages of this key wait',
      retryAfterMs: 0,
    });
  const delivery = await notifySafely(first, message, options);
  if (delivery.status === 'delivered' || delivery.status === 'nothing') return delivery;
  if (delivery.status === 'deferred')
    return delivery.kept === true ? delivery : keep(context, message, 'first', delivery);
  if (message.undone !== true) return delivery;
  if (second === undefined) return keep(context, message, 'first', delivery);
  const other = await notifySafely(second, message, options);
  if (other.status === 'delivered' || other.status === 'nothing') return other;
  if (other.status === 'deferred') return other.kept === true ? other : keep(context, message, 'second', other);
  return keep(context, message, 'first', {
    ...delivery,
    reason: `${delivery.channel}: ${delivery.reason}; ${other.channel}: ${other.reason}`,
  });
};

/**
 * A notifier that keeps what its channel cannot take now in the state store, and delivers it later, in order per
 * `Message.key`, when `drain` is called. A delivery that was kept is `deferred` with `kept: true`: `assertComplete` does
 * not ask for a retry of the event then.
 *
 * A message that says that something was not done (`undone`) goes to the second channel when the first rejects it, or has
 * not taken it for `secondAfterMs`; if both reject it, it waits and is tried again. What else is rejected is not kept.
 *
 * No message is delivered before an older one of its key that waits, or that this outbox was given before and has not ended.
 * Two processes that are given messages of one key in the same moment know nothing of each other; their order is that of
 * `Message.at` in a live notifier.
 *
 * A message is delivered at least once: it is taken out after it was delivered, so a crash in between sends it again when
 * the lease is over. Sixteen documents of at most 220 KB hold what waits; what there is no room for is summarised in one
 * message. IAM actions: those of the store's `get`, `list` and writes.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { createMemoryStore } from '@remedykit/core';
 * import { createOutbox } from '@remedykit/notify';
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * const slack = createSlackNotifier({ webhookUrl: process.env.SLACK_WEBHOOK_URL ?? '' });
 * const outbox = createOutbox({ store: createMemoryStore(), notifier: slack });
 * const { oldestAgeMs } = await outbox.drain(); // a figure to raise an alarm on
 * ```
 */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const context = contextOf(options);
  const inTurn = createTurns();
  return {
    notify: async (message, notifyOptions = {}) => {
      if (message === undefined) return { status: 'nothing', channel: 'outbox' };
      const waitMs = notifyOptions.remainingTimeMs?.() ?? patienceMs;
      return inTurn(message.key, waitMs - reserveMs, (isFirst) => send(context, message, notifyOptions, isFirst));
    },
    preflight: async () => {
      await context.first.preflight?.();
      await context.second?.preflight?.();
    },
    drain: (drainOptions = {}) => drainOutbox(context, drainOptions),
    status: () => readStatus(context),
  };
};

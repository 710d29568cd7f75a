import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  Clock,
  Delivery,
  Duration,
  Message,
  Notifier,
  NotifyOptions,
  Observe,
  StateStore,
  UpdatableNotifier,
} from '@remedykit/core';
import {
  addTo,
  days,
  RemediationError,
  seconds,
  silent,
  summarizeError,
  systemClock,
  toInstant,
} from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { changeDocument, checkName, type DocumentChanger, isClaimed, keyHash } from '../store/change-document.ts';
import { composeLive } from './compose.ts';
import { type LiveDocument, type LivePosted, parseLiveDocument } from './document.ts';
import { isResolved, isStale, mergeMessage, type ReplyRule, type Verdict } from './merge.ts';
import { type SweepLiveOptions, type SweptLive, sweepLive } from './sweep.ts';

/** Options of `createLiveNotifier`. */
export interface LiveNotifierOptions {
  readonly store: StateStore;
  /** The channel. One that can update has one message per matter; one that cannot is told of significant changes alone. */
  readonly notifier: Notifier | UpdatableNotifier;
  /** One name per channel in a store: `a-z`, `0-9` and `-`; default `default`. */
  readonly name?: string;
  /** What makes messages copies of one matter; default: `subject.matter`, else the key. */
  readonly collapse?: (message: Message) => string;
  /**
   * Which changes are also said below the live message, for an update tells nobody: `significant`, the default (worse,
   * resolved, opened again), `every`, or `none`. What was not done is always said.
   */
  readonly replies?: ReplyRule;
  /** After this long, in ms, an open matter has a new message instead of an update far up; default 7 days. */
  readonly renewAfterMs?: Duration;
  /** How long `sweep` leaves what is known of a matter after its last change, in ms; default 90 days, as long as GuardDuty keeps findings. */
  readonly keepForMs?: Duration;
  readonly observe?: Observe;
  readonly now?: Clock;
  readonly random?: () => number;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  readonly newId?: () => string;
}

/** A notifier that keeps one message per matter up to date. */
export interface LiveNotifier extends Notifier {
  /**
   * Forgets matters that have not changed for `keepForMs`. Call it once a day.
   * @throws what the store throws
   */
  sweep(options?: SweepLiveOptions): Promise<SweptLive>;
}

/** One request to the channel may take this long, and the claim holds this long beyond. */
const patienceMs = seconds(20);
const leaseMs = seconds(30);
/** How long to wait for another worker that posts the same matter, and how often to look. */
const waitForOtherMs = seconds(10);
const pollMs = 300;
const reserveMs = 250;
/** Changes of others that one worker takes along. */
const maxRounds = 10;

interface Context extends DocumentChanger<LiveDocument> {
  readonly notifier: Notifier | UpdatableNotifier;
  readonly rule: ReplyRule;
  readonly renewAfterMs: Duration;
  readonly now: Clock;
  readonly sleep: (ms: Duration) => Promise<unknown>;
  readonly newId: () => string;
  readonly report: (error: unknown) => void;
}

const canUpdate = (notifier: Notifier | UpdatableNotifier): notifier is UpdatableNotifier =>
  'update' in notifier && 'reply' in notifier;

interface Claimed {
  readonly verdict: Verdict;
  readonly document: LiveDocument;
  readonly isOurs: boolean;
}

const isPublished = ({ posted, revision, replies }: LiveDocument): boolean =>
  posted !== undefined && posted.revision >= revision && replies.length === 0;

/** Hears the message, if there is one, and takes the right to publish where something is to be published and nobody has it. */
const hearAndClaim = (context: Context, key: string, owner: string, message?: Message): Promise<Claimed> =>
  changeDocument<LiveDocument, Claimed>(context, key, (before) => {
    const now = context.now();
    const { document, verdict } =
      message === undefined
        ? { document: before, verdict: 'repeated' as const }
        : mergeMessage(before, message, { now, newId: context.newId, rule: context.rule });
    const free = !isClaimed(document.claim, owner, now);
    if (isPublished(document) || !free || verdict === 'older')
      return {
        ...(document === before ? {} : { document }),
        result: { verdict, document, isOurs: false },
      };
    const claimed = { ...document, claim: { owner, until: addTo(now, leaseMs) } };
    return { document: claimed, result: { verdict, document: claimed, isOurs: true } };
  });

/** What was published. */
interface Published {
  readonly posted?: LivePosted;
  /** Ids and digests of replies that are said. */
  readonly said?: readonly string[];
  readonly free?: boolean;
}

/**
 * Writes what was published. `undefined`: somebody else has taken over, or the store failed; what was said is said, and
 * must not be said again because of that.
 */
const settle = async (
  context: Context,
  key: string,
  owner: string,
  { posted, said = [], free = false }: Published,
): Promise<LiveDocument | undefined> => {
  try {
    return await changeDocument<LiveDocument, LiveDocument | undefined>(context, key, (document) => {
      if (document.claim?.owner !== owner) return { result: undefined };
      const { claim: _claim, ...rest } = document;
      const settled: LiveDocument = {
        ...rest,
        ...(posted === undefined ? {} : { posted }),
        replies: document.replies.filter(({ id, digest }) => !said.includes(id) && !said.includes(digest)),
      };
      const next: LiveDocument =
        free || isPublished(settled) ? settled : { ...settled, claim: { owner, until: addTo(context.now(), leaseMs) } };
      return { document: next, result: next };
    });
  } catch (error) {
    context.report(error);
    return undefined;
  }
};

const messageIdOf = (delivery: Delivery): string | undefined =>
  delivery.status === 'delivered' ? delivery.messageId : undefined;

/** Puts the live message into the channel, in the place of the old one where that is possible. */
const putParent = async (context: Context, document: LiveDocument, options: NotifyOptions): Promise<Delivery> => {
  const { notifier, renewAfterMs, now } = context;
  const { posted, copies } = document;
  const message = composeLive(document);
  if (message === undefined) return { status: 'nothing', channel: 'live' };
  const reopened = posted?.resolved === true && !isResolved(copies);
  const id = posted?.messageId;
  if (posted !== undefined && id !== undefined && canUpdate(notifier) && !reopened) {
    // A resolution belongs where the matter was told, however old that is.
    if (isResolved(copies) || !isStale(posted.since, renewAfterMs, now())) {
      const update: Pick<Notifier, 'notify'> = { notify: (_, rest) => notifier.update(id, message, rest) };
      const delivery = await notifySafely(update, message, options);
      if (!(delivery.status === 'rejected' && delivery.gone === true)) return delivery;
    }
  }
  return notifySafely(notifier, message, options);
};

const postedBy = (context: Context, document: LiveDocument, delivery: Delivery): LivePosted => {
  const { posted, revision, copies } = document;
  const messageId = messageIdOf(delivery) ?? posted?.messageId;
  const isNew = posted === undefined || messageId !== posted.messageId;
  return {
    revision,
    since: isNew ? toInstant(context.now()) : posted.since,
    resolved: isResolved(copies),
    ...(messageId === undefined ? {} : { messageId }),
  };
};

/** Says one change below the live message, or as a message of its own where that cannot be. */
const putReply = async (
  { notifier }: Context,
  message: Message,
  parentId: string | undefined,
  options: NotifyOptions,
): Promise<Delivery> => {
  if (canUpdate(notifier) && parentId !== undefined) {
    const reply: Pick<Notifier, 'notify'> = { notify: (_, rest) => notifier.reply(parentId, message, rest) };
    const delivery = await notifySafely(reply, message, options);
    if (delivery.status !== 'rejected') return delivery;
  }
  return notifySafely(notifier, message, options);
};

/** One round of publishing: the live message first, then what is to be said below it. */
const publishNext = async (
  context: Context,
  document: LiveDocument,
  options: NotifyOptions,
): Promise<{ readonly delivery?: Delivery; readonly published?: Published }> => {
  const { posted, replies, revision, shownDigest } = document;
  const [reply] = replies;
  if (posted === undefined || posted.revision < revision) {
    // A channel that cannot update is told of changes by what is said, not by the live message once more.
    if (posted !== undefined && !canUpdate(context.notifier)) return { published: { posted: { ...posted, revision } } };
    const delivery = await putParent(context, document, options);
    if (delivery.status !== 'delivered') return { delivery };
    const next = postedBy(context, document, delivery);
    // A new message has told people already what would be said below an updated one.
    const isNew = posted === undefined || next.messageId !== posted.messageId;
    return {
      delivery,
      published: { posted: next, ...(isNew && shownDigest !== undefined ? { said: [shownDigest] } : {}) },
    };
  }
  if (reply === undefined) return {};
  const delivery = await putReply(context, reply.message, posted.messageId, options);
  // What is refused for good would keep back all that follow; only what was not done may do that.
  if (delivery.status === 'rejected' && reply.message.undone !== true) return { published: { said: [reply.id] } };
  if (delivery.status !== 'delivered') return { delivery };
  const { messageId = delivery.messageId } = posted;
  return {
    delivery: { ...delivery, ...(messageId === undefined ? {} : { messageId }) },
    published: { said: [reply.id] },
  };
};

/** Publishes what should be shown and said, and what others add meanwhile; the claim is ours. */
const publish = async (
  context: Context,
  key: string,
  owner: string,
  claimed: LiveDocument,
  options: NotifyOptions,
): Promise<Delivery> => {
  let document: LiveDocument | undefined = claimed;
  let last: Delivery = { status: 'nothing', channel: 'live' };
  for (let round = 0; round < maxRounds && document !== undefined && !isPublished(document); round += 1) {
    const { delivery, published }: Awaited<ReturnType<typeof publishNext>> = await publishNext(
      context,
      document,
      options,
    );
    last = delivery ?? last;
    if (published === undefined) break;
    document = await settle(context, key, owner, published);
  }
  if (document !== undefined && !isPublished(document)) await settle(context, key, owner, { free: true });
  return last;
};

/** Looks whether the worker that has the claim publishes what we heard too; takes over when its lease ends. */
const waitForOther = async (
  context: Context,
  key: string,
  owner: string,
  revision: number,
  left: () => number,
): Promise<{ readonly delivered: Delivery } | { readonly claimed: LiveDocument }> => {
  for (;;) {
    if (left() <= pollMs)
      return {
        delivered: {
          status: 'deferred',
          channel: 'live',
          reason: 'another worker posts this matter and has not come to an end',
          retryAfterMs: seconds(5),
        },
      };
    await context.sleep(pollMs);
    const { document, isOurs } = await hearAndClaim(context, key, owner);
    if (isOurs) return { claimed: document };
    const { posted } = document;
    if (posted !== undefined && posted.revision >= revision && document.replies.length === 0)
      return { delivered: deliveredBefore(posted) };
  }
};

const deliveredBefore = ({ messageId }: LivePosted): Delivery => ({
  status: 'delivered',
  channel: 'live',
  ...(messageId === undefined ? {} : { messageId }),
});

const notifyLive = async (
  context: Context,
  key: string,
  message: Message,
  options: NotifyOptions,
): Promise<Delivery> => {
  const { now } = context;
  const { remainingTimeMs } = options;
  const owner = context.newId();
  const deadlineIn = (ms: Duration): (() => number) => {
    const deadline = now().getTime() + Math.min(ms, remainingTimeMs ? remainingTimeMs() - reserveMs : ms);
    return () => deadline - now().getTime();
  };
  const heard = await hearAndClaim(context, key, owner, message);
  if (heard.verdict === 'older') return { status: 'nothing', channel: 'live' };
  const { posted } = heard.document;
  if (isPublished(heard.document) && posted !== undefined) return deliveredBefore(posted);
  let { document } = heard;
  if (!heard.isOurs) {
    const other = await waitForOther(context, key, owner, document.revision, deadlineIn(waitForOtherMs));
    if ('delivered' in other) return other.delivered;
    document = other.claimed;
  }
  return publish(context, key, owner, document, { remainingTimeMs: deadlineIn(patienceMs) });
};

/**
 * A notifier that keeps one message per matter in a channel, across the updates of a finding, its copies in other Regions,
 * and those of member and administrator accounts: updated in its place, answered below where a change must be noticed,
 * resolved when all copies are, posted anew where the old one is gone. An older message (`Message.at`) never overwrites a
 * newer one, and the same message is never said twice.
 *
 * State is one small document per matter. A worker claims it, posts, then settles it, so two workers that hear of a matter
 * at once make one message; the second waits for the first, up to 10 seconds, else it is `deferred`. A crash between the
 * post and its settling makes a second message when the lease of 30 seconds is over. If the store fails, the message is
 * posted without it.
 *
 * Put it inside an outbox: `createOutbox({ store, notifier: createLiveNotifier({ store, notifier: slack }) })`. IAM
 * actions: those of the store's `get`, `list` and writes.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { createMemoryStore } from '@remedykit/core';
 * import { createLiveNotifier } from '@remedykit/notify';
 * import { createSlackApiNotifier } from '@remedykit/notify/slack';
 * const slack = createSlackApiNotifier({ token: process.env.SLACK_TOKEN ?? '', channelId: 'C024BE91L' });
 * const live = createLiveNotifier({ store: createMemoryStore(), notifier: slack });
 * ```
 */
export const createLiveNotifier = (options: LiveNotifierOptions): LiveNotifier => {
  const {
    store,
    notifier,
    renewAfterMs = days(7),
    keepForMs = days(90),
    observe = silent,
    now = systemClock,
  } = options;
  const name = checkName('createLiveNotifier', options.name ?? 'default');
  for (const [option, value] of Object.entries({ renewAfterMs, keepForMs }))
    if (!(value > 0))
      throw new RemediationError({
        code: 'OPTION_INVALID',
        message: `createLiveNotifier: ${option} must be above 0, it is ${value}.`,
      });
  const collapse = options.collapse ?? (({ subject, key }: Message): string => subject?.matter ?? key);
  // A preview never touches what a real message opened.
  const matterOf = (message: Message): string => `${message.preview ? 'preview' : 'message'}\n${collapse(message)}`;
  const prefix = `notify-live/${name}/`;
  const context: Context = {
    store,
    parse: parseLiveDocument,
    random: options.random,
    sleep: options.sleep ?? wait,
    notifier,
    rule: options.replies ?? 'significant',
    renewAfterMs,
    now,
    newId: options.newId ?? randomUUID,
    report: (error) => observe({ event: 'live-failed', data: { live: name, code: summarizeError(error).code } }),
  };
  return {
    notify: async (message, notifyOptions = {}) => {
      if (message === undefined) return { status: 'nothing', channel: 'live' };
      try {
        return await notifyLive(context, `${prefix}${keyHash(matterOf(message))}`, message, notifyOptions);
      } catch (error) {
        // A store that is down must not silence anybody; nor must a collapse function.
        context.report(error);
        return notifySafely(notifier, message, notifyOptions);
      }
    },
    ...(notifier.preflight === undefined ? {} : { preflight: () => notifier.preflight?.() ?? Promise.resolve() }),
    sweep: (sweepOptions = {}) => sweepLive({ store, prefix, keepForMs, now }, sweepOptions),
  };
};

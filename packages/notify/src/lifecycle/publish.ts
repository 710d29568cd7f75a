import type { Delivery, Message, Notifier, NotifyOptions, UpdatableNotifier } from '@remedykit/core';
import { toInstant } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { isPublished, type LiveWorker, type Published, settle, withPublished } from './claim.ts';
import { composeLive, inMatter } from './compose.ts';
import type { LiveDocument, LivePosted } from './document.ts';
import { isResolved, isStale } from './merge.ts';

/** Changes of others that one worker takes along. */
const maxRounds = 10;

/** What one round came to: what the channel said, and what to write down; nothing to write down ends the rounds. */
interface Round {
  readonly delivery?: Delivery;
  readonly published?: Published;
}

const nothing: Delivery = { status: 'nothing', channel: 'live' };

const canUpdate = (notifier: Notifier | UpdatableNotifier): notifier is UpdatableNotifier =>
  'update' in notifier && 'reply' in notifier;

/** Puts the live message into the channel, in the place of the old one where that is possible. */
const putParent = async (worker: LiveWorker, document: LiveDocument, options: NotifyOptions): Promise<Delivery> => {
  const { notifier, renewAfterMs, now, matter } = worker;
  const { posted, copies } = document;
  const message = composeLive(document, matter);
  if (message === undefined) return nothing;
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

const postedBy = ({ now }: LiveWorker, document: LiveDocument, delivery: Delivery): LivePosted => {
  const { posted, revision, copies } = document;
  const said = delivery.status === 'delivered' ? delivery.messageId : undefined;
  const messageId = said ?? posted?.messageId;
  const isNew = posted === undefined || messageId !== posted.messageId;
  return {
    revision,
    since: isNew ? toInstant(now()) : posted.since,
    resolved: isResolved(copies),
    ...(messageId === undefined ? {} : { messageId }),
  };
};

/** Brings the live message up to date. */
const publishParent = async (worker: LiveWorker, document: LiveDocument, options: NotifyOptions): Promise<Round> => {
  const { posted, shownDigest } = document;
  const delivery = await putParent(worker, document, options);
  if (delivery.status !== 'delivered') return { delivery };
  const next = postedBy(worker, document, delivery);
  // A new message has told people already what would be said below an updated one.
  const isNew = posted === undefined || next.messageId !== posted.messageId;
  return {
    delivery,
    published: { posted: next, ...(isNew && shownDigest !== undefined ? { said: [shownDigest] } : {}) },
  };
};

/** Says one change below the live message, or as a message of its own where that cannot be. */
const putReply = async (
  { notifier }: LiveWorker,
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

/** Where the channel can update: the live message first, then what is to be said below it. */
const publishLive = async (
  worker: LiveWorker,
  document: LiveDocument,
  posted: LivePosted,
  options: NotifyOptions,
): Promise<Round> => {
  const [reply] = document.replies;
  if (posted.revision < document.revision) return publishParent(worker, document, options);
  if (reply === undefined) return {};
  const delivery = await putReply(worker, inMatter(reply.message, worker.matter), posted.messageId, options);
  // What is refused for good would keep back all that follow; only what was not done may do that.
  if (delivery.status === 'rejected' && reply.message.undone !== true) return { published: { said: [reply.id] } };
  if (delivery.status !== 'delivered') return { delivery };
  const { messageId = delivery.messageId } = posted;
  return {
    delivery: { ...delivery, ...(messageId === undefined ? {} : { messageId }) },
    published: { said: [reply.id] },
  };
};

/**
 * Where it cannot: what is to be said, in order, then that the matter is over or open again, if nothing has said so. The
 * end of one copy is never told as an end: a pager would close what is still open elsewhere.
 */
const publishPlain = async (
  worker: LiveWorker,
  document: LiveDocument,
  posted: LivePosted,
  options: NotifyOptions,
): Promise<Round> => {
  const { copies, revision, shownDigest } = document;
  const [reply] = document.replies;
  const isOver = isResolved(copies);
  if (reply === undefined) {
    if (posted.resolved !== isOver) return publishParent(worker, document, options);
    return { published: { posted: { ...posted, revision } } };
  }
  const message = inMatter(reply.message, worker.matter);
  const told: Message = isOver ? message : { ...message, status: 'open' };
  const delivery = await notifySafely(worker.notifier, told, options);
  if (delivery.status === 'rejected' && told.undone !== true) return { published: { said: [reply.id] } };
  if (delivery.status !== 'delivered') return { delivery };
  const resolved = told.status === 'resolved';
  const isShown = reply.digest === shownDigest;
  const next = { ...posted, resolved, revision: isShown ? revision : posted.revision };
  return { delivery, published: { said: [reply.id], ...(isShown || resolved ? { posted: next } : {}) } };
};

const publishNext = (worker: LiveWorker, document: LiveDocument, options: NotifyOptions): Promise<Round> => {
  const { posted } = document;
  if (posted === undefined) return publishParent(worker, document, options);
  return (canUpdate(worker.notifier) ? publishLive : publishPlain)(worker, document, posted, options);
};

/**
 * Publishes what should be shown and said, and what others add meanwhile; the claim is ours. Delivered is only what is said
 * to its end.
 */
export const publish = async (worker: LiveWorker, claimed: LiveDocument, options: NotifyOptions): Promise<Delivery> => {
  let document = claimed;
  let isLost = false;
  let last: Delivery = nothing;
  for (let round = 0; round < maxRounds && !isLost && !isPublished(document); round += 1) {
    const { delivery, published } = await publishNext(worker, document, options);
    last = delivery ?? last;
    if (published === undefined) break;
    const settled = await settle(worker, published);
    isLost = settled === undefined;
    document = settled ?? withPublished(document, published);
  }
  if (isPublished(document)) return last;
  if (!isLost) await settle(worker, {}, { free: true });
  return last.status === 'deferred' || last.status === 'rejected'
    ? last
    : { status: 'deferred', channel: 'live', reason: 'more about this matter is to be said', retryAfterMs: 0 };
};

import type { Message, SeverityBand } from '@remedykit/core';
import { addTo, minutes, toInstant } from '@remedykit/core';
import { boundMessage } from '../fit/bound-message.ts';
import { worse } from '../fit/worse.ts';
import { digestOf, keyHash } from '../store/change-document.ts';
import type { LiveCopy, LiveDocument } from './document.ts';

/** Which changes are also said below the live message, where people are told of them. */
export type ReplyRule = 'significant' | 'every' | 'none';

/** What a message means for a matter. */
export type Verdict =
  /** It changes what should be shown, or what should be said. */
  | 'news'
  /** It was heard before. */
  | 'repeated'
  /** Something newer is known. */
  | 'older';

const maxShownBytes = 24 * 1024;
const maxReplyBytes = 8 * 1024;
const maxReplies = 10;
const maxCopies = 64;
const maxSaid = 20;

/** The severity of a matter: that of its worst open copy. */
export const severityOf = (copies: readonly LiveCopy[], otherwise: SeverityBand): SeverityBand => {
  const open = copies.filter(({ resolved }) => !resolved).map(({ severity }) => severity);
  return open.length === 0 ? otherwise : open.reduce(worse);
};

/** True when every copy is resolved. */
export const isResolved = (copies: readonly LiveCopy[]): boolean => copies.every(({ resolved }) => resolved);

/** The instant of a message; a clock that is ahead must not shut out what comes after. */
const instantOf = ({ at }: Message, now: Date): string => {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? toInstant(now) : toInstant(new Date(Math.min(time, now.getTime() + minutes(5))));
};

const copyOf = (message: Message, at: string, digest: string): LiveCopy => {
  const { accountId, region } = message.subject ?? {};
  return {
    key: keyHash(message.key),
    at,
    digest,
    severity: message.severity,
    resolved: message.status === 'resolved',
    ...(accountId === undefined ? {} : { accountId: accountId.slice(0, 40) }),
    ...(region === undefined ? {} : { region: region.slice(0, 40) }),
  };
};

/** The newest copies; the oldest resolved are forgotten first. */
const boundCopies = (copies: readonly LiveCopy[]): readonly LiveCopy[] => {
  if (copies.length <= maxCopies) return copies;
  const [oldest] = copies.toSorted(
    (one, other) => Number(other.resolved) - Number(one.resolved) || one.at.localeCompare(other.at),
  );
  return copies.filter((copy) => copy !== oldest);
};

const addReply = (document: LiveDocument, message: Message, digest: string, id: string): LiveDocument => {
  if (document.replies.some((reply) => reply.digest === digest)) return document;
  const replies = [...document.replies, { id, digest, message: boundMessage(message, maxReplyBytes) }];
  if (replies.length <= maxReplies) return { ...document, replies };
  const victim = replies.find((reply) => reply.message.undone !== true) ?? replies[0];
  return {
    ...document,
    replies: replies.filter((reply) => reply !== victim),
    repliesOmitted: document.repliesOmitted + 1,
  };
};

const isSignificant = (document: LiveDocument, copies: readonly LiveCopy[], message: Message): boolean => {
  const { shown } = document;
  if (shown === undefined) return true;
  const before = severityOf(document.copies, shown.severity);
  const rose = worse(before, severityOf(copies, before)) !== before;
  return message.undone === true || rose || isResolved(document.copies) !== isResolved(copies);
};

/** What came of hearing a message. */
export interface Merged {
  readonly document: LiveDocument;
  readonly verdict: Verdict;
}

/**
 * What is known of a matter once a message was heard: the newest of each copy, what should be shown, and what should be
 * said below it. Pure. An older message changes nothing, unless it says that something was not done and was never heard:
 * then it is said below.
 */
export const mergeMessage = (
  document: LiveDocument,
  message: Message,
  { now, newId, rule }: { readonly now: Date; readonly newId: () => string; readonly rule: ReplyRule },
): Merged => {
  const digest = digestOf(message);
  const at = instantOf(message, now);
  const copy = copyOf(message, at, digest);
  const known = document.copies.find(({ key }) => key === copy.key);
  const isSaid = message.undone === true && document.said.includes(digest);
  if (known?.digest === digest || isSaid) return { document, verdict: 'repeated' };

  const said = message.undone === true ? [...document.said, digest].slice(-maxSaid) : document.said;
  const changed: LiveDocument = { ...document, said, changedAt: toInstant(now) };
  if (known !== undefined && at < known.at) {
    if (message.undone !== true) return { document, verdict: 'older' };
    return { document: addReply(changed, message, digest, newId()), verdict: 'news' };
  }

  const copies = boundCopies([...document.copies.filter(({ key }) => key !== copy.key), copy]);
  const others = copies.filter(({ key }) => key !== copy.key);
  const newest = others.every((other) => other.at <= at);
  const othersOpen = others.some(({ resolved }) => !resolved);
  const shownOver = document.shown?.status === 'resolved';
  // What is open is shown before what is over, then the newest; and what ends a matter is shown as its end.
  const shows =
    document.shown === undefined || (copy.resolved ? !othersOpen && (newest || !shownOver) : newest || shownOver);
  const next: LiveDocument = {
    ...changed,
    copies,
    revision: document.revision + 1,
    ...(shows ? { shown: boundMessage(message, maxShownBytes), shownDigest: digest } : {}),
  };

  const { shown, shownDigest = '' } = document;
  if (shown === undefined) return { document: next, verdict: 'news' };
  // What is replaced before anybody saw it must be said all the same, where it says that something was not done.
  const unseen = (document.posted?.revision ?? 0) < document.revision;
  const rescued = shows && unseen && shown.undone === true ? addReply(next, shown, shownDigest, newId()) : next;
  const says =
    message.undone === true || (rule !== 'none' && (rule === 'every' || isSignificant(document, copies, message)));
  return { document: says ? addReply(rescued, message, digest, newId()) : rescued, verdict: 'news' };
};

/** When a parent that is this old has a new one in its place. */
export const isStale = (since: string, renewAfterMs: number, now: Date): boolean =>
  addTo(since, renewAfterMs) <= toInstant(now);

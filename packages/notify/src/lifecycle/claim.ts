import type { Clock, Duration, Message, Notifier, UpdatableNotifier } from '@remedykit/core';
import { addTo, seconds } from '@remedykit/core';
import { changeDocument, type DocumentChanger, isClaimed } from '../store/change-document.ts';
import type { LiveDocument, LivePosted } from './document.ts';
import { mergeMessage, type ReplyRule, type Verdict } from './merge.ts';

/** The claim holds this long after each sign of life. */
const leaseMs = seconds(30);

/** What all matters of a live notifier share. */
export interface LiveContext extends DocumentChanger<LiveDocument> {
  readonly notifier: Notifier | UpdatableNotifier;
  readonly rule: ReplyRule;
  readonly renewAfterMs: Duration;
  readonly now: Clock;
  readonly newId: () => string;
  readonly report: (error: unknown) => void;
}

/** One call that works on one matter. */
export interface LiveWorker extends LiveContext {
  /** Where the matter is stored. */
  readonly storeKey: string;
  /** Its name, for the channel. */
  readonly matter: string;
  readonly owner: string;
}

/** What came of asking for a matter. */
export interface Claimed {
  readonly verdict: Verdict;
  readonly document: LiveDocument;
  /** True where the right to publish is ours. */
  readonly isOurs: boolean;
}

/** True when the channel has what should be shown and said. */
export const isPublished = ({ posted, revision, replies }: LiveDocument): boolean =>
  posted !== undefined && posted.revision >= revision && replies.length === 0;

/** Hears the message, if there is one, and takes the right to publish where something is to be published and nobody has it. */
export const hearAndClaim = (worker: LiveWorker, message?: Message): Promise<Claimed> =>
  changeDocument<LiveDocument, Claimed>(worker, worker.storeKey, (before) => {
    const { owner, newId, rule } = worker;
    const now = worker.now();
    const { document, verdict } =
      message === undefined
        ? { document: before, verdict: 'repeated' as const }
        : mergeMessage(before, message, { now, newId, rule });
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
export interface Published {
  readonly posted?: LivePosted;
  /** Ids and digests of replies that are said. */
  readonly said?: readonly string[];
}

/** The document once that was published. Pure. */
export const withPublished = (document: LiveDocument, { posted, said = [] }: Published): LiveDocument => ({
  ...document,
  ...(posted === undefined ? {} : { posted }),
  replies: document.replies.filter(({ id, digest }) => !said.includes(id) && !said.includes(digest)),
});

/**
 * Writes what was published, and gives the claim back when there is no more, or when asked to. `undefined`: somebody else
 * has taken over, or the store failed; what was said is said, and must not be said again because of that.
 */
export const settle = async (
  worker: LiveWorker,
  published: Published,
  { free = false }: { readonly free?: boolean } = {},
): Promise<LiveDocument | undefined> => {
  const { owner, now, report, storeKey } = worker;
  try {
    return await changeDocument<LiveDocument, LiveDocument | undefined>(worker, storeKey, (document) => {
      if (document.claim?.owner !== owner) return { result: undefined };
      const { claim: _claim, ...settled } = withPublished(document, published);
      const next: LiveDocument =
        free || isPublished(settled) ? settled : { ...settled, claim: { owner, until: addTo(now(), leaseMs) } };
      return { document: next, result: next };
    });
  } catch (error) {
    report(error);
    return undefined;
  }
};

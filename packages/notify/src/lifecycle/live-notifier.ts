import type { Delivery, Duration, Message, Notifier, NotifyOptions, UpdatableNotifier } from '@remedykit/core';
import { days, seconds } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { keyHash } from '../store/change-document.ts';
import { checkDurations, type StatefulOptions, statefulParts } from '../store/stateful.ts';
import { hearAndClaim, isPublished, type LiveContext, type LiveWorker } from './claim.ts';
import { inMatter } from './compose.ts';
import { parseLiveDocument } from './document.ts';
import type { ReplyRule } from './merge.ts';
import { publish } from './publish.ts';
import { type SweepLiveOptions, type SweptLive, sweepLive } from './sweep.ts';
import { deliveredBefore, waitForOther } from './wait-for-other.ts';

/** Options of `createLiveNotifier`. */
export interface LiveNotifierOptions extends StatefulOptions {
  /**
   * The channel. One that can update has one message per matter; one that cannot is told of significant changes, and when
   * the matter is over or open again, whatever `replies` says: a pager closes its alert by it.
   */
  readonly notifier: Notifier | UpdatableNotifier;
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
}

/** A notifier that keeps one message per matter up to date. */
export interface LiveNotifier extends Notifier {
  /**
   * Forgets matters that have not changed for `keepForMs`. Call it once a day.
   * @throws what the store throws
   */
  sweep(options?: SweepLiveOptions): Promise<SweptLive>;
}

/** One request to the channel may take this long; the claim holds longer. */
const patienceMs = seconds(20);
/** How long to wait for another worker that posts the same matter. */
const waitForOtherMs = seconds(10);
const reserveMs = 250;
/** The longest key that a message may have. */
const maxKeyLength = 255;

const notifyLive = async (worker: LiveWorker, message: Message, options: NotifyOptions): Promise<Delivery> => {
  const { now } = worker;
  const { remainingTimeMs } = options;
  const deadlineIn = (ms: Duration): (() => number) => {
    const deadline = now().getTime() + Math.min(ms, remainingTimeMs ? remainingTimeMs() - reserveMs : ms);
    return () => deadline - now().getTime();
  };
  const heard = await hearAndClaim(worker, message);
  if (heard.verdict === 'older') return { status: 'nothing', channel: 'live' };
  const { posted } = heard.document;
  if (isPublished(heard.document) && posted !== undefined) return deliveredBefore(posted);
  let { document } = heard;
  if (!heard.isOurs) {
    const other = await waitForOther(worker, document.revision, deadlineIn(waitForOtherMs));
    if ('delivered' in other) return other.delivered;
    document = other.claimed;
  }
  return publish(worker, document, { remainingTimeMs: deadlineIn(patienceMs) });
};

/**
 * A notifier that keeps one message per matter in a channel, across the updates of a finding, its copies in other Regions,
 * and those of member and administrator accounts: updated in its place, answered below where a change must be noticed,
 * resolved when all copies are, posted anew where the old one is gone. An older message (`Message.at`) never overwrites a
 * newer one, and the same message is never said twice. All that is said of a matter has its name for a key (at most 255
 * characters, else a hash), so that a pager has one alert for it.
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
  const { notifier, renewAfterMs = days(7), keepForMs = days(90), replies = 'significant' } = options;
  const { name, ...parts } = statefulParts('createLiveNotifier', options, (live, code) => ({
    event: 'live-failed',
    data: { live, code },
  }));
  checkDurations('createLiveNotifier', { renewAfterMs, keepForMs });
  const collapse = options.collapse ?? (({ subject, key }: Message): string => subject?.matter ?? key);
  const prefix = `notify-live/${name}/`;
  const context: LiveContext = { ...parts, parse: parseLiveDocument, notifier, rule: replies, renewAfterMs };
  const workerFor = (message: Message): LiveWorker => {
    const matter = collapse(message);
    return {
      ...context,
      owner: context.newId(),
      matter: matter.length > maxKeyLength ? keyHash(matter) : matter,
      // A preview never touches what a real message opened.
      storeKey: `${prefix}${keyHash(`${message.preview ? 'preview' : 'message'}\n${matter}`)}`,
    };
  };
  return {
    notify: async (message, notifyOptions = {}) => {
      if (message === undefined) return { status: 'nothing', channel: 'live' };
      let bare = message;
      try {
        const worker = workerFor(message);
        // Without the store nobody knows which copy is the last, so an end is told under the name of its copy alone.
        if (message.status !== 'resolved') bare = inMatter(message, worker.matter);
        return await notifyLive(worker, message, notifyOptions);
      } catch (error) {
        // A store that is down must not silence anybody; nor must a collapse function.
        context.report(error);
        return notifySafely(notifier, bare, notifyOptions);
      }
    },
    ...(notifier.preflight === undefined ? {} : { preflight: () => notifier.preflight?.() ?? Promise.resolve() }),
    sweep: (sweepOptions = {}) => sweepLive({ store: parts.store, prefix, keepForMs, now: parts.now }, sweepOptions),
  };
};

import type { Clock, Delivery, Duration, Message, Notifier, NotifyOptions } from '@remedykit/core';
import { addTo, minutes, RemediationError, seconds, toInstant } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { overflowType } from '../outbox/document.ts';
import { changeDocument, type DocumentChanger, digestOf, isClaimed } from '../store/change-document.ts';
import { checkDurations, type StatefulOptions, statefulParts } from '../store/stateful.ts';
import {
  addSeen,
  addToSummary,
  type FloodDocument,
  type FloodSummary,
  parseFloodDocument,
  summaryMessage,
} from './document.ts';

/** Options of `createFloodControl`. */
export interface FloodControlOptions extends StatefulOptions {
  readonly notifier: Notifier;
  /** Messages in one window; 0: none but summaries. Default 20. */
  readonly max?: number;
  /** Urgent messages (critical, or telling that something was not done) in one window, apart from the others; default 60. */
  readonly maxUrgent?: number;
  /** The window in ms; default 10 minutes. */
  readonly windowMs?: Duration;
}

/** A notifier that summarises what is too much. */
export interface FloodControl extends Notifier {
  /**
   * Sends the summary of a window that has ended, if there is one. Call it on a schedule: without it a summary waits for
   * the next message.
   * @throws what the store throws
   */
  flush(options?: NotifyOptions): Promise<Delivery>;
}

const where = 'createFloodControl';
const channel = 'flood-control';
const patienceMs = seconds(20);
const leaseMs = seconds(30);

/** Lambda tries an event three times: so often the same message passes for one count. */
const maxRetries = 2;

interface Context extends DocumentChanger<FloodDocument> {
  readonly notifier: Notifier;
  readonly key: string;
  readonly max: number;
  readonly maxUrgent: number;
  readonly windowMs: Duration;
  readonly now: Clock;
  readonly newId: () => string;
}

const isOver = ({ windowMs }: Context, { windowStart }: FloodDocument, now: Date): boolean => {
  const age = now.getTime() - Date.parse(windowStart);
  // A clock that was set back makes the age negative: begin anew, rather than wait for it to catch up.
  return age < 0 || age >= windowMs;
};

/** What is to be done with a message: send it, or nothing more, since it was counted. */
type Admission = { readonly sends: true } | { readonly sends: false; readonly endsInMs: Duration };

const admit = (context: Context, message: Message): Promise<Admission> =>
  changeDocument<FloodDocument, Admission>(context, context.key, (before) => {
    // It stands for many, and comes seldom.
    if (message.subject?.type === overflowType) return { result: { sends: true } };
    const now = context.now();
    const fresh = isOver(context, before, now);
    const document = fresh ? { ...before, windowStart: toInstant(now), sent: 0, sentUrgent: 0, seen: [] } : before;
    const { seen = [], sent, sentUrgent } = document;
    const digest = digestOf(message).slice(0, 12);
    const sends = seen.find((one) => one.digest === digest)?.sends;
    const endsInMs = Date.parse(document.windowStart) + context.windowMs - now.getTime();
    if (sends === 0) return { result: { sends: false, endsInMs } };
    if (sends !== undefined && sends <= maxRetries)
      return { document: { ...document, seen: addSeen(seen, { digest, sends: sends + 1 }) }, result: { sends: true } };
    const urgent = message.severity === 'critical' || message.undone === true;
    if (urgent ? sentUrgent < context.maxUrgent : sent < context.max) {
      const counts = urgent ? { sentUrgent: sentUrgent + 1 } : { sent: sent + 1 };
      const next = { ...document, ...counts, seen: addSeen(seen, { digest, sends: 1 }) };
      return { document: next, result: { sends: true } };
    }
    const summary = addToSummary(document.summary, message, toInstant(now), context.newId());
    const next = { ...document, summary, seen: addSeen(seen, { digest, sends: 0 }) };
    return { document: next, result: { sends: false, endsInMs } };
  });

/** Takes the summary that is due, and the right to send it. */
const claimSummary = (context: Context, owner: string): Promise<FloodSummary | undefined> =>
  changeDocument<FloodDocument, FloodSummary | undefined>(context, context.key, (document) => {
    const now = context.now();
    if (isClaimed(document.claim, owner, now)) return { result: undefined };
    const claim = { owner, until: addTo(now, leaseMs) };
    if (document.sending !== undefined) return { document: { ...document, claim }, result: document.sending };
    const { summary, ...rest } = document;
    if (summary === undefined) return { result: undefined };
    // Counted in a window that is over, or in one before it.
    if (now.getTime() - Date.parse(summary.from) < context.windowMs && !isOver(context, document, now))
      return { result: undefined };
    return { document: { ...rest, sending: summary, claim }, result: summary };
  });

const settleSummary = (context: Context, owner: string, sent: boolean): Promise<void> =>
  changeDocument<FloodDocument, void>(context, context.key, (document) => {
    if (document.claim?.owner !== owner) return { result: undefined };
    const { claim: _claim, sending, ...rest } = document;
    return { document: sent || sending === undefined ? rest : { ...rest, sending }, result: undefined };
  });

const flush = async (context: Context, { remainingTimeMs }: NotifyOptions): Promise<Delivery> => {
  const owner = context.newId();
  const summary = await claimSummary(context, owner);
  if (summary === undefined) return { status: 'nothing', channel };
  const deadline = context.now().getTime() + Math.min(patienceMs, remainingTimeMs?.() ?? patienceMs);
  const delivery = await notifySafely(context.notifier, summaryMessage(context.key, summary), {
    remainingTimeMs: () => deadline - context.now().getTime(),
  });
  // What is rejected for good stays as it is: it is tried again, and says so each time.
  const kept = delivery.status === 'deferred' && delivery.kept === true;
  await settleSummary(context, owner, delivery.status === 'delivered' || delivery.status === 'nothing' || kept);
  return delivery;
};

/**
 * A notifier that lets so many messages through in a window and summarises the rest in one message when the window is over:
 * how many, of which severity and kind, and which of them say that something was not done. Urgent messages have a window of
 * their own, so that noise cannot drown them. The windows are kept in the store, for all workers together.
 *
 * The same message again in one window, as a retried event has it, counts once: three times it is let through for that,
 * and what was counted stays counted. A summary of what an outbox had no room for is let through always.
 *
 * A message that was counted is `deferred` with `kept: true`. If the store fails, everything is let through. IAM actions:
 * those of the store's `get` and writes.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { createMemoryStore, minutes, type Notifier } from '@remedykit/core';
 * import { createFloodControl } from '@remedykit/notify';
 * const calm = (notifier: Notifier) =>
 *   createFloodControl({ store: createMemoryStore(), notifier, max: 20, windowMs: minutes(10) });
 * ```
 */
export const createFloodControl = (options: FloodControlOptions): FloodControl => {
  const { max = 20, maxUrgent = 60, windowMs = minutes(10), notifier } = options;
  const { name, report, ...parts } = statefulParts(where, options, (flood, code) => ({
    event: 'flood-control-failed',
    data: { flood, code },
  }));
  for (const [option, value] of Object.entries({ max, maxUrgent }))
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw new RemediationError({
        code: 'OPTION_INVALID',
        message: `${where}: ${option} must be a whole number of at least 0, it is ${value}.`,
      });
  checkDurations(where, { windowMs });
  const key = `notify-flood/${name}`;
  const context: Context = { ...parts, parse: parseFloodDocument, notifier, key, max, maxUrgent, windowMs };

  return {
    notify: async (message, notifyOptions = {}) => {
      if (message === undefined) return { status: 'nothing', channel };
      let admission: Admission;
      try {
        await flush(context, notifyOptions);
        admission = await admit(context, message);
      } catch (error) {
        report(error);
        admission = { sends: true };
      }
      if (admission.sends) return notifySafely(notifier, message, notifyOptions);
      return {
        status: 'deferred',
        channel,
        reason: 'too many messages; it is counted in a summary',
        retryAfterMs: Math.max(0, admission.endsInMs),
        kept: true,
      };
    },
    flush: (notifyOptions = {}) => flush(context, notifyOptions),
    ...(notifier.preflight === undefined ? {} : { preflight: () => notifier.preflight?.() ?? Promise.resolve() }),
  };
};

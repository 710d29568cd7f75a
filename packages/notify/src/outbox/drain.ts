import type { Delivery, Duration, NotifyOptions, Outcome, StepOutcome } from '@remedykit/core';
import { addTo, isRemediationError, seconds, summarizeError, toInstant } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { changeDocument, isClaimed } from '../store/change-document.ts';
import { type OutboxDocument, type OutboxEntry, overflowMessage } from './document.ts';
import { type OutboxContext, rejectedAgainMs } from './outbox.ts';
import { isSecondsTurn, waitTime } from './second-turn.ts';
import { addStatus, emptyStatus, type OutboxStatus, statusOf } from './status.ts';

/** Options of a drain. */
export interface DrainOptions {
  /** Milliseconds left to the caller; the drain stops cleanly before that. */
  readonly remainingTimeMs?: () => number;
}

/** What a drain came to: one step per message that was tried. */
export interface DrainOutcome extends Outcome, OutboxStatus {
  readonly delivered: number;
}

/** One message may take this long, and the claim holds this long beyond: a worker outlives none of its claims. */
const patienceMs = seconds(20);
const leaseMs = seconds(30);

/** Less time than this is left to the caller. */
const reserveMs = seconds(2);

/** So many deferrals in a row, and the channel is left alone until the next drain. */
const enoughDeferrals = 3;

/** What became of an entry: it is over, or goes on waiting. */
type Settled =
  | {
      readonly over: true;
      readonly step: StepOutcome;
      /** True when the second channel took it after the first had deferred it. */
      readonly firstDeferred?: boolean;
    }
  | { readonly over: false; readonly entry: OutboxEntry; readonly step: StepOutcome };

const stepOf = (entry: OutboxEntry, status: StepOutcome['status'], reason: string, because: string): StepOutcome => ({
  stepId: entry.id,
  action: 'notify:deliver',
  status,
  reason,
  because,
  retryable: false,
});

const later = (
  context: OutboxContext,
  entry: OutboxEntry,
  ms: Duration,
  changes: Partial<OutboxEntry>,
): OutboxEntry => ({
  ...entry,
  ...changes,
  notBefore: addTo(context.now(), waitTime(context, entry, ms)),
});

const wait = (
  context: OutboxContext,
  entry: OutboxEntry,
  delivery: Exclude<Delivery, { status: 'delivered' | 'nothing' }>,
  target: OutboxEntry['target'],
): Settled => {
  const because = `${delivery.channel}: ${delivery.reason}`;
  const age = context.now().getTime() - Date.parse(entry.since);
  if (age >= context.maxAgeMs)
    return { over: true, step: stepOf(entry, 'failed', 'expired', `It waited for ${age} ms, then: ${because}`) };
  const ms = delivery.status === 'deferred' ? delivery.retryAfterMs : rejectedAgainMs;
  return {
    over: false,
    entry: later(context, entry, ms, { target }),
    step: stepOf(entry, delivery.status === 'deferred' ? 'skipped' : 'failed', delivery.status, because),
  };
};

/** Half of the time: a channel that hangs leaves the other half to the next. */
const half = ({ now }: OutboxContext, { remainingTimeMs }: NotifyOptions): NotifyOptions => {
  if (remainingTimeMs === undefined) return {};
  const deadline = now().getTime() + remainingTimeMs() / 2;
  return { remainingTimeMs: () => deadline - now().getTime() };
};

/** Tries one entry, on the second channel too where it says that something was not done. */
const deliver = async (context: OutboxContext, entry: OutboxEntry, options: NotifyOptions): Promise<Settled> => {
  const { first, second } = context;
  const { message } = entry;
  const done = (delivery: Delivery): Settled => ({
    over: true,
    step: stepOf(entry, 'applied', 'delivered', `Delivered to ${delivery.channel}.`),
  });
  const isOver = (delivery: Delivery): boolean =>
    delivery.status === 'delivered' ||
    delivery.status === 'nothing' ||
    (delivery.status === 'deferred' && delivery.kept === true);

  const isSecond = entry.target === 'second' && second !== undefined;
  const leavesTime = !isSecond && isSecondsTurn(context, entry);
  const delivery = await notifySafely(
    isSecond ? second : first,
    message,
    leavesTime ? half(context, options) : options,
  );
  if (isOver(delivery)) return done(delivery);
  if (delivery.status === 'delivered' || delivery.status === 'nothing') return done(delivery);
  if (message.undone !== true)
    return delivery.status === 'rejected'
      ? { over: true, step: stepOf(entry, 'failed', 'rejected', `${delivery.channel}: ${delivery.reason}`) }
      : wait(context, entry, delivery, entry.target);

  const wantsSecond = delivery.status === 'rejected' || isSecondsTurn(context, entry);
  if (isSecond || second === undefined || !wantsSecond)
    // Rejected by the second: the first is asked again, somebody may have mended it.
    return wait(context, entry, delivery, delivery.status === 'rejected' ? 'first' : entry.target);
  const other = await notifySafely(second, message, options);
  if (isOver(other)) return { over: true, step: done(other).step, firstDeferred: delivery.status === 'deferred' };
  if (other.status === 'deferred')
    return wait(context, entry, other, delivery.status === 'rejected' ? 'second' : 'first');
  return wait(context, entry, delivery, 'first');
};

/**
 * Tries what was not done on the second channel alone, whose turn it is: what keeps an entry back from the first, an older
 * one of its key or an outage, must not keep it from people.
 */
const deliverPast = async (context: OutboxContext, entry: OutboxEntry, options: NotifyOptions): Promise<Settled> => {
  const settled = await deliver(context, { ...entry, target: 'second' }, options);
  return settled.over ? settled : { ...settled, entry: { ...settled.entry, target: entry.target } };
};

/** Takes the right to deliver what one document holds; `undefined`: nothing waits, or somebody else has it. */
const claim = (context: OutboxContext, key: string, owner: string): Promise<OutboxDocument | undefined> =>
  changeDocument<OutboxDocument, OutboxDocument | undefined>(context, key, (document) => {
    const now = context.now();
    const { overflow, ...rest } = document;
    const isDue = document.entries.some(({ notBefore }) => Date.parse(notBefore) <= now.getTime());
    if (isClaimed(document.claim, owner, now) || !(isDue || overflow !== undefined)) return { result: undefined };
    const id = context.newId();
    const summary: OutboxEntry[] =
      overflow === undefined
        ? []
        : [
            {
              id,
              // Each a message of its own: in a live notifier one key would let the next take the place of the last.
              message: overflowMessage(`${key}/overflow/${id}`, overflow),
              digest: '',
              since: overflow.since,
              notBefore: toInstant(now),
              target: 'first',
            },
          ];
    const claimed: OutboxDocument = {
      ...rest,
      entries: [...document.entries, ...summary],
      claim: { owner, until: addTo(now, leaseMs) },
    };
    return { document: claimed, result: claimed };
  });

/** Writes what became of an entry, and holds on to the claim; false when somebody else has taken it over. */
const settle = (context: OutboxContext, key: string, owner: string, id: string, settled: Settled): Promise<boolean> =>
  changeDocument<OutboxDocument, boolean>(context, key, (document) => {
    if (document.claim?.owner !== owner) return { result: false };
    const entries = settled.over
      ? document.entries.filter((entry) => entry.id !== id)
      : document.entries.map((entry) => (entry.id === id ? settled.entry : entry));
    return { document: { ...document, entries, claim: { owner, until: addTo(context.now(), leaseMs) } }, result: true };
  });

const release = (context: OutboxContext, key: string, owner: string): Promise<OutboxStatus> =>
  changeDocument<OutboxDocument, OutboxStatus>(context, key, (document) => {
    const result = statusOf(document, context.now());
    if (document.claim?.owner !== owner) return { result };
    const { claim: _claim, ...free } = document;
    return { document: free, result };
  });

/** Delivers what waits in all documents of an outbox, beginning anywhere, so that none is always last. */
export const drainOutbox = async (context: OutboxContext, { remainingTimeMs }: DrainOptions): Promise<DrainOutcome> => {
  const owner = context.newId();
  const steps: StepOutcome[] = [];
  const left = (): number =>
    remainingTimeMs === undefined ? patienceMs : Math.min(patienceMs, remainingTimeMs() - reserveMs);
  const deadlineLeft = (): (() => number) => {
    const deadline = context.now().getTime() + left();
    return () => deadline - context.now().getTime();
  };
  let done = true;
  const deferrals = { first: 0, second: 0 };
  let status = emptyStatus;

  const drainOne = async (key: string): Promise<void> => {
    const claimed = await claim(context, key, owner);
    if (claimed === undefined) {
      const stored = await context.store.get(key);
      status = addStatus(status, statusOf(context.parse(key, stored?.value), context.now()));
      return;
    }
    /** Keys of which an older message still waits. */
    const behind = new Set<string>();
    for (const entry of claimed.entries) {
      if (left() <= 0) {
        done = false;
        break;
      }
      const isDue = Date.parse(entry.notBefore) <= context.now().getTime();
      const target = context.second === undefined ? 'first' : entry.target;
      const isBehind = behind.has(entry.message.key) || deferrals[target] >= enoughDeferrals;
      const goesPast = isBehind && deferrals.second < enoughDeferrals && isSecondsTurn(context, entry);
      if (!isDue || (isBehind && !goesPast)) {
        behind.add(entry.message.key);
        continue;
      }
      const asked = goesPast ? 'second' : target;
      const settled = await (goesPast ? deliverPast : deliver)(context, entry, { remainingTimeMs: deadlineLeft() });
      steps.push(settled.step);
      if (!settled.over) behind.add(entry.message.key);
      const isDeferred = settled.step.reason === 'deferred' || (settled.over && settled.firstDeferred === true);
      deferrals[asked] = isDeferred ? deferrals[asked] + 1 : 0;
      if (!(await settle(context, key, owner, entry.id, settled))) break;
    }
    status = addStatus(status, await release(context, key, owner));
  };

  const start = Math.floor((context.random ?? Math.random)() * context.keys.length);
  for (const key of [...context.keys.slice(start), ...context.keys.slice(0, start)]) {
    try {
      await drainOne(key);
    } catch (error) {
      const { code, message } = summarizeError(error);
      const retryable = !isRemediationError(error) || error.retryable;
      steps.push({
        stepId: key,
        action: 'notify:drain',
        status: 'failed',
        reason: 'store-failed',
        because: message,
        error: { code, message },
        retryable,
      });
      // A store that is down is so for every document; one document that cannot be read keeps back no other.
      if (retryable) break;
    }
  }
  return { ...status, delivered: steps.filter(({ reason }) => reason === 'delivered').length, steps, done };
};

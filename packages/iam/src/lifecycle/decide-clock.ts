import { type Duration, days, hours, type Instant, toInstant } from '@remedykit/core';
import type { MailRecord, StoppedClock } from '../model/case.ts';

/** Why mails cannot be trusted to arrive, with a sentence for people. */
export const clockReasons = {
  sandbox: 'SES is in the sandbox, where only verified addresses get mail. Request production access.',
  'sending-paused': 'SES has sending switched off for the account. Look at the account dashboard in the SES console.',
  'no-quota': 'The sending quota of SES is 0.',
  'events-silent':
    'Not one event came back for mails older than 24 hours, deliveries included, so a bounce would go unseen. Look at the configuration set, its EventBridge destination and the handler of mail events.',
} as const;

/** A documented reason of a stopped clock. */
export type ClockReason = keyof typeof clockReasons;

/** What decides whether the clocks of an account run. Plain JSON. */
export interface ClockFacts {
  /** What the mailer's account says of itself; a daily quota that is merely used up is `ready`: it passes by itself. */
  readonly mailer: 'ready' | Exclude<ClockReason, 'events-silent'>;
  /** The account's mails; those of the last days are enough. */
  readonly mails: readonly Pick<MailRecord, 'acceptedAt' | 'events'>[];
  /** When an event about any mail last came, one of those that are not in `mails` included. */
  readonly lastEventAt?: Instant;
  /** When the last mail was sent only to find out whether events come back. */
  readonly lastProbeAt?: Instant;
  /** As stored. */
  readonly stopped: readonly StoppedClock[];
}

/** Whether the clocks of an account run. Plain JSON. */
export interface ClockDecision {
  /** To be stored: what stands still now has no `until`. */
  readonly stopped: readonly StoppedClock[];
  /** Reasons for which a clock stopped just now: to be told to people. */
  readonly opened: readonly ClockReason[];
  /** Reasons that are over just now. */
  readonly closed: readonly string[];
  /**
   * While events are silent no warning goes out, so none would ever come back: one mail a day to the fallback recipient,
   * with the tags of every mail, finds out whether they do.
   */
  readonly isProbeDue: boolean;
}

/** After this long without any event, mails are not trusted any more. */
const silentAfter: Duration = hours(24);

/** An event vouches for mails that are accepted so soon after it: one slow or lost event is no silence. */
const vouchesFor: Duration = hours(1);

/** No case has a notice so long that a stop from before would still count. */
const keptFor: Duration = days(400);

const at = (instant: Instant): number => Date.parse(instant);

/** When the first mail was accepted of which, and since which, no event came; `undefined` when all is well. */
const silentSince = ({ mails, lastEventAt }: ClockFacts): Instant | undefined => {
  const events = mails.flatMap(({ events: { deliveredAt, failedAt } }) => [deliveredAt, failedAt]);
  const last = [lastEventAt, ...events].reduce<number>(
    (latest, instant) => (instant === undefined ? latest : Math.max(latest, at(instant))),
    Number.NEGATIVE_INFINITY,
  );
  return mails
    .filter(({ events: { deliveredAt, failedAt } }) => deliveredAt === undefined && failedAt === undefined)
    .flatMap(({ acceptedAt }) => (acceptedAt === undefined ? [] : [acceptedAt]))
    .filter((acceptedAt) => at(acceptedAt) > last + vouchesFor)
    .sort((a, b) => at(a) - at(b))[0];
};

/**
 * Which clocks of an account stand still, because no mail can be sent or be trusted to arrive. Pure. Silence counts from
 * the first mail that nothing was heard of, all else from now.
 */
export const decideClock = (facts: ClockFacts, now: Date): ClockDecision => {
  const since = silentSince(facts);
  const isSilent = since !== undefined && now.getTime() - at(since) >= silentAfter;
  const causes = new Map<ClockReason, Instant>();
  if (facts.mailer !== 'ready') causes.set(facts.mailer, toInstant(now));
  if (isSilent) causes.set('events-silent', since);

  const isOpen = ({ until }: StoppedClock): boolean => until === undefined;
  const held = facts.stopped.filter(({ until }) => until === undefined || now.getTime() - at(until) < keptFor);
  const opened = [...causes.keys()].filter((reason) => !held.some((stop) => isOpen(stop) && stop.reason === reason));
  const isClosing = (stop: StoppedClock): boolean =>
    isOpen(stop) && ![...causes.keys()].some((reason) => reason === stop.reason);
  const isProbeOld = facts.lastProbeAt === undefined || now.getTime() - at(facts.lastProbeAt) >= silentAfter;
  return {
    stopped: [
      ...held.map((stop) => (isClosing(stop) ? { ...stop, until: toInstant(now) } : stop)),
      ...opened.map((reason) => ({ from: causes.get(reason) ?? toInstant(now), reason })),
    ],
    opened,
    closed: held.filter(isClosing).map(({ reason }) => reason),
    isProbeDue: isSilent && facts.mailer === 'ready' && isProbeOld,
  };
};

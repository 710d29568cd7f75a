import { type Message, minutes } from '@remedykit/core';
import type { ReachRequest } from './reach.ts';

// For tests alone: what SES and we know of the mails of a story, beside what the enforcer keeps.

/** A mail that SES took. */
export interface TrueMail {
  readonly key: string;
  readonly userId: string;
  readonly caseId: string;
  /** The day that it names, `2026-01-11`. */
  readonly deadline: string;
  readonly stage: string;
  readonly to: string;
  readonly at: number;
  /** The worker's requests, and which of them it was. */
  readonly worker: readonly ReachRequest[];
  readonly request: number;
  /** Its place among all that the mailer took. */
  readonly index: number;
  /** When a failure that came back was recorded. */
  failedAt?: number;
}

/** All that SES took in a story. */
export interface Mailbag {
  readonly mails: TrueMail[];
  /** Keys of mails that SES took and of which no mark and no event tells. */
  readonly unmarked: Map<string, TrueMail>;
  /** How often a mail went out again because of that. */
  readonly doubles: TrueMail[];
}

export const createMailbag = (): Mailbag => ({ mails: [], unmarked: new Map(), doubles: [] });

/** The parts of the key of a message: `iam/<account>/<user id>/<rule>/<credential>/<day>/<stage>/<hash>`. */
const partsOf = (key: string) => {
  const [, , userId = '', ...rest] = key.split('/');
  const [deadline = '', stage = ''] = rest.slice(-3);
  return { userId, caseId: rest.slice(0, -3).join('/'), deadline, stage };
};

const claimLasts = minutes(15);

/** Why a mail that goes out once more must not, if so: a crash or a lost answer must lie between acceptance and mark. */
const whyNotAgain = (bag: Mailbag, key: string, at: number): string | undefined => {
  const earlier = bag.unmarked.get(key);
  if (earlier === undefined) return 'it was marked, or an event told of it';
  // Requests are numbered as they are begun: one before it may strike after it. A dead worker takes no effect any more, so
  // whatever killed it came later than the mail was taken.
  const isDeath = ({ fault }: ReachRequest): boolean => fault === 'dies-before' || fault === 'dies-after';
  const struck =
    earlier.worker.slice(earlier.request - 1).some(({ fault }) => fault !== undefined) || earlier.worker.some(isDeath);
  if (!struck) return 'nothing went wrong after it was taken';
  const lostAnswer = earlier.worker[earlier.request - 1]?.fault === 'lost-after';
  return !lostAnswer && at - earlier.at < claimLasts - minutes(1) ? 'its claim had not lapsed' : undefined;
};

/** Notes that SES took a mail; throws where it must not have been sent again. */
export const take = (
  bag: Mailbag,
  message: Message,
  taken: Pick<TrueMail, 'at' | 'worker' | 'request' | 'index'>,
): TrueMail => {
  const { key, recipient: to = '' } = message;
  const mail: TrueMail = { key, ...partsOf(key), to, ...taken };
  if (bag.mails.some((one) => one.key === key)) {
    const why = whyNotAgain(bag, key, taken.at);
    if (why !== undefined) throw new Error(`${key} was sent twice, and ${why}`);
    bag.doubles.push(mail);
  }
  bag.mails.push(mail);
  bag.unmarked.set(key, mail);
  return mail;
};

import { createHash } from 'node:crypto';
import { type Clock, type Delivery, type Message, type Notifier, RemediationError, toInstant } from '@remedykit/core';

/** A mail that was taken. */
export interface FakeMail {
  readonly messageId: string;
  readonly to: string;
  readonly at: Date;
  readonly message: Message;
}

/** What the next mails get, instead of being taken. */
export type FakeMailFailure =
  | { readonly status: 'deferred' | 'rejected'; readonly reason?: string }
  /** Throws; `effect`: after the mail was taken. */
  | { readonly status: 'throws'; readonly after?: 'effect' };

/** What SES tells of a mail later. */
export type FakeMailEvent = 'Delivered' | 'Bounced' | 'Complaint Received' | 'Rejected';

/** A mailer that keeps what it is given. */
export interface FakeMailer extends Notifier {
  readonly mails: readonly FakeMail[];
  failNext(...failures: readonly FakeMailFailure[]): void;
  /** Refuses for good, or takes, whatever goes to an address. */
  refuse(address: string, refused?: boolean): void;
  /** What `preflight` throws from now on: `SES_SANDBOX`; `undefined`: nothing. */
  failPreflight(code: string | undefined): void;
  /** The event of SES about a mail, as EventBridge hands it to a function. */
  eventOf(mail: FakeMail, kind: FakeMailEvent): object;
}

const partOf = (kind: FakeMailEvent, to: string): object => {
  const recipients = [{ emailAddress: to }];
  switch (kind) {
    case 'Bounced':
      return { bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: recipients } };
    case 'Complaint Received':
      return { complaint: { complainedRecipients: recipients } };
    case 'Rejected':
      return { reject: { reason: 'Bad content' } };
    case 'Delivered':
      return { delivery: { recipients: [to] } };
  }
};

/**
 * A mailer in memory, for tests of an enforcer. Its mails carry the tags of `createSesNotifier`, so that events about them
 * are attributed.
 * @example
 * ```ts
 * import { createFakeMailer } from '@remedykit/iam/testing';
 * const mailer = createFakeMailer();
 * // … enforcer.run(), then: await enforcer.recordMailEvent(mailer.eventOf(mailer.mails[0]!, 'Bounced'));
 * ```
 */
export const createFakeMailer = ({ now = () => new Date() }: { readonly now?: Clock } = {}): FakeMailer => {
  const mails: FakeMail[] = [];
  const failures: FakeMailFailure[] = [];
  const refused = new Set<string>();
  let preflight: string | undefined;

  const take = (message: Message): Delivery => {
    const messageId = `fake-${mails.length + 1}`;
    mails.push({ messageId, to: message.recipient ?? '', at: now(), message });
    return { status: 'delivered', channel: 'mail', messageId };
  };

  const answer = (message: Message): Delivery => {
    const failure = failures.shift();
    if (failure?.status === 'throws') {
      if (failure.after === 'effect') take(message);
      throw new Error('the mailer failed');
    }
    if (failure?.status === 'deferred')
      return { status: 'deferred', channel: 'mail', reason: failure.reason ?? 'busy', retryAfterMs: 1000 };
    if (failure?.status === 'rejected' || refused.has(message.recipient ?? ''))
      return { status: 'rejected', channel: 'mail', reason: failure?.reason ?? 'MessageRejected' };
    return take(message);
  };

  return {
    mails,
    notify: async (message) => (message === undefined ? { status: 'nothing', channel: 'mail' } : answer(message)),
    preflight: async () => {
      if (preflight !== undefined)
        throw new RemediationError({ code: preflight, message: `SES preflight: ${preflight}.` });
    },
    failNext: (...more) => {
      failures.push(...more);
    },
    refuse: (address, isRefused = true) => {
      if (isRefused) refused.add(address);
      else refused.delete(address);
    },
    failPreflight: (code) => {
      preflight = code;
    },
    eventOf: ({ messageId, to, at, message }, kind) => {
      const parts = partOf(kind, to);
      const time = toInstant(now());
      const [[name = '', part = {}] = []] = Object.entries(parts);
      return {
        version: '0',
        id: `event-of-${messageId}-${kind}`,
        'detail-type': `Email ${kind}`,
        source: 'aws.ses',
        account: '111122223333',
        time,
        region: 'eu-west-1',
        resources: [],
        detail: {
          eventType: {
            Delivered: 'Delivery',
            Bounced: 'Bounce',
            'Complaint Received': 'Complaint',
            Rejected: 'Reject',
          }[kind],
          mail: {
            timestamp: toInstant(at),
            sendingAccountId: '111122223333',
            messageId,
            destination: [to],
            tags: {
              'remedykit-key': [createHash('sha256').update(message.key).digest('hex')],
              'remedykit-account': [message.subject?.accountId ?? ''],
            },
          },
          [name]: { ...part, timestamp: time },
        },
      };
    },
  };
};

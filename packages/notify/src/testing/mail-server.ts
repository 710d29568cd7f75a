import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Clock } from '@remedykit/core';
import { sesLimits } from '../ses/limits.ts';
import { createFakeTransport, type FakeAwsControls, fakeAwsError } from './fake-aws-client.ts';
import { createRateLimit } from './fake-server.ts';

/** A mail as SES took it. */
export interface SentMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
}

/** Options of `createFakeSes`. */
export interface FakeSesOptions {
  /** True: only `verified` addresses can be written to, 200 mails a day, one a second. */
  readonly sandbox?: boolean;
  readonly verified?: readonly string[];
  /** Mails a second; default 14, in the sandbox 1. Needs `now` to be enforced. */
  readonly ratePerSecond?: number;
  /** Mails in all; default 50,000, in the sandbox 200; 0 is none, -1 any number. */
  readonly maxPerDay?: number;
  readonly sendingEnabled?: boolean;
  /** The clock of the rate limit; without one there is none. */
  readonly now?: Clock;
}

/** A fake SES client: `send` takes `SendEmailCommand`, `SendBulkEmailCommand` and `GetAccountCommand`. */
export interface FakeSes extends Pick<SESv2Client, 'send'>, FakeAwsControls {
  readonly mails: readonly SentMail[];
  /** Makes mails to an address come to this status in a bulk request, and be refused alone. */
  failAddress(address: string, status: string): void;
  /** Forgets mails, the log and failures to come. */
  reset(): void;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const bad = (what: string): Error => fakeAwsError('BadRequestException', what);

const address = /^[\x21-\x7e]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

const recipientOf = (destination: unknown): string => {
  const { ToAddresses, CcAddresses, BccAddresses } = fieldsOf(destination);
  const all = [ToAddresses, CcAddresses, BccAddresses].flatMap(listOf).map(textOf);
  if (all.length === 0 || all.length > 50) throw bad('Recipient count must be from 1 to 50');
  if (!all.every((one) => address.test(one))) throw bad('Local address contains control or whitespace');
  return all.join(', ');
};

const tagsOf = (tags: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    listOf(tags).map((tag) => {
      const { Name, Value } = fieldsOf(tag);
      for (const part of [Name, Value])
        if (!/^[A-Za-z0-9_-]{1,256}$/.test(textOf(part))) throw bad('Invalid tag name or value');
      return [textOf(Name), textOf(Value)];
    }),
  );

/** Header text: one line without control characters. */
const checkHeader = (name: string, value: string): string => {
  if (value === '' || /\p{Cc}/u.test(value)) throw bad(`${name} is empty or holds control characters`);
  return value;
};

/** Inline templates take simple substitutions alone, and nothing is escaped. */
const substitute = (template: string, data: Fields): string =>
  template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => textOf(data[name]));

const checkTemplate = (...parts: readonly unknown[]): void => {
  if (parts.some((part) => /\{\{\s*[^\w\s]/.test(textOf(part)))) throw bad('Template contains unsupported operations.');
};

const parseData = (json: unknown): Fields => {
  try {
    return fieldsOf(JSON.parse(textOf(json) || '{}'));
  } catch {
    throw bad('Invalid template data');
  }
};

/**
 * A fake SES that takes mails as the API v2 does: it enforces addresses, headers, tags, the sandbox, the sending rate and
 * quota, and the limits of bulk requests with their status by entry, and fails on demand with SES's error names.
 * @example
 * ```ts
 * import { createSesNotifier } from '@remedykit/notify/ses';
 * import { createFakeSes } from '@remedykit/notify/testing';
 * const client = createFakeSes({ sandbox: true, verified: ['alice@example.com'] });
 * const mail = createSesNotifier({ client, from: 'security@example.com', to: 'alice@example.com' });
 * client.failNext('SendEmail', { code: 'TooManyRequestsException' });
 * ```
 */
export const createFakeSes = (options: FakeSesOptions = {}): FakeSes => {
  const { sandbox = false, verified = [], sendingEnabled = true, now } = options;
  const { ratePerSecond = sandbox ? 1 : 14, maxPerDay = sandbox ? 200 : 50_000 } = options;
  const mails: SentMail[] = [];
  const failing = new Map<string, string>();
  let limit = createRateLimit(ratePerSecond);

  /** Takes one mail, or throws; `status` is how a bulk request calls the error. */
  const take = (mail: Omit<SentMail, 'messageId'>): string => {
    checkHeader('Subject', mail.subject);
    if (mail.text === '' && mail.html === '') throw bad('A mail needs a body');
    if (!sendingEnabled) throw fakeAwsError('SendingPausedException');
    if (maxPerDay !== -1 && mails.length >= maxPerDay) throw fakeAwsError('LimitExceededException');
    if (now !== undefined && limit(now()) !== undefined) throw fakeAwsError('TooManyRequestsException');
    if (sandbox && !verified.includes(mail.to)) throw fakeAwsError('MessageRejected', 'Email address is not verified.');
    if (failing.has(mail.to)) throw fakeAwsError('MessageRejected');
    const messageId = `0102018f00000000-${String(mails.length + 1).padStart(8, '0')}-000000`;
    mails.push({ messageId, ...mail });
    return messageId;
  };

  const common = (input: Fields) => ({
    from: checkHeader('FromEmailAddress', textOf(input.FromEmailAddress)),
    replyTo: listOf(input.ReplyToAddresses).map((reply) => checkHeader('ReplyTo', textOf(reply))),
    configurationSet: input.ConfigurationSetName === undefined ? undefined : textOf(input.ConfigurationSetName),
  });

  const sendEmail = (input: Fields): object => {
    const simple = fieldsOf(fieldsOf(input.Content).Simple);
    const body = fieldsOf(simple.Body);
    return {
      MessageId: take({
        ...common(input),
        to: recipientOf(input.Destination),
        subject: textOf(fieldsOf(simple.Subject).Data),
        text: textOf(fieldsOf(body.Text).Data),
        html: textOf(fieldsOf(body.Html).Data),
        tags: tagsOf(input.EmailTags),
      }),
    };
  };

  const statusOf = (error: unknown): string => {
    const name = error instanceof Error ? error.name : '';
    if (name === 'TooManyRequestsException') return 'ACCOUNT_THROTTLED';
    if (name === 'LimitExceededException') return 'ACCOUNT_DAILY_QUOTA_EXCEEDED';
    return name === 'MessageRejected' ? 'MESSAGE_REJECTED' : 'INVALID_PARAMETER';
  };

  const sendBulk = (input: Fields): object => {
    if (Buffer.byteLength(JSON.stringify(input)) > sesLimits.bulkBytes) throw bad('Request is too large');
    const entries = listOf(input.BulkEmailEntries).map(fieldsOf);
    if (entries.length === 0 || entries.length > Math.min(sesLimits.bulkEntries, Math.max(1, ratePerSecond)))
      throw bad('Too many destinations');
    const recipients = entries.map(({ Destination }) => recipientOf(Destination));
    const template = fieldsOf(fieldsOf(input.DefaultContent).Template);
    const { Subject, Text, Html } = fieldsOf(template.TemplateContent);
    checkTemplate(Subject, Text, Html);
    const defaults = parseData(template.TemplateData);
    const results = entries.map((entry, index) => {
      const to = recipients[index] ?? '';
      const content = fieldsOf(fieldsOf(entry.ReplacementEmailContent).ReplacementTemplate);
      const data = { ...defaults, ...parseData(content.ReplacementTemplateData) };
      const status = failing.get(to);
      if (status !== undefined) return { Status: status };
      const fill = (part: unknown): string => substitute(textOf(part), data);
      try {
        const tags = tagsOf(entry.ReplacementTags);
        const mail = { ...common(input), to, subject: fill(Subject), text: fill(Text), html: fill(Html), tags };
        return { Status: 'SUCCESS', MessageId: take(mail) };
      } catch (error) {
        return { Status: statusOf(error) };
      }
    });
    return { BulkEmailEntryResults: results };
  };

  const operations: Readonly<Record<string, (input: Fields) => object>> = {
    SendEmail: sendEmail,
    SendBulkEmail: sendBulk,
    GetAccount: () => ({
      ProductionAccessEnabled: !sandbox,
      SendingEnabled: sendingEnabled,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: maxPerDay, MaxSendRate: ratePerSecond, SentLast24Hours: mails.length },
    }),
  };
  const transport = createFakeTransport(
    Object.keys(operations),
    ({ operation, input }) => operations[operation]?.(input) ?? {},
  );
  return {
    log: transport.log,
    failNext: transport.failNext,
    mails,
    failAddress: (to, status) => {
      failing.set(to, status);
    },
    reset: () => {
      transport.forget();
      mails.length = 0;
      failing.clear();
      limit = createRateLimit(ratePerSecond);
    },
    // The fake serves the three commands that are sent; the client's overloads cannot be written out here.
    send: transport.send as unknown as SESv2Client['send'],
  };
};

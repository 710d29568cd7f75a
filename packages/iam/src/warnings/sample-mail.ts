import type { Message } from '@remedykit/core';
import { type MailIdentity, mailKey, sha256 } from './mail-key.ts';

/** A mail for tests. */
export const sampleMail = (changes: Partial<MailIdentity> = {}): MailIdentity => ({
  accountId: '111122223333',
  userId: 'AIDAEXAMPLEALICE00001',
  caseId: 'key-age/AKIAIOSFODNN7EXAMPLE',
  stage: 10,
  deadline: '2026-12-04T00:00:00.000Z',
  role: 'owner',
  address: 'alice@example.com',
  ...changes,
});

/** The message of a mail for tests. */
export const sampleMailMessage = (mail: MailIdentity): Message => ({
  key: mailKey(mail),
  severity: 'medium',
  preview: false,
  title: 'A key will be deactivated',
  body: [],
  facts: [],
  links: [],
  subject: { accountId: mail.accountId, type: 'credential-warning' },
  recipient: mail.address,
});

/** The changes that make one event of SES another. */
export interface SampleEvent {
  readonly mailAt?: string;
  readonly messageId?: string;
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly destination?: readonly string[];
  readonly sendingAccountId?: string;
  /** The part of its own: `{ bounce: { … } }`. */
  readonly part?: Readonly<Record<string, unknown>>;
}

const typeOf: Readonly<Record<string, string>> = {
  'Email Sent': 'Send',
  'Email Delivered': 'Delivery',
  'Email Bounced': 'Bounce',
  'Email Complaint Received': 'Complaint',
  'Email Rejected': 'Reject',
  'Email Rendering Failed': 'Rendering Failure',
  'Email Delivery Delayed': 'DeliveryDelay',
  'Email Opened': 'Open',
};

/** What SES publishes about a mail, as it goes to SNS, or as `detail` to EventBridge. */
export const sampleSesRecord = (mail: MailIdentity, detailType: string, event: SampleEvent = {}): object => ({
  eventType: typeOf[detailType],
  mail: {
    timestamp: event.mailAt ?? '2026-11-24T10:00:01.000Z',
    source: 'security@example.com',
    sourceArn: 'arn:aws:ses:eu-west-1:111122223333:identity/example.com',
    sendingAccountId: event.sendingAccountId ?? '111122223333',
    messageId: event.messageId ?? '0102018f-aaaa-000000',
    destination: event.destination ?? [mail.address],
    headersTruncated: false,
    headers: [{ name: 'To', value: mail.address }],
    tags: event.tags ?? {
      'ses:configuration-set': ['remedykit'],
      'remedykit-key': [sha256(mailKey(mail))],
      'remedykit-account': [mail.accountId],
    },
  },
  ...event.part,
});

/** An event of SES about a mail as EventBridge hands it to a function. */
export const sampleSesEvent = (mail: MailIdentity, detailType: string, event: SampleEvent = {}): object => ({
  version: '0',
  id: '6f8b1f6e-0000-4000-8000-000000000001',
  'detail-type': detailType,
  source: 'aws.ses',
  account: '111122223333',
  time: '2026-11-24T10:00:05Z',
  region: 'eu-west-1',
  resources: [],
  detail: sampleSesRecord(mail, detailType, event),
});

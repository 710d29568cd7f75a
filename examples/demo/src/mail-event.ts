import type { SentMail } from '@remedykit/notify/testing';

/** What SES tells of a mail, as EventBridge hands it to a function. Source: SES developer guide, contents of event data. */
export const mailEvent = (
  { messageId, to, tags, configurationSet = '' }: SentMail,
  { accountId, at, bounced }: { readonly accountId: string; readonly at: Date; readonly bounced: boolean },
): object => {
  const timestamp = at.toISOString();
  return {
    version: '0',
    id: messageId,
    source: 'aws.ses',
    'detail-type': bounced ? 'Email Bounced' : 'Email Delivered',
    account: accountId,
    time: timestamp,
    detail: {
      eventType: bounced ? 'Bounce' : 'Delivery',
      mail: {
        timestamp,
        sendingAccountId: accountId,
        messageId,
        destination: [to],
        tags: {
          'ses:configuration-set': [configurationSet],
          ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
        },
      },
      ...(bounced
        ? { bounce: { bounceType: 'Permanent', bounceSubType: 'General', timestamp } }
        : { delivery: { timestamp, recipients: [to] } }),
    },
  };
};

import { type Instant, type Json, RemediationError } from '@remedykit/core';
import * as z from 'zod/mini';
import type { MailRecord } from '../model/case.ts';
import { storedInstant } from '../state/fields.ts';
import { mailStoreKey } from './mail-key.ts';

/** A mail as it is stored. */
export interface MailDocument extends MailRecord {
  /**
   * When its claim was given back without a mail that SES is known to have taken: whoever comes next may claim it at once.
   * The document stays, so that an event about a mail whose acceptance was lost on the way still finds it.
   */
  readonly releasedAt?: Instant;
}

// Decisions compare times as text and as numbers: one that cannot be read, or is written otherwise, would compare wrongly.
const instant = storedInstant;
const text = z.string().check(z.minLength(1), z.maxLength(1024));

const schema: z.ZodMiniType<MailDocument> = z.strictObject({
  schema: z.literal(1),
  accountId: z.string().check(z.regex(/^\d{12}$/)),
  userId: text,
  caseId: text,
  stage: z.union([z.number().check(z.int(), z.gte(0)), z.literal('unowned'), z.literal('undeliverable')]),
  deadline: instant,
  role: z.enum(['owner', 'fallback', 'security']),
  address: text,
  claimedAt: instant,
  claim: text,
  acceptedAt: z.exactOptional(instant),
  messageId: z.exactOptional(text),
  rejectedAt: z.exactOptional(instant),
  rejection: z.exactOptional(text),
  events: z.strictObject({
    deliveredAt: z.exactOptional(instant),
    failedAt: z.exactOptional(instant),
    failure: z.exactOptional(text),
  }),
  releasedAt: z.exactOptional(instant),
});

/**
 * A stored document as mail.
 * @throws RemediationError `MAIL_NEWER` (written by a newer library; nothing is written until this function is updated),
 * `MAIL_INVALID` (fails its schema, or is not the mail of its key): it is set aside and never counts
 */
export const parseMail = (key: string, value: Json): MailDocument => {
  const version = (value as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version > 1)
    throw new RemediationError({
      code: 'MAIL_NEWER',
      message: `The mail ${key} has schema ${version}, written by a newer remedykit. Update this function; it does not write to what it cannot read.`,
      retryable: true,
    });
  const parsed = z.safeParse(schema, value);
  const invalid = (what: string): RemediationError =>
    new RemediationError({
      code: 'MAIL_INVALID',
      message: `The mail ${key} ${what}. It counts as no warning, and the mail is not sent again while it is there; delete the document to have it sent.`,
    });
  if (!parsed.success)
    throw invalid(`does not fit its schema at ${parsed.error.issues[0]?.path.join('.') || '(root)'}`);
  if (mailStoreKey(parsed.data) !== key) throw invalid('is not the one that its key names');
  return parsed.data;
};

import { type Json, RemediationError } from '@remedykit/core';
import * as z from 'zod/mini';
import type { ActionTarget, JournalEntry, StateBefore } from '../model/action.ts';
import { storedInstant } from '../state/fields.ts';
import { sha256 } from '../warnings/mail-key.ts';

const instant = storedInstant;
const text = z.string().check(z.minLength(1), z.maxLength(2048));

const target: z.ZodMiniType<ActionTarget> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('access-key'), accessKeyId: text }),
  z.strictObject({ kind: z.literal('service-specific'), credentialId: text }),
  z.strictObject({ kind: z.literal('signing-certificate'), certificateId: text }),
  z.strictObject({ kind: z.literal('ssh-key'), sshKeyId: text }),
  z.strictObject({ kind: z.literal('managed-policy'), policyArn: text }),
  z.strictObject({ kind: z.literal('login-profile') }),
]);

const before: z.ZodMiniType<StateBefore> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('credential'), active: z.boolean(), createdAt: instant }),
  z.strictObject({
    kind: z.literal('attachment'),
    attached: z.boolean(),
    passwordCreatedAt: z.exactOptional(instant),
    replacedBy: z.exactOptional(text),
  }),
  z.strictObject({ kind: z.literal('login-profile'), createdAt: instant }),
]);

const restoration = z.strictObject({ at: instant, requestedBy: text, reason: text });

const schema: z.ZodMiniType<JournalEntry> = z.strictObject({
  schema: z.literal(1),
  runId: text,
  stepId: text,
  caseId: text,
  subject: z.strictObject({
    accountId: z.string().check(z.regex(/^\d{12}$/)),
    userId: text,
    userName: text,
    arn: text,
  }),
  action: z.enum(['deactivate', 'attach-policy', 'detach-policy', 'delete-login-profile']),
  target,
  effect: z.enum(['new-deny', 'release']),
  reason: text,
  because: text,
  before,
  intendedAt: instant,
  completedAt: z.exactOptional(instant),
  failedAt: z.exactOptional(instant),
  failure: z.exactOptional(text),
  requestIds: z.array(text),
  settledAt: z.exactOptional(instant),
  restoring: z.exactOptional(restoration),
  restored: z.exactOptional(restoration),
});

/** Where all entries of an account are kept. */
export const journalPrefix = (accountId: string): string => `iam/${accountId}/journal/`;

/**
 * Checks the id of a run.
 * @throws RemediationError `RUN_ID_INVALID`
 */
export const checkRunId = (runId: string): void => {
  if (typeof runId !== 'string' || !/^[\w.:-]{1,128}$/.test(runId))
    throw new RemediationError({
      code: 'RUN_ID_INVALID',
      message: `A run has an id of 1 to 128 letters, digits and _ . : -, as its outcome and its message name it; it was ${JSON.stringify(runId)}.`,
    });
};

/**
 * Where the entries of one run are kept.
 * @throws RemediationError `RUN_ID_INVALID`
 */
export const runPrefix = (accountId: string, runId: string): string => {
  checkRunId(runId);
  return `${journalPrefix(accountId)}${runId}/`;
};

/** What tells one entry from every other. */
export type EntryIdentity = Pick<JournalEntry, 'runId' | 'stepId' | 'subject'>;

/**
 * Where an entry is kept: the same step of the same run has one.
 * @throws RemediationError `RUN_ID_INVALID`
 */
export const journalKey = ({ runId, stepId, subject }: EntryIdentity): string =>
  `${runPrefix(subject.accountId, runId)}${sha256(`${subject.userId}/${stepId}`)}`;

/**
 * A stored document as entry of the journal.
 * @throws RemediationError `JOURNAL_NEWER` (written by a newer library; nothing is written until this function is updated),
 * `JOURNAL_INVALID` (fails its schema, or is not the entry of its key)
 */
export const parseEntry = (key: string, value: Json): JournalEntry => {
  const version = (value as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version > 1)
    throw new RemediationError({
      code: 'JOURNAL_NEWER',
      message: `The journal entry ${key} has schema ${version}, written by a newer remedykit. Update this function; it does not write to what it cannot read.`,
      retryable: true,
    });
  const parsed = z.safeParse(schema, value);
  const invalid = (what: string): RemediationError =>
    new RemediationError({
      code: 'JOURNAL_INVALID',
      message: `The journal entry ${key} ${what}. What it tells of is not undone until it is mended.`,
    });
  if (!parsed.success)
    throw invalid(`does not fit its schema at ${parsed.error.issues[0]?.path.join('.') || '(root)'}`);
  if (journalKey(parsed.data) !== key) throw invalid('is not the one that its key names');
  return parsed.data;
};

import { type Message, type StepResult, summarizeError, toInstant } from '@remedykit/core';
import { gatherLive } from '../inventory/live.ts';
import { warningMessage } from '../messages/warning-message.ts';
import type { CredentialCase, MailRecord } from '../model/case.ts';
import type { LastUse } from '../model/user.ts';
import type { MailIdentity } from '../warnings/mail-key.ts';
import { type SendResult, sendWarning } from '../warnings/send-warning.ts';
import type { WarnStep } from './decide-user.ts';
import type { Sources } from './intents.ts';
import type { Look } from './look.ts';
import { outlookOf } from './outlook.ts';
import type { Known } from './user-facts.ts';

/** What a mail is made of, beside what is decided. */
export interface WarnContext {
  readonly known: Known;
  readonly sources: Sources;
  /** What this run read live of the user. */
  readonly look: Look;
  /** Mails about the user so far. */
  readonly mails: readonly MailRecord[];
  /** Whether the case is open right now. */
  readonly isStillDue: (caseId: string) => Promise<boolean>;
}

/** Mails that ask who knows more say what AWS knows of the use; it is read for them alone. */
const lastUseOf = async (
  { known: { context, user }, sources: { reported }, look }: WarnContext,
  { rule, credentialId }: CredentialCase,
  stage: MailIdentity['stage'],
): Promise<LastUse | undefined> => {
  if (rule === 'mfa') return reported?.password.lastUse;
  const use = look.live.accessKeys?.find(({ id }) => id === credentialId)?.lastUse;
  if (use === undefined || use.kind !== 'unknown' || typeof stage === 'number') return use;
  const read = await gatherLive(
    context.calls,
    user,
    { accessKeys: true, lastUsed: true },
    { now: context.run.settings.now },
  );
  return read.kind === 'live' ? read.credentials.accessKeys?.find(({ id }) => id === credentialId)?.lastUse : undefined;
};

const failuresIn = (mails: readonly MailRecord[]) =>
  mails.flatMap(({ address, events, rejection, rejectedAt }) =>
    events.failedAt !== undefined || rejectedAt !== undefined
      ? [{ address, failure: events.failure ?? rejection ?? 'refused' }]
      : [],
  );

const undeliveredOf = (mails: readonly MailRecord[], at: string) => ({
  since: mails.map(({ claimedAt }) => claimedAt).sort()[0] ?? at,
  failures: failuresIn(mails),
});

/** The mail of a step as a message. */
export const messageOf = async (warning: WarnContext, { mail }: WarnStep, one: CredentialCase): Promise<Message> => {
  const { known, sources, look, mails } = warning;
  const { context, user } = known;
  const { settings } = context.run;
  const at = toInstant(settings.now());
  const about = mails.filter(({ caseId }) => caseId === mail.caseId);
  const lastUse = await lastUseOf(warning, one, mail.stage);
  const service = look.live.others?.find(({ id }) => id === one.credentialId)?.service;
  const afterDays = settings.policy.rules[one.rule]?.afterDays;
  const outlook = await outlookOf(known, one, new Date(mail.deadline), {
    ...sources,
    live: look.live,
    // Security is asked what to do: the mail says what comes of it if the answer is to act.
    isAsked: mail.stage === 'undeliverable',
  });
  return warningMessage({
    mail,
    case: one,
    user,
    at,
    ...outlook,
    unanswered: settings.policy.undeliverable,
    contact: settings.contact,
    reminder: about.some(({ address, acceptedAt }) => address === mail.address && acceptedAt !== undefined),
    ...(afterDays === undefined ? {} : { afterDays }),
    ...(lastUse === undefined ? {} : { lastUse }),
    ...(service === undefined ? {} : { service }),
    ...(mail.stage === 'undeliverable' ? { undelivered: undeliveredOf(about, at) } : {}),
  });
};

/** What sending came to, as the result of its step. */
export const resultOf = (sent: SendResult): StepResult => {
  switch (sent.status) {
    case 'sent':
      return sent.marked
        ? { status: 'applied' }
        : {
            status: 'applied',
            reason: 'mail-unmarked',
            because:
              'The mail was accepted, and that could not be stored. An event about it does so; else it is sent once more.',
            ...(sent.error === undefined ? {} : { error: sent.error }),
          };
    case 'already-sent':
      return { status: 'already-applied' };
    case 'in-progress':
      return { status: 'skipped', reason: 'in-progress', because: 'Another run is sending this mail.' };
    case 'no-longer-due':
      return { status: 'skipped', reason: 'no-longer-due', because: 'It was put right meanwhile; nobody was mailed.' };
    case 'rejected':
      return { status: 'failed', reason: 'mail-rejected', because: `The mail was refused for good: ${sent.reason}.` };
    case 'out-of-time':
      return {
        status: 'failed',
        reason: 'out-of-time',
        because: 'Time ran out before the mail was sent.',
        retryable: true,
      };
    case 'deferred':
      return {
        status: 'failed',
        reason: sent.cannotWarn ? 'mail-impossible' : 'mail-deferred',
        because: sent.cannotWarn
          ? `No mail can be sent until somebody changes something: ${sent.reason}.`
          : `The mail was not taken now: ${sent.reason}.`,
        retryable: !sent.cannotWarn,
      };
  }
};

/** Sends the mail of one step, once. What cannot be read or stored throws. */
export const executeWarn = async (warning: WarnContext, step: WarnStep, one: CredentialCase): Promise<SendResult> => {
  const { run } = warning.known.context;
  const { store, mailer, newId, now } = run.settings;
  return sendWarning(step.mail, await messageOf(warning, step, one), {
    store,
    notifier: mailer,
    newId,
    now,
    isStillDue: () => warning.isStillDue(one.id),
    ...(Number.isFinite(run.remainingTimeMs()) ? { remainingTimeMs: run.remainingTimeMs } : {}),
  });
};

/** The mail as it is known after it was sent, so that what comes next is decided on it. */
export const learnt = (sent: SendResult, now: Date): MailRecord | undefined => {
  if (!('record' in sent)) return undefined;
  const { record } = sent;
  if (sent.status === 'sent' && record.acceptedAt === undefined) return { ...record, acceptedAt: toInstant(now) };
  if (sent.status === 'rejected' && record.rejectedAt === undefined)
    return { ...record, rejectedAt: toInstant(now), rejection: sent.reason };
  return record;
};

/** What was thrown while a mail was sent, as the result of its step. */
export const thrownResult = (error: unknown): StepResult => {
  const summary = summarizeError(error);
  return {
    status: 'failed',
    reason: 'mail-failed',
    because: `${summary.code}: ${summary.message}`,
    retryable: true,
    error: summary,
  };
};

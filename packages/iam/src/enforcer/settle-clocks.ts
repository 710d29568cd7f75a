import { type StepOutcome, toInstant } from '@remedykit/core';
import { utcDay } from '../days.ts';
import { decideClock } from '../lifecycle/decide-clock.ts';
import type { MailRecord } from '../model/case.ts';
import type { Held } from '../state/change-document.ts';
import { type AccountDocument, changeAccount } from './documents.ts';
import { gatherMailer } from './mailer.ts';
import { sendProbe } from './probe.ts';
import type { Run } from './run.ts';

/** What an account's document says then, and what was done for it. */
export interface SettledClocks {
  readonly account: Held<AccountDocument>;
  readonly steps: readonly StepOutcome[];
}

/** Settles which clocks stand still, and stores it before anybody is mailed by it. */
export const settleClocks = async (
  run: Run,
  accountId: string,
  account: Held<AccountDocument>,
  mails: readonly MailRecord[],
  { acts, mayMail }: { readonly acts: boolean; readonly mayMail: boolean },
): Promise<SettledClocks> => {
  const { settings } = run;
  const now = settings.now();
  const mailer = await gatherMailer(settings.mailer);
  const decide = ({ stopped, lastProbeAt }: AccountDocument) =>
    decideClock({ mailer, mails, stopped, ...(lastProbeAt === undefined ? {} : { lastProbeAt }) }, now);
  const { stopped, isProbeDue } = decide(account.document);
  if (!acts) return { account: { ...account, document: { ...account.document, stopped } }, steps: [] };
  const settled = await changeAccount(settings.store, accountId, account, (document) => {
    const next = decide(document).stopped;
    return JSON.stringify(next) === JSON.stringify(document.stopped) ? document : { ...document, stopped: next };
  });
  if (!isProbeDue || !mayMail) return { account: settled, steps: [] };
  const probe = await sendProbe(run, accountId, utcDay(now));
  // One that did not go out, or of which nobody knows whether it did, is for the next run to try.
  if (probe.retryable || probe.status === 'skipped') return { account: settled, steps: [probe] };
  const probed = await changeAccount(settings.store, accountId, settled, (document) => ({
    ...document,
    lastProbeAt: toInstant(now),
  }));
  return { account: probed, steps: [probe] };
};

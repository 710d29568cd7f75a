import type { MailCount } from '../../messages/run-summary.ts';
import type { ReportedAccount } from '../document.ts';
import { stageWords } from './words.ts';

/** How many mails of one kind had one end. */
export interface MailRow {
  readonly stage: string;
  readonly status: string;
  /** How its end is coloured. */
  readonly kind: 'applied' | 'failed' | 'skipped';
  readonly count: number;
}

const ends: Readonly<Record<MailCount['status'], readonly [words: string, kind: MailRow['kind']]>> = {
  rejected: ['refused by SES, not sent', 'failed'],
  'out-of-time': ['not sent, time ran out', 'failed'],
  deferred: ['not sent yet, the next run tries again', 'failed'],
  sent: ['sent', 'applied'],
  planned: ['would be sent', 'skipped'],
  'already-sent': ['sent before', 'skipped'],
  'in-progress': ['being sent by another run', 'skipped'],
  'no-longer-due': ['no longer due', 'skipped'],
};

const order = Object.keys(ends);

/** Stages from the farthest to the nearest, then those to security. */
const rankOf = (stage: MailCount['stage']): number =>
  typeof stage === 'number' ? -stage : stage === 'unowned' ? 1 : 2;

/** The mails of all accounts, what was not sent first. */
export const mailRows = (accounts: readonly Pick<ReportedAccount, 'mails'>[]): MailRow[] => {
  const counts = new Map<string, MailCount>();
  for (const mail of accounts.flatMap(({ mails }) => mails)) {
    const key = `${mail.status}/${mail.stage}`;
    counts.set(key, { ...mail, count: mail.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()]
    .filter(({ count }) => count > 0)
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || rankOf(a.stage) - rankOf(b.stage))
    .map(({ stage, status, count }) => ({
      stage: stageWords(stage),
      status: ends[status][0],
      kind: ends[status][1],
      count,
    }));
};

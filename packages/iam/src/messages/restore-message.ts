import type { Message, MessageAction, MessageFact, SeverityBand, Text } from '@remedykit/core';
import type { AccountRestore, CredentialRestore } from '../restore/credential-restore.ts';
import { dayText } from './dates.ts';
import { restoreSections } from './restore-sections.ts';
import { endOf, type RestoreEnd } from './restore-words.ts';
import { counted, joinTexts, ours, say } from './say.ts';

type Counts = Readonly<Record<RestoreEnd, number>> & { readonly accounts: number; readonly broken: number };

const none: Readonly<Record<RestoreEnd, number>> = {
  unknown: 0,
  failed: 0,
  refused: 0,
  left: 0,
  unmarked: 0,
  restored: 0,
  would: 0,
  before: 0,
  nothing: 0,
};

const countsOf = (accounts: readonly AccountRestore[]): Counts => {
  const counts: Record<RestoreEnd, number> = { ...none };
  for (const { steps } of accounts) for (const step of steps) counts[endOf(step)] += 1;
  return {
    ...counts,
    accounts: accounts.filter(({ error, done }) => error !== undefined || !done).length,
    broken: accounts.reduce((total, { setAside }) => total + setAside.length, 0),
  };
};

const titleOf = ({ accounts, broken, ...ends }: Counts): Text => {
  const parts = (
    [
      [accounts, 'account NOT finished', 'accounts NOT finished'],
      [broken, 'record of a change UNREADABLE', 'records of changes UNREADABLE'],
      [ends.unknown, 'change of which NOBODY KNOWS', 'changes of which NOBODY KNOWS'],
      [ends.failed + ends.refused, 'change NOT undone', 'changes NOT undone'],
      [ends.restored + ends.unmarked, 'change undone', 'changes undone'],
      [ends.would, 'change would be undone', 'changes would be undone'],
      [ends.left, 'left as it is', 'left as they are'],
      [ends.before, 'undone before', 'undone before'],
    ] as const
  ).flatMap(([count, one, several]) => (count > 0 ? [counted(count, one, several)] : []));
  return ours(`IAM restore: ${parts.length === 0 ? 'nothing to undo' : parts.join('; ')}`);
};

const reasonsOf = (accounts: readonly AccountRestore[]): ReadonlySet<string> =>
  new Set(accounts.flatMap(({ steps }) => steps.map(({ reason }) => reason)));

const actionsOf = (accounts: readonly AccountRestore[], counts: Counts): MessageAction[] => {
  const reasons = reasonsOf(accounts);
  const isPasswordLost = accounts.some(({ steps }) =>
    steps.some(({ entry, reason }) => entry.action === 'delete-login-profile' && reason === 'not-restorable'),
  );
  return [
    ...(faultsOf(counts) > counts.broken
      ? [{ text: 'Call restore again for the same run: it goes on with what is left, and nothing is done twice.' }]
      : []),
    ...(reasons.has('paused') ? [{ text: 'End the pause, then call restore again for the same run.' }] : []),
    ...(counts.broken > 0
      ? [
          {
            text: 'Mend the records that cannot be read, in the store, then call restore again; or look in CloudTrail for what the run did, and undo it by hand.',
          },
        ]
      : []),
    ...(reasons.has('quarantined')
      ? [
          {
            text: 'Of users whom AWS has quarantined follow the support case that AWS opened: the key is public. Nothing is given back to them before.',
          },
        ]
      : []),
    ...(isPasswordLost
      ? [{ text: 'Make a new password for those whose password was deleted; nobody can bring the old one back.' }]
      : []),
  ];
};

/** What a person should look at before anything else. */
const faultsOf = ({ unknown, failed, unmarked, accounts, broken }: Counts): number =>
  unknown + failed + unmarked + accounts + broken;

const isHarmless = (counts: Counts): boolean => faultsOf(counts) + counts.refused + counts.left === 0;

const severityOf = (accounts: readonly AccountRestore[], counts: Counts): SeverityBand => {
  if (faultsOf(counts) > 0 || reasonsOf(accounts).has('quarantined')) return 'high';
  return isHarmless(counts) ? 'low' : 'medium';
};

/** So many accounts are named. */
const namedAccounts = 5;

const factsOf = ({ runId, accounts, requestedBy, reason, exemptUntil }: CredentialRestore): MessageFact[] => [
  {
    label: accounts.length === 1 ? 'Account' : 'Accounts',
    value: say`${joinTexts(
      accounts.slice(0, namedAccounts).map(({ accountId }) => say`${accountId}`),
      ', ',
    )}${ours(accounts.length > namedAccounts ? ` and ${accounts.length - namedAccounts} more` : '')}`,
  },
  { label: 'Run', value: say`${runId}` },
  { label: 'Asked for by', value: say`${requestedBy}` },
  { label: 'Reason', value: say`${reason}` },
  { label: 'Exempt until', value: dayText(exemptUntil) },
];

/**
 * What people are told about a restore, in one message: what was given back to whom, what could not be and why, until when
 * the users are exempt, who asked for it and why. In a dry-run, what would be. Pure.
 * @example
 * ```ts
 * await slack.notify(restoreMessage(restore));
 * ```
 */
export const restoreMessage = (restore: CredentialRestore): Message => {
  const { runId, at, accounts } = restore;
  const counts = countsOf(accounts);
  const preview = accounts.length > 0 && accounts.every((account) => account.preview);
  const [only] = accounts;
  const accountId = accounts.length === 1 ? only?.accountId : undefined;
  const actions = actionsOf(accounts, counts);
  return {
    // Each restore is a matter of its own: none takes the place of what an earlier one said.
    key: `iam/restore/${runId}/${at}`.slice(0, 255),
    severity: severityOf(accounts, counts),
    preview,
    title: titleOf(counts),
    body: restoreSections(restore),
    facts: factsOf(restore),
    links: [],
    ...(actions.length > 0 ? { actions } : {}),
    subject: { ...(accountId === undefined ? {} : { accountId }), type: 'credential-restore' },
    ...(!preview && !isHarmless(counts) ? { undone: true } : {}),
    at,
  };
};

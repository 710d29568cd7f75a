import type { Text } from '@remedykit/core';
import type { AccountRestore, CredentialRestore } from '../restore/credential-restore.ts';
import type { RestoredEntry } from '../restore/restore-outcome.ts';
import { dayText } from './dates.ts';
import { becauseOf, endOf, nameOf, type RestoreEnd } from './restore-words.ts';
import { listBelow, ours, say } from './say.ts';

/** Who is named in one list; a channel has room for no more. */
const named = 20;

interface Told {
  readonly accountId: string;
  readonly preview: boolean;
  readonly step: RestoredEntry;
}

const heads: Readonly<Record<RestoreEnd, string>> = {
  unknown: 'NOBODY KNOWS whether it was undone',
  failed: 'NOT undone, it failed',
  refused: 'NOT undone, refused',
  left: 'NOT undone, left as it is',
  unmarked: 'Given back, and that is not stored',
  restored: 'Given back',
  would: 'Would be given back',
  before: 'Given back before',
  nothing: 'Nothing to undo',
};

const previewHeads: Readonly<Partial<Record<RestoreEnd, string>>> = {
  failed: 'Nobody knows whether it would be undone',
  refused: 'Would be refused',
  left: 'Would be left as it is',
};

const order = Object.keys(heads) as readonly RestoreEnd[];

/** Ends of users who are exempt by then. */
const given: readonly RestoreEnd[] = ['restored', 'unmarked', 'unknown'];

/** What ended alike for the same reason stands together. */
const groupsOf = (told: readonly Told[], end: RestoreEnd): readonly (readonly Told[])[] => {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    if (endOf(one.step) !== end) continue;
    const key = `${one.step.reason} ${one.preview}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
};

/** One list: how it ended, how many, why, and who. A reason that differs from one to the next stands beside each. */
const groupText = (group: readonly Told[], end: RestoreEnd, isSeveral: boolean): Text => {
  const reasons = new Set(group.map(({ step }) => becauseOf(step)));
  const [because = ''] = reasons;
  const isSame = reasons.size === 1;
  const words = (group[0]?.preview ? previewHeads[end] : undefined) ?? heads[end];
  const head = say`${ours(`${words}: ${group.length}.`)}${isSame ? say` ${because}` : ours('')}`;
  const lines = group.map(({ accountId, step }) => {
    const name = isSeveral ? say`${accountId}: ${nameOf(step.entry)}` : nameOf(step.entry);
    return isSame ? name : say`${name}: ${becauseOf(step)}`;
  });
  return listBelow(head, lines, named);
};

const failures = (accounts: readonly AccountRestore[]): readonly Text[] => {
  const failed = accounts.flatMap(({ accountId, error }) =>
    error === undefined ? [] : [say`${accountId}: ${error.message} (${error.code})`],
  );
  const broken = accounts.flatMap(({ setAside }) => setAside.map(({ key, because }) => say`${key}: ${because}`));
  return [
    ...(failed.length === 0
      ? []
      : [listBelow(ours('NOT looked at, or not to the end; what the run did there may stand as it is:'), failed)]),
    ...(broken.length === 0
      ? []
      : [listBelow(ours('UNREADABLE, nobody knows what these changes were, and none is undone:'), broken)]),
  ];
};

/** What a restore came to, section by section, what needs a person first. */
export const restoreSections = ({
  accounts,
  steps,
  exemptUntil,
  requestedBy,
  reason,
  runId,
}: CredentialRestore): Text[] => {
  const told = accounts.flatMap(({ accountId, preview, steps: own }) =>
    own.map((step) => ({ accountId, preview, step })),
  );
  const ends = new Set(told.map(({ step }) => endOf(step)));
  const isSeveral = accounts.length > 1;
  const day = ours(dayText(exemptUntil));
  return [
    say`${requestedBy} asked to undo what the run ${runId} did: ${reason}`,
    ...failures(accounts),
    ...order.flatMap((end) => groupsOf(told, end).map((group) => groupText(group, end, isSeveral))),
    ...(given.some((end) => ends.has(end))
      ? [
          say`Whoever was given something back, or may have been, is exempt until ${day}: no run acts on them before that day.`,
        ]
      : []),
    ...(ends.has('would') ? [say`They would be exempt until ${day}.`] : []),
    ...(steps.length === 0 ? [ours('The run did nothing that could be undone.')] : []),
  ];
};

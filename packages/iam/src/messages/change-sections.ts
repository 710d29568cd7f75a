import type { Text } from '@remedykit/core';
import { changeKinds, headWords } from './change-words.ts';
import type { Change, ChangeEnd } from './changes.ts';
import { credentialText } from './credential-text.ts';
import { listBelow, ours, say } from './say.ts';

/** Who is named of one kind; a channel has room for no more. */
const namedOfKind = 20;

/** Changes of one kind that ended alike for the same reason. */
interface Group {
  readonly first: Change;
  readonly changes: readonly Change[];
}

const groupsOf = (changes: readonly Change[]): readonly Group[] => {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { kind, end, reason, preview } = change;
    const key = JSON.stringify([kind, end, reason, preview]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [{ first: group[0], changes: group }]))
    .sort((a, b) => changeKinds.indexOf(a.first.kind) - changeKinds.indexOf(b.first.kind));
};

const nameOf = ({ subject, rule, credentialId }: Change): Text =>
  rule === 'mfa' ? say`${subject}` : say`${subject}, ${credentialText({ rule, credentialId })}`;

/** One list: what it was, how many, why, and who. A reason that differs from one to the next stands beside each. */
const groupText = ({ first, changes }: Group, isSeveral: boolean): Text => {
  const isSame = changes.every(({ because }) => because === first.because);
  const head = say`${ours(`${headWords(first.kind, first.end, first.preview)}: ${changes.length}.`)}${
    isSame ? say` ${first.because}` : ours('')
  }`;
  const lines = changes.map((change) => {
    const name = isSeveral ? say`${change.accountId}: ${nameOf(change)}` : nameOf(change);
    return isSame ? name : say`${name}: ${change.because}`;
  });
  return listBelow(head, lines, namedOfKind);
};

const sectionsOf = (changes: readonly Change[], ends: readonly ChangeEnd[], isSeveral: boolean): readonly Text[] =>
  ends.flatMap((end) =>
    groupsOf(changes.filter((change) => change.end === end)).map((group) => groupText(group, isSeveral)),
  );

/** What was to be done and was not, or may not have been; what nobody knows first. */
export const undoneSections = (changes: readonly Change[], isSeveral: boolean): readonly Text[] =>
  sectionsOf(changes, ['unknown', 'failed', 'refused'], isSeveral);

/** What was done, or would be. */
export const doneSections = (changes: readonly Change[], isSeveral: boolean): readonly Text[] =>
  sectionsOf(changes, ['applied', 'planned'], isSeveral);

/** What there was no need for any more. */
export const needlessSections = (changes: readonly Change[], isSeveral: boolean): readonly Text[] =>
  sectionsOf(changes, ['skipped', 'already-applied'], isSeveral);

/** So many kinds of changes are summed up. */
const maxKinds = 30;

/** All changes in numbers, where lists below leave somebody out: a channel may have no room for the lists either. */
export const changeOverview = (changes: readonly Change[]): readonly Text[] => {
  if (changes.length <= namedOfKind) return [];
  const order: readonly ChangeEnd[] = [
    'unknown',
    'failed',
    'refused',
    'applied',
    'planned',
    'skipped',
    'already-applied',
  ];
  const lines = order.flatMap((end) =>
    groupsOf(changes.filter((change) => change.end === end)).map(
      ({ first, changes: { length } }) =>
        say`${ours(`${headWords(first.kind, end, first.preview)}: ${length}`)} (${first.reason})`,
    ),
  );
  return [listBelow(ours('In numbers:'), lines, maxKinds)];
};

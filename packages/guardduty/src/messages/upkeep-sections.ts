import type { Text } from '@remedykit/core';
import type { ContestOutcome, OrphanOutcome, ReleaseOutcome, Target, UpkeepAlert } from '../nacl/outcome.ts';
import { trafficText } from './entry-text.ts';
import { atMinute, joinTexts, listBelow, ours, say } from './say.ts';

/** What people are told of upkeep: the news of all its outcomes. */
export interface UpkeepNews {
  readonly releases: readonly ReleaseOutcome[];
  readonly orphans: readonly OrphanOutcome[];
  readonly contests: readonly ContestOutcome[];
  readonly alerts: readonly UpkeepAlert[];
}

const placeText = ({ accountId, region }: Target, severalTargets: boolean): Text =>
  severalTargets ? say` in account ${accountId}, ${region}` : ours('');

/** One line: which entry, where it is if not all are in one place, and why. */
const releaseText = ({ entry, target, because }: ReleaseOutcome, severalTargets: boolean): Text =>
  say`${entry.cidr}, ${ours(trafficText(entry))}: ${entry.networkAclId}, rule ${entry.ruleNumber}${placeText(target, severalTargets)}. ${because}`;

const directionOf = ({ egress }: { readonly egress: boolean }): Text => ours(egress ? 'outbound' : 'inbound');

const orphanText = (orphan: OrphanOutcome, severalTargets: boolean): Text => {
  const { networkAclId, ruleNumber, cidr, protocol, target } = orphan;
  return say`${networkAclId}, ${directionOf(orphan)} rule ${ruleNumber}${placeText(target, severalTargets)}: ${cidr}, protocol ${protocol}`;
};

const contestText = (contest: ContestOutcome, severalTargets: boolean): Text => {
  const { networkAclId, target, until, because, who } = contest;
  const place = say`${networkAclId}, ${directionOf(contest)}${placeText(target, severalTargets)}`;
  if (contest.state === 'over') return place;
  const changedBy = who === undefined ? ours('') : say` Changed by: ${who}.`;
  return say`${place}: nothing new is denied there until ${atMinute(until)}. ${because}${changedBy}`;
};

/** What is told about releases, the most important first. */
const beforeOrphans: readonly (readonly [result: ReleaseOutcome['outcome'], sentence: string])[] = [
  ['failed', 'NOT DONE, a retry may mend it:'],
  ['given-up', 'Gone from the network ACL and NOT put back, so not denied any more:'],
  ['foreign', 'The rule number holds an entry that is not ours; left untouched:'],
  ['refused', 'Refused:'],
];
const afterOrphans: typeof beforeOrphans = [
  ['repaired', 'Had gone from the network ACL and was put back:'],
  ['adopted', 'Taken over, ours from now on:'],
  ['retaken', 'Carried out for a worker that stopped half-way:'],
  ['settled', 'Found finished or given up by a worker that stopped half-way:'],
  ['planned', 'Would be changed:'],
];

/** What is released for a reason that people look at. */
const isForReview = ({ reason }: ReleaseOutcome): boolean => reason === 'longest-block';
const isNowProtected = ({ reason }: ReleaseOutcome): boolean => reason === 'now-protected';

const having =
  (result: ReleaseOutcome['outcome']) =>
  ({ outcome }: ReleaseOutcome): boolean =>
    outcome === result;

/** `: 38 expired, 2 unblocked-by-hand` where there are several reasons. */
const digestOf = (releases: readonly ReleaseOutcome[]): string => {
  const counts = new Map<string, number>();
  for (const { reason } of releases) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts.size < 2 ? '' : ` (${[...counts].map(([reason, count]) => `${count} ${reason}`).join(', ')})`;
};

/** One paragraph for each kind of news, the most important first. */
export const upkeepSections = (news: UpkeepNews, severalTargets: boolean): Text[] => {
  const { releases, orphans, contests, alerts } = news;
  const released = releases.filter(having('released'));
  const ordinary = released.filter((one) => !isForReview(one) && !isNowProtected(one));
  const listed = (sentence: string, lines: readonly Text[]): Text[] =>
    lines.length === 0 ? [] : [listBelow(ours(sentence), lines)];
  const releaseLines = (some: readonly ReleaseOutcome[]): Text[] => some.map((one) => releaseText(one, severalTargets));
  const byResult = ([result, sentence]: (typeof beforeOrphans)[number]): Text[] =>
    listed(sentence, releaseLines(releases.filter(having(result))));
  const contestLines = (isOver: boolean): Text[] =>
    contests.filter(({ state }) => (state === 'over') === isOver).map((one) => contestText(one, severalTargets));
  return [
    ...listed(
      'A person must look:',
      alerts.map(({ subject, reason, because }) => say`${subject} (${ours(reason)}). ${because}`),
    ),
    ...listed('Contested, somebody takes out what we put in:', contestLines(false)),
    ...beforeOrphans.flatMap(byResult),
    ...listed(
      'Denies in our range of rule numbers that no ledger knows, left alone:',
      orphans.map((orphan) => orphanText(orphan, severalTargets)),
    ),
    ...listed(
      'Ended after the longest time that a block may last, for review:',
      releaseLines(released.filter(isForReview)),
    ),
    ...listed('Would not be denied today, so released:', releaseLines(released.filter(isNowProtected))),
    ...listed(`No longer denied${digestOf(ordinary)}:`, releaseLines(ordinary)),
    ...afterOrphans.flatMap(byResult),
    ...listed('No longer contested, denies are written again:', contestLines(true)),
  ];
};

/** What a person can do about it, the most important first. */
export const upkeepActions = ({ releases, orphans, contests }: UpkeepNews): Text[] => {
  const acls = [...new Set(contests.filter(({ state }) => state !== 'over').map(({ networkAclId }) => networkAclId))];
  const contested =
    acls.length === 0
      ? []
      : [
          say`Whoever manages ${joinTexts(
            acls.map((id) => say`${id}`),
            ', ',
          )} must leave our rule numbers alone. In Terraform move its rules to aws_network_acl_rule resources, or ignore all its inline rules (lifecycle { ignore_changes = [ingress, egress] }): a range of them cannot be ignored, and aws_default_network_acl removes every rule when it takes over.`,
        ];
  const has = (result: ReleaseOutcome['outcome'], reason?: string): boolean =>
    releases.some((one) => one.outcome === result && (reason === undefined || one.reason === reason));
  const when = (isSo: boolean, advice: string): Text[] => (isSo ? [ours(advice)] : []);
  return [
    ...contested,
    ...when(has('foreign'), 'Keep the reserved rule numbers free of entries that are not ours.'),
    ...when(has('given-up', 'allow-precedes'), 'Move the allow behind the reserved rule numbers, or narrow it.'),
    ...when(has('refused', 'paused'), 'When the change is done, resume: what is paused is done at the next run.'),
    ...when(
      orphans.length > 0,
      'Take the unknown denies out of the network ACL, or have them taken over: reconcile({ adopt: { requestedBy, reason, expires } }).',
    ),
    ...when(
      has('released', 'longest-block'),
      'Decide whether the addresses for review stay out for good (a rule of your own) or belong on the allow-list; the next finding blocks them again.',
    ),
  ];
};

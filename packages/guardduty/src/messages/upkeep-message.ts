import type { Message, MessageFact, SeverityBand, Text } from '@remedykit/core';
import type {
  DrainOutcome,
  ReconcileOutcome,
  ReleaseOutcome,
  SweepOutcome,
  Target,
  UnblockOutcome,
} from '../nacl/outcome.ts';
import { atMinute, counted, joinTexts, listBelow, ours, say } from './say.ts';
import { type UpkeepNews, upkeepActions, upkeepSections } from './upkeep-sections.ts';

export type Upkeep = SweepOutcome | UnblockOutcome | ReconcileOutcome | DrainOutcome;

const isNews = ({ announce }: { readonly announce: boolean }): boolean => announce;

const newsOf = (outcomes: readonly Upkeep[]): UpkeepNews => ({
  releases: outcomes.flatMap(({ releases }) => releases.filter(isNews)),
  orphans: outcomes.flatMap((outcome) => (outcome.kind === 'reconcile' ? outcome.orphans.filter(isNews) : [])),
  contests: outcomes.flatMap((outcome) => (outcome.kind === 'reconcile' ? outcome.contests.filter(isNews) : [])),
  alerts: outcomes.flatMap((outcome) => (outcome.kind === 'unblock' ? [] : outcome.alerts.filter(isNews))),
});

const suppressedBy = (outcomes: readonly Upkeep[]): number =>
  outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'unblock' ? outcome.suppressed.length : 0), 0);

const bodyOf = (outcomes: readonly Upkeep[], news: UpkeepNews, severalTargets: boolean): Text[] => {
  const body = upkeepSections(news, severalTargets);
  for (const outcome of outcomes) {
    if (outcome.kind !== 'unblock' || outcome.suppressed.length === 0) continue;
    const verb = outcome.preview ? 'Would not be denied' : 'Not denied';
    body.push(
      listBelow(
        ours(`${verb} again before:`),
        outcome.suppressed.map(({ cidr, until }) => say`${cidr}: ${atMinute(until)}`),
      ),
    );
  }
  if (outcomes.some(({ done }) => !done))
    body.push('Time ran out before everything was looked at; the next run goes on.');
  return body;
};

const factsOf = (outcomes: readonly Upkeep[], target: Target | undefined): MessageFact[] => {
  const facts: MessageFact[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== 'unblock' && outcome.kind !== 'drain') continue;
    facts.push({ label: 'Requested by', value: say`${outcome.requestedBy}` });
    facts.push({ label: 'Reason', value: say`${outcome.because}` });
  }
  if (target !== undefined) {
    facts.push({ label: 'Account', value: say`${target.accountId}` });
    facts.push({ label: 'Region', value: say`${target.region}` });
  }
  return facts;
};

const quarrels = ({ contests }: UpkeepNews): number => contests.filter(({ state }) => state !== 'over').length;

const counter =
  ({ releases }: UpkeepNews) =>
  (...results: readonly ReleaseOutcome['outcome'][]): number =>
    releases.filter(({ outcome }) => results.includes(outcome)).length;

/** What needs a person is `high`; what a person or a clock wanted is `low`. */
const severityOf = (news: UpkeepNews): SeverityBand => {
  const count = counter(news);
  if (news.alerts.length > 0 || quarrels(news) > 0 || count('failed', 'foreign', 'given-up') > 0) return 'high';
  const isForPeople = news.releases.some(({ reason }) => reason === 'longest-block' || reason === 'now-protected');
  return isForPeople || news.orphans.length > 0 || count('refused', 'repaired', 'retaken', 'settled') > 0
    ? 'medium'
    : 'low';
};

const titleOf = (outcomes: readonly Upkeep[], news: UpkeepNews, suppressed: number): Text => {
  const count = counter(news);
  const undoneBy = (isReconcile: boolean): number =>
    counter(newsOf(outcomes.filter(({ kind }) => (kind === 'reconcile') === isReconcile)))(
      'failed',
      'foreign',
      'refused',
    );
  const over = news.contests.length - quarrels(news);
  const review = news.releases.filter(({ reason }) => reason === 'longest-block').length;
  const parts = (
    [
      [undoneBy(false), 'deny NOT released', 'denies NOT released'],
      [undoneBy(true), 'deny NOT put right', 'denies NOT put right'],
      [quarrels(news), 'network ACL contested', 'network ACLs contested'],
      [count('given-up'), 'deny gone and NOT put back', 'denies gone and NOT put back'],
      [news.alerts.length, 'thing needs a person', 'things need a person'],
      [news.orphans.length, 'deny that nobody knows', 'denies that nobody knows'],
      [count('released'), 'deny released', 'denies released'],
      [review, 'of them for review', 'of them for review'],
      [count('repaired'), 'deny put back', 'denies put back'],
      [count('adopted'), 'deny taken over', 'denies taken over'],
      [count('retaken', 'settled'), 'change of a stopped worker finished', 'changes of a stopped worker finished'],
      [count('planned'), 'deny would be changed', 'denies would be changed'],
      [over, 'network ACL contested no more', 'network ACLs contested no more'],
    ] as const
  ).flatMap(([many, one, several]) => (many > 0 ? [counted(many, one, several)] : []));
  if (parts.length === 0) parts.push(`${counted(suppressed, 'address is', 'addresses are')} not denied for a while`);
  return joinTexts([ours('Network ACL upkeep'), ours(parts.join('; '))], ': ');
};

const targetsOf = ({ releases, orphans, contests }: UpkeepNews): readonly Target[] => {
  const targets = [...releases, ...orphans, ...contests].map(({ target }) => target);
  return [...new Map(targets.map((target) => [`${target.accountId}/${target.region}`, target])).values()];
};

/** `sweep`, `reconcile`, …, or `upkeep` for several kinds in one. */
const typeOf = (outcomes: readonly Upkeep[]): string => {
  const [kind, ...others] = new Set(outcomes.map((outcome) => outcome.kind));
  return kind === undefined || others.length > 0 ? 'upkeep' : kind;
};

/** True when something that should have been done, or should be in force, is not. */
const isUndone = (outcomes: readonly Upkeep[], news: UpkeepNews): boolean =>
  news.alerts.length > 0 ||
  quarrels(news) > 0 ||
  counter(news)('failed', 'foreign', 'given-up', 'refused') > 0 ||
  outcomes.some(({ done }) => !done);

/**
 * What people are told about sweeps, reconciles, unblocks and drains, in one message: what could not be done, what needs a
 * person and what he can do, what is no longer denied and why. `undefined` when none of it is news: what does not change
 * is told once.
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { type ReconcileOutcome, type SweepOutcome, upkeepMessage } from '@remedykit/guardduty';
 * const tell = (swept: SweepOutcome, reconciled: ReconcileOutcome, notifier: Notifier) =>
 *   notifier.notify(upkeepMessage(swept, reconciled));
 * ```
 */
export const upkeepMessage = (...outcomes: readonly Upkeep[]): Message | undefined => {
  const news = newsOf(outcomes);
  const suppressed = suppressedBy(outcomes);
  const { releases, orphans, contests, alerts } = news;
  if (releases.length + orphans.length + contests.length + alerts.length + suppressed === 0) return undefined;
  const targets = targetsOf(news);
  const target = targets.length === 1 ? targets[0] : undefined;
  const at =
    outcomes
      .map((outcome) => outcome.at)
      .toSorted((a, b) => Date.parse(a) - Date.parse(b))
      .at(-1) ?? '';
  const preview = outcomes.every((outcome) => outcome.preview || !saysSomething(outcome));
  const actions = upkeepActions(news).map((text) => ({ text }));
  return {
    // Each run is a matter of its own: none takes the place of what an earlier one said.
    key: [target === undefined ? 'upkeep' : `upkeep/${target.accountId}/${target.region}`, at].join('/').slice(0, 255),
    severity: severityOf(news),
    preview,
    title: titleOf(outcomes, news, suppressed),
    body: bodyOf(outcomes, news, targets.length > 1),
    facts: factsOf(outcomes, target),
    links: [],
    ...(actions.length > 0 ? { actions } : {}),
    subject: { ...(target ?? {}), type: typeOf(outcomes) },
    ...(!preview && isUndone(outcomes, news) ? { undone: true } : {}),
    at,
  };
};

const saysSomething = (outcome: Upkeep): boolean => {
  const { releases, orphans, contests, alerts } = newsOf([outcome]);
  return releases.length + orphans.length + contests.length + alerts.length + suppressedBy([outcome]) > 0;
};

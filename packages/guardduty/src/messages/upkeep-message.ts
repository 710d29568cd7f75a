import type { Message, MessageFact, SeverityBand, Text } from '@remedykit/core';
import type { ReleaseOutcome, SweepOutcome, Target, UnblockOutcome } from '../nacl/outcome.ts';
import { trafficText } from './entry-text.ts';
import { atMinute, counted, joinTexts, listBelow, ours, say } from './say.ts';

export type Upkeep = SweepOutcome | UnblockOutcome;

const targetKey = ({ accountId, region }: Target): string => `${accountId}/${region}`;

/** One line: which entry, where it is if not all are in one place, and why. */
const releaseText = ({ entry, target, because }: ReleaseOutcome, severalTargets: boolean): Text => {
  const place = severalTargets ? say` in account ${target.accountId}, ${target.region}` : ours('');
  return say`${entry.cidr}, ${ours(trafficText(entry))}: ${entry.networkAclId}, rule ${entry.ruleNumber}${place}. ${because}`;
};

/** What is told about each result, the most important first. */
const sections: readonly (readonly [result: ReleaseOutcome['outcome'], sentence: string])[] = [
  ['failed', 'NOT DONE, a retry may mend it:'],
  ['foreign', 'The rule number holds an entry that is not ours; left untouched:'],
  ['refused', 'Refused:'],
  ['released', 'No longer denied:'],
  ['retaken', 'Carried out for a worker that stopped half-way:'],
  ['settled', 'Found finished or given up by a worker that stopped half-way:'],
  ['planned', 'Would be changed:'],
];

const bodyOf = (outcomes: readonly Upkeep[], releases: readonly ReleaseOutcome[], severalTargets: boolean): Text[] => {
  const body: Text[] = [];
  const alerts = outcomes.flatMap((outcome) => (outcome.kind === 'sweep' ? outcome.alerts : []));
  if (alerts.length > 0)
    body.push(
      listBelow(
        ours('A person must look:'),
        alerts.map(({ subject, reason, because }) => say`${subject} (${ours(reason)}). ${because}`),
      ),
    );
  for (const [result, sentence] of sections) {
    const lines = releases.filter(({ outcome }) => outcome === result);
    if (lines.length > 0)
      body.push(
        listBelow(
          ours(sentence),
          lines.map((release) => releaseText(release, severalTargets)),
        ),
      );
  }
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

const factsOf = (outcomes: readonly Upkeep[], targets: readonly Target[]): MessageFact[] => {
  const facts: MessageFact[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== 'unblock') continue;
    facts.push({ label: 'Requested by', value: say`${outcome.requestedBy}` });
    facts.push({ label: 'Reason', value: say`${outcome.because}` });
  }
  const [target] = targets;
  if (target !== undefined && targets.length === 1) {
    facts.push({ label: 'Account', value: say`${target.accountId}` });
    facts.push({ label: 'Region', value: say`${target.region}` });
  }
  return facts;
};

/** What needs a person is `high`; what a person or a clock wanted is `low`. */
const severityOf = (releases: readonly ReleaseOutcome[], alerts: number): SeverityBand => {
  const has = (...results: readonly ReleaseOutcome['outcome'][]) =>
    releases.some(({ outcome }) => results.includes(outcome));
  if (alerts > 0 || has('failed', 'foreign')) return 'high';
  return has('refused', 'retaken', 'settled') ? 'medium' : 'low';
};

const titleOf = (releases: readonly ReleaseOutcome[], alerts: number, suppressed: number): Text => {
  const count = (...results: readonly ReleaseOutcome['outcome'][]) =>
    releases.filter(({ outcome }) => results.includes(outcome)).length;
  const parts: string[] = [];
  const undone = count('failed', 'foreign', 'refused');
  if (undone > 0) parts.push(`${counted(undone, 'deny', 'denies')} NOT released`);
  if (alerts > 0) parts.push(`${counted(alerts, 'thing needs', 'things need')} a person`);
  const released = count('released');
  if (released > 0) parts.push(`${counted(released, 'deny', 'denies')} released`);
  const mended = count('retaken', 'settled');
  if (mended > 0) parts.push(`${counted(mended, 'change', 'changes')} of a stopped worker finished`);
  const planned = count('planned');
  if (planned > 0) parts.push(`${counted(planned, 'deny', 'denies')} would be changed`);
  if (parts.length === 0) parts.push(`${counted(suppressed, 'address is', 'addresses are')} not denied for a while`);
  return joinTexts([ours('Network ACL upkeep'), ours(parts.join('; '))], ': ');
};

/**
 * What people are told about sweeps and unblocks, in one message: what could not be released, what needs a person, what is
 * no longer denied and why. `undefined` when there were no releases, suppressions or alerts.
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { type SweepOutcome, upkeepMessage } from '@remedykit/guardduty';
 * const tell = (swept: SweepOutcome, notifier: Notifier) => notifier.notify(upkeepMessage(swept));
 * ```
 */
export const upkeepMessage = (...outcomes: readonly Upkeep[]): Message | undefined => {
  const releases = outcomes.flatMap((outcome) => outcome.releases);
  const alerts = outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'sweep' ? outcome.alerts.length : 0), 0);
  const suppressed = outcomes.reduce(
    (sum, outcome) => sum + (outcome.kind === 'unblock' ? outcome.suppressed.length : 0),
    0,
  );
  if (releases.length + alerts + suppressed === 0) return undefined;
  const targets = [...new Map(releases.map(({ target }) => [targetKey(target), target])).values()];
  const [target] = targets;
  return {
    key: target !== undefined && targets.length === 1 ? `upkeep/${targetKey(target)}` : 'upkeep',
    severity: severityOf(releases, alerts),
    preview: outcomes.every(({ preview }) => preview),
    title: titleOf(releases, alerts, suppressed),
    body: bodyOf(outcomes, releases, targets.length > 1),
    facts: factsOf(outcomes, targets),
    links: [],
  };
};

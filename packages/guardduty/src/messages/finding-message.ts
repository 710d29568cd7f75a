import { type Message, type MessageFact, type SeverityBand, severityBand, type Text } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import type { BlockOutcome, EntryView, EvictedEntry, OverflowView, ThreatOutcome } from '../nacl/outcome.ts';
import { consoleLink } from './console-link.ts';
import { entryText, trafficText } from './entry-text.ts';
import { fitted, keyOf, matterOf } from './matter.ts';
import { principalText } from './principal-text.ts';
import { atMinute, counted, joinTexts, listBelow, ours, say } from './say.ts';

/**
 * Refusals by the gate: the address is none that should be denied. Any other refusal (a pause, a limit, one that is new)
 * leaves an attacker unblocked and is told as loudly as `not-blocked`.
 */
const rightlyRefused: ReadonlySet<string> = new Set([
  'sample',
  'archived',
  'account-not-listed',
  'reserved',
  'allow-listed',
  'partner-listed',
  'explicitly-trusted',
  'vpc-cidr',
  'own-address',
  'aws-service-range',
  'suppressed',
]);

/** Refusals of a whole finding that nobody needs to act on. */
const nothingToDo: ReadonlySet<string> = new Set(['sample', 'archived']);

/** True for what should be denied and is not, at least somewhere. */
const isUnblocked = ({ outcome, reason }: ThreatOutcome): boolean =>
  outcome === 'not-blocked' ||
  outcome === 'ineffective' ||
  outcome === 'failed' ||
  (outcome === 'refused' && !rightlyRefused.has(reason));

const subjectOf = ({ threat }: ThreatOutcome): Text =>
  threat.address === undefined ? ours('a finding without an address') : say`${threat.address}`;

const addressesOf = (outcomes: readonly ThreatOutcome[]): Text => {
  const [first] = outcomes;
  if (first !== undefined && outcomes.length === 1) return subjectOf(first);
  return ours(counted(outcomes.length, 'address', 'addresses'));
};

/** The outcomes of one finding by what people need to know about them. */
interface Sorted {
  readonly unblocked: readonly ThreatOutcome[];
  readonly blocked: readonly ThreatOutcome[];
  readonly extended: readonly ThreatOutcome[];
  readonly planned: readonly ThreatOutcome[];
  readonly leftAlone: readonly ThreatOutcome[];
  readonly unchanged: readonly ThreatOutcome[];
}

const sort = (threats: readonly ThreatOutcome[]): Sorted => {
  const having = (result: ThreatOutcome['outcome']) => threats.filter(({ outcome }) => outcome === result);
  return {
    unblocked: threats.filter(isUnblocked),
    // Made by this very event, on a delivery that may have ended before people were told.
    blocked: threats.filter(({ outcome, announce }) => outcome === 'blocked' || (outcome === 'unchanged' && announce)),
    extended: having('extended'),
    planned: having('planned'),
    leftAlone: threats.filter((outcome) => outcome.outcome === 'refused' && !isUnblocked(outcome)),
    unchanged: having('unchanged').filter(({ announce }) => !announce),
  };
};

const evictedText = (evicted: readonly EvictedEntry[]): Text => {
  const cidrs = [...new Set(evicted.map(({ cidr }) => cidr))];
  const [only] = cidrs;
  return only !== undefined && cidrs.length === 1 ? say`${only}` : ours(counted(cidrs.length, 'other', 'others'));
};

/** Who gave way to a deny: `in place of X, which is NOT blocked any more`. */
const insteadText = ({ evicted, outcome }: ThreatOutcome): Text => {
  if (evicted.length === 0) return ours('');
  const whom = joinTexts(
    [...new Set(evicted.map(({ cidr }) => cidr))].map((cidr) => say`${cidr}`),
    ', ',
  );
  const are = new Set(evicted.map(({ cidr }) => cidr)).size === 1 ? 'is' : 'are';
  const lot = outcome === 'planned' ? 'which would NOT be blocked any more' : `which ${are} NOT blocked any more`;
  return say` in place of ${whom}, ${ours(lot)}`;
};

/** The loudest words of a message. */
const notBlocked = (preview: boolean): Text => ours(preview ? 'Would NOT be blocked' : 'NOT BLOCKED');

const headlineOf = ({ unblocked, blocked, extended, planned, leftAlone }: Sorted, outcome: BlockOutcome): Text => {
  const parts: Text[] = [];
  if (unblocked.length > 0) parts.push(say`${notBlocked(outcome.preview)}: ${addressesOf(unblocked)}`);
  const evicted = outcome.threats.flatMap((threat) => threat.evicted);
  const instead = evicted.length > 0 ? say` in place of ${evictedText(evicted)}` : ours('');
  if (blocked.length > 0) parts.push(say`Blocked ${addressesOf(blocked)}${planned.length > 0 ? ours('') : instead}`);
  if (planned.length > 0) parts.push(say`Would block ${addressesOf(planned)}${instead}`);
  if (blocked.length + planned.length === 0 && evicted.length > 0)
    parts.push(say`NOT blocked any more: ${evictedText(evicted)}`);
  if (parts.length === 0 && extended.length > 0) parts.push(say`Blocked for longer: ${addressesOf(extended)}`);
  if (outcome.escalate) parts.push(ours('A person must look'));
  if (parts.length > 0) return joinTexts(parts, '; ');
  if (leftAlone.some(({ reason }) => reason === 'sample')) return ours('Sample finding, nothing was done');
  return leftAlone.length > 0 ? say`Left alone: ${addressesOf(leftAlone)}` : ours('Nothing was done');
};

const missingLine = ({ networkAclId, egress, reason, because }: ThreatOutcome['missing'][number]): Text => {
  const where = networkAclId === '*' ? ours('every network ACL') : say`${networkAclId}`;
  return say`${where}, ${ours(egress ? 'outbound' : 'inbound')}: ${ours(reason)}. ${because}`;
};

const evictedHead = (outcome: ThreatOutcome['outcome']): string =>
  outcome === 'planned'
    ? 'Would NOT be denied any more, for it ranks lower:'
    : 'NOT denied any more, for it ranks lower:';

const evictedLine = ({ cidr, networkAclId, ruleNumber, ...traffic }: EvictedEntry): Text =>
  say`${cidr}: ${networkAclId}, rule ${ruleNumber}, ${ours(trafficText(traffic))}`;

const overflowVerdict: Readonly<Record<OverflowView['status'], string>> = {
  blocked: 'denied by',
  'already-blocked': 'denied already by',
  'not-blocked': 'NOT denied by',
  planned: 'would be handed to',
  failed: 'NOT known to be denied by',
};

const overflowLine = ({ by, status, cidr, networkAclId, expiresAt, because, ...traffic }: OverflowView): Text => {
  const told =
    status === 'not-blocked' || status === 'failed' ? say`. ${because}` : say`, until ${atMinute(expiresAt)}`;
  return say`${cidr}: ${networkAclId}, ${ours(trafficText(traffic))}, ${ours(overflowVerdict[status])} ${by}${told}`;
};

/** A sentence about one threat, then where it is not denied, then where it is. */
const threatText = (sentence: Text, { outcome, missing, entries, evicted, overflow = [] }: ThreatOutcome): Text => {
  const parts: Text[] = [sentence];
  if (missing.length > 0) parts.push(listBelow(ours('Not denied in:'), missing.map(missingLine)));
  if (entries.length > 0)
    parts.push(listBelow(ours(outcome === 'planned' ? 'Would be denied in:' : 'Denied in:'), entries.map(entryText)));
  if (evicted.length > 0) parts.push(listBelow(ours(evictedHead(outcome)), evicted.map(evictedLine)));
  if (overflow.length > 0)
    parts.push(listBelow(ours('Handed over, for a network ACL has no place:'), overflow.map(overflowLine)));
  return joinTexts(parts, '\n');
};

/** Everybody whom a flood leaves without a deny, and what to do about it. */
const floodText = ({ cidrs, omitted }: NonNullable<ThreatOutcome['flood']>): Text => {
  const listed = joinTexts(
    cidrs.map((cidr) => say`${cidr}`),
    ', ',
  );
  const more = omitted > 0 ? ours(` and ${omitted} more`) : ours('');
  const count = counted(cidrs.length + omitted, 'address is', 'addresses are');
  return say`Flood: ${ours(count)} not denied there: ${listed}${more}. The next summary comes in 15 minutes. Close the exposed port; VPC Block Public Access is the emergency brake.`;
};

const unblockedText = (outcome: ThreatOutcome, preview: boolean): Text => {
  const sentence = say`${notBlocked(preview)}: ${subjectOf(outcome)} (${ours(outcome.reason)}). ${outcome.because}`;
  return threatText(sentence, outcome);
};

const blockedText = (verb: string, outcome: ThreatOutcome): Text =>
  threatText(say`${ours(verb)} ${subjectOf(outcome)}${insteadText(outcome)}. ${outcome.because}`, outcome);

const leftAloneText = (outcome: ThreatOutcome): Text => {
  const sentence = say`Left alone: ${subjectOf(outcome)} (${ours(outcome.reason)}). ${outcome.because}`;
  return threatText(sentence, outcome);
};

/** Why a person must look, and what to do first. */
const escalationText = ({ threats }: BlockOutcome, finding: Finding): Text => {
  const reasons = threats.flatMap((outcome) => {
    if (outcome.outcome === 'escalated')
      return [say`${subjectOf(outcome)} (${ours(outcome.reason)}). ${outcome.because}`];
    const { threat } = outcome;
    return threat.escalate ? [say`${subjectOf(outcome)} (${ours(threat.reason)}). ${threat.because}`] : [];
  });
  const told = listBelow(ours('A person must look.'), reasons);
  const instanceId = finding.instance?.instanceId;
  if (instanceId === undefined) return told;
  const advice = say`If instance ${instanceId} is compromised, contain it with the Systems Manager runbook AWSSupport-ContainEC2Instance; a network ACL deny neither cleans it nor stops its other connections.`;
  return joinTexts([told, advice], '\n');
};

const bodyOf = (sorted: Sorted, outcome: BlockOutcome, finding: Finding): Text[] => {
  const { unblocked, blocked, extended, planned, leftAlone, unchanged } = sorted;
  const body: Text[] = unblocked.map((one) => unblockedText(one, outcome.preview));
  if (outcome.escalate) body.push(escalationText(outcome, finding));
  const partly = outcome.threats.filter((one) => one.outcome === 'escalated' && one.entries.length > 0);
  body.push(...partly.map((one) => threatText(say`Denied in part: ${subjectOf(one)}.`, one)));
  body.push(...blocked.map((one) => blockedText('Blocked', one)));
  body.push(...planned.map((one) => blockedText('Would block', one)));
  body.push(...extended.map((one) => blockedText('Blocked for longer:', one)));
  body.push(...leftAlone.map(leftAloneText));
  if (unchanged.length > 0) body.push(`${counted(unchanged.length, 'address was', 'addresses were')} denied already.`);
  for (const { flood } of outcome.threats) if (flood) body.push(floodText(flood));
  if (!outcome.done) body.push('Time ran out before everything was done; the rest is left for a retry.');
  if (finding.description !== undefined) body.push(['GuardDuty says: ', finding.description]);
  return body;
};

const aclIds = (entries: readonly EntryView[]): string[] => [
  ...new Set(entries.map(({ networkAclId }) => networkAclId)),
];

const factsOf = (finding: Finding, threats: readonly ThreatOutcome[]): MessageFact[] => {
  const facts: MessageFact[] = [
    { label: 'Finding type', value: say`${finding.type}` },
    { label: 'Account', value: say`${finding.accountId}` },
    { label: 'Region', value: say`${finding.region}` },
  ];
  if (finding.instance?.instanceId !== undefined)
    facts.push({ label: 'Instance', value: say`${finding.instance.instanceId}` });
  if (finding.principal !== undefined) facts.push({ label: 'Principal', value: principalText(finding.principal) });
  const acls = aclIds(threats.flatMap(({ entries }) => entries));
  if (acls.length > 0)
    facts.push({
      label: 'Network ACLs',
      value: joinTexts(
        acls.map((id) => say`${id}`),
        ', ',
      ),
    });
  facts.push({ label: 'Severity', value: String(finding.severity) });
  const seen = finding.eventLastSeen ?? finding.updatedAt;
  if (seen !== undefined) facts.push({ label: 'Last seen', value: atMinute(seen) });
  if (finding.count !== undefined) facts.push({ label: 'Times seen', value: String(finding.count) });
  facts.push({ label: 'Finding id', value: say`${finding.id}` });
  return facts;
};

const evictsAny = ({ threats }: BlockOutcome): boolean => threats.some(({ evicted }) => evicted.length > 0);

const severityOf = ({ unblocked }: Sorted, outcome: BlockOutcome, finding: Finding): SeverityBand => {
  if (outcome.threats.every(({ outcome: result, reason }) => result === 'refused' && nothingToDo.has(reason)))
    return 'low';
  const band = severityBand(finding.severity);
  return (unblocked.length > 0 || evictsAny(outcome)) && band !== 'critical' ? 'high' : band;
};

const unreadable = ({ recordId, error, preview }: BlockOutcome): Message => {
  const code = error?.code ?? 'UNKNOWN';
  const record: MessageFact[] = recordId === undefined ? [] : [{ label: 'Record', value: say`${recordId}` }];
  return {
    key: fitted(`unreadable/${recordId ?? code}`),
    severity: 'high',
    preview,
    title: say`A record could not be read (${ours(code)})`,
    body: ['Nothing was decided on it, and no retry can mend it. It is kept whole in an audit record.'],
    facts: [{ label: 'Error', value: code }, ...record],
    links: [],
    undone: true,
  };
};

/**
 * What people are told about one finding: what is not blocked and why, whether a person must look, what is blocked where
 * and until when. `undefined` when nothing about it is new (`announce` on its threats). What should be denied and is not
 * makes a message at least `high`, and so does who is not blocked any more because it gave way. A record that could not be read is told by its error code and id, never by its content.
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { type BlockOutcome, findingMessage } from '@remedykit/guardduty';
 * const tell = (outcome: BlockOutcome, notifier: Notifier) => notifier.notify(findingMessage(outcome));
 * ```
 */
export const findingMessage = (outcome: BlockOutcome): Message | undefined => {
  const { finding, threats, preview } = outcome;
  if (finding === undefined) return unreadable(outcome);
  if (!threats.some(({ announce }) => announce)) return undefined;
  const sorted = sort(threats);
  const link = consoleLink(finding);
  const { accountId, region, type } = finding;
  const at = finding.updatedAt ?? finding.eventLastSeen;
  return {
    key: keyOf(finding),
    severity: severityOf(sorted, outcome, finding),
    preview,
    title: say`${headlineOf(sorted, outcome)} · ${finding.type}`,
    body: bodyOf(sorted, outcome, finding),
    facts: factsOf(finding, threats),
    links: link === undefined ? [] : [{ label: 'Open in GuardDuty', url: link }],
    subject: { accountId, region, type, matter: matterOf(finding) },
    ...(at === undefined ? {} : { at }),
    ...(!preview && (sorted.unblocked.length > 0 || evictsAny(outcome)) ? { undone: true } : {}),
  };
};

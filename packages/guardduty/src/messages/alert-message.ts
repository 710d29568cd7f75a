import {
  type Message,
  type MessageAction,
  type MessageFact,
  type SeverityBand,
  severityBand,
  type Text,
} from '@remedykit/core';
import type { Finding, RemoteAddress } from '../finding.ts';
import { extractThreats } from '../threats/extract.ts';
import type { Threat } from '../threats/threat.ts';
import { nextSteps } from './alert-message-steps.ts';
import { whatHappened } from './alert-message-what.ts';
import { consoleLink } from './console-link.ts';
import { keyOf, matterOf } from './matter.ts';
import { principalText } from './principal-text.ts';
import { atMinute, joinTexts, ours, say } from './say.ts';

/** How many addresses or ports one fact may name; what is behind them is counted. */
const maxNamed = 10;

/** Every remote side of a finding, each as it is written, once. */
const remotesOf = ({ action }: Finding): readonly RemoteAddress[] => {
  const remotes =
    action === undefined
      ? []
      : 'remote' in action
        ? [action.remote]
        : 'probes' in action
          ? action.probes.map(({ remote }) => remote)
          : 'remotes' in action
            ? (action.remotes ?? [])
            : [];
  return [...new Map(remotes.map((remote) => [`${remote.ipv4}/${remote.ipv6}`, remote])).values()].filter(
    ({ ipv4, ipv6 }) => ipv4 !== undefined || ipv6 !== undefined,
  );
};

const addressText = ({ ipv4, ipv6, country }: RemoteAddress): Text => {
  const address = joinTexts(
    [ipv4, ipv6].flatMap((text) => (text === undefined ? [] : [say`${text}`])),
    ' / ',
  );
  return country === undefined ? address : say`${address} (${country})`;
};

const listed = (texts: readonly Text[]): Text => {
  const more = texts.length > maxNamed ? [ours(`and ${texts.length - maxNamed} more`)] : [];
  return joinTexts([...texts.slice(0, maxNamed), ...more], ', ');
};

/** Callers come to us; of what goes both ways or is not known, the address is only involved. */
const relationOf = ({ action }: Finding, threat: Threat | undefined): string => {
  const calls: readonly (string | undefined)[] = ['aws-api-call', 'kubernetes-api-call', 'rds-login-attempt'];
  if (calls.includes(action?.kind)) return 'from';
  const direction = threat?.address === undefined ? 'both' : threat.direction;
  return { ingress: 'from', egress: 'to', both: 'involving' }[direction];
};

const headlineOf = (finding: Finding, threats: readonly Threat[]): Text => {
  const [threat] = threats;
  const remotes = remotesOf(finding);
  const [first] = remotes;
  const who = first?.ipv4 ?? first?.ipv6;
  const more = remotes.length > 1 ? ours(` and ${remotes.length - 1} more`) : ours('');
  const whose = finding.instance?.instanceId ?? finding.principal?.userName;
  const where = [
    ...(whose === undefined ? [] : [say`${whose}`]),
    ...(who === undefined ? [] : [say`${ours(relationOf(finding, threat))} ${who}${more}`]),
  ];
  const what = ours(`${finding.sample ? 'Sample: ' : ''}${whatHappened(finding.type, threat?.reason)}`);
  return where.length === 0 ? what : say`${what}: ${joinTexts(where, ' ')}`;
};

const bodyOf = (finding: Finding): Text[] => {
  const { action, archived, description, sample, title } = finding;
  const says = description ?? title;
  return [
    ...(sample ? ['This is a sample finding, made to try out what happens then. Nothing else happened.'] : []),
    ...(archived ? ['The finding is archived: a person or a suppression rule has settled it in GuardDuty.'] : []),
    ...(says === undefined ? [] : [['GuardDuty says: ', says]]),
    ...(action !== undefined && 'blocked' in action && action.blocked
      ? ['A security group or network ACL had dropped the traffic already.']
      : []),
  ];
};

const factsOf = (finding: Finding, threats: readonly Threat[], severity: SeverityBand): MessageFact[] => {
  const { instance, principal, resourceType, eventFirstSeen, eventLastSeen, updatedAt, count, origin } = finding;
  const resource = instance?.instanceId ?? resourceType;
  const remotes = remotesOf(finding);
  const ports = [
    ...new Set(
      threats.flatMap((threat) => (threat.address === undefined ? [] : threat.attackedPorts.map(({ port }) => port))),
    ),
  ];
  const seen = eventLastSeen ?? updatedAt;
  const fact = (label: string, value: Text | undefined): MessageFact[] =>
    value === undefined ? [] : [{ label, value }];
  return [
    ...fact('Finding type', say`${finding.type}`),
    ...fact('Account', say`${finding.accountId}`),
    ...fact('Region', say`${finding.region}`),
    ...fact('Resource', resource === undefined ? undefined : say`${resource}`),
    ...fact('Principal', principal === undefined ? undefined : principalText(principal)),
    ...fact('Remote addresses', remotes.length === 0 ? undefined : listed(remotes.map(addressText))),
    ...fact('Attacked ports', ports.length === 0 ? undefined : listed(ports.map((port) => ours(String(port))))),
    ...fact('Severity', `${finding.severity} (${severity})`),
    ...fact('First seen', eventFirstSeen === undefined ? undefined : atMinute(eventFirstSeen)),
    ...fact('Last seen', seen === undefined ? undefined : atMinute(seen)),
    ...fact('Times seen', count === undefined ? undefined : String(count)),
    ...fact('Passed on by', origin === undefined ? undefined : 'Security Hub'),
    ...fact('Finding id', say`${finding.id}`),
  ];
};

const stepsOf = ({ instance, sample, archived }: Finding, threats: readonly Threat[]): MessageAction[] => {
  if (sample || archived) return [];
  const steps: Text[] = [...new Set(threats.flatMap(({ reason }) => nextSteps[reason]))];
  // Only where the host itself is in doubt; that somebody outside tries says nothing about it.
  if (instance?.instanceId !== undefined && threats.some(({ escalate }) => escalate))
    steps.push(
      say`If instance ${instance.instanceId} is compromised, contain it with the Systems Manager runbook AWSSupport-ContainEC2Instance.`,
    );
  return steps.map((text) => ({ text }));
};

/**
 * What people are told about a finding where nothing acts on it: what happened, to what, from where, and what to do next by
 * what the threat table says. Any type, newer ones too. An archived finding is `resolved`, so its live message is closed; a
 * sample is `low` and says so. Everything that the finding wrote is untrusted text; links are ours.
 *
 * For what the blocker did about a finding there is `findingMessage`, with the same key: both may share a live message.
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { alertMessage, parseFindings } from '@remedykit/guardduty';
 * export const createHandler = (notifier: Notifier) => async (event: unknown) => {
 *   for (const finding of parseFindings(event)) await notifier.notify(alertMessage(finding));
 * };
 * ```
 */
export const alertMessage = (finding: Finding): Message => {
  const { accountId, region, type, archived, sample } = finding;
  const threats = extractThreats(finding);
  const severity = severityBand(finding.severity);
  const link = consoleLink(finding);
  const actions = stepsOf(finding, threats);
  const at = finding.updatedAt ?? finding.eventLastSeen ?? finding.createdAt;
  return {
    key: keyOf(finding),
    severity: sample ? 'low' : severity,
    preview: false,
    title: say`${headlineOf(finding, threats)} · ${type}`,
    body: bodyOf(finding),
    facts: factsOf(finding, threats, severity),
    links: link === undefined ? [] : [{ label: 'Open in GuardDuty', url: link }],
    ...(actions.length === 0 ? {} : { actions }),
    subject: { accountId, region, type, matter: matterOf(finding) },
    status: archived ? 'resolved' : 'open',
    ...(at === undefined ? {} : { at }),
  };
};

import {
  type FindingFamily,
  type FindingTypeFacts,
  findingTypes,
  findingTypesAsOf,
  type ThreatReason,
  threatReasons,
} from '@remedykit/guardduty';

/** Headings in the order of the page: first those on which somebody may be denied. */
const headings: Readonly<Record<FindingFamily, string>> = {
  'brute-force': 'Passwords are guessed on one of our hosts',
  'port-probe': 'A port of ours is probed',
  'anonymised-access': 'Somebody comes through Tor',
  'outbound-contact': 'Our host, function or container reaches out to where it should not',
  cryptocurrency: 'Cryptocurrency',
  'attack-by-own-host': 'Our own host attacks',
  'unusual-traffic': 'The traffic of our host is unusual',
  'domain-request': 'A name was asked for',
  'custom-list': 'Your own threat list matched',
  'host-behaviour': 'Something happens on a host or in a container',
  malware: 'Malware in a file',
  'api-call': "Calls to AWS's API",
  'cluster-call': 'Calls to the API of a cluster',
  'database-login': 'Logins to a database',
  configuration: 'A setting was changed, or a right used, against good practice',
  'attack-sequence': 'An attack under way',
  other: 'Everything else',
};

const severities: Readonly<Record<FindingTypeFacts['defaultSeverity'], string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  variable: 'varies',
  undocumented: 'not documented',
};

const rowOf = (facts: FindingTypeFacts): string => {
  const { type, state, retiredOn, defaultSeverity, verdict, direction, escalate, spoofable, dataSources } = facts;
  const retired = state === 'retired' ? ` (retired${retiredOn === undefined ? '' : ` ${retiredOn}`})` : '';
  const cells = [
    `\`${type}\`${retired}`,
    severities[defaultSeverity],
    dataSources.join(', ') || 'not documented',
    verdict,
    direction ?? 'none',
    escalate ? 'yes' : 'no',
    spoofable ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
};

const tableOf = (reason: ThreatReason, types: readonly FindingTypeFacts[]): string =>
  [
    `**\`${reason}\`**: ${threatReasons[reason]}`,
    '',
    '| Type | Severity | Seen in | Verdict | Direction | Escalated | Spoofable |',
    '|---|---|---|---|---|---|---|',
    ...types.map(rowOf),
    '',
  ].join('\n');

const sectionOf = (family: FindingFamily): string => {
  const types = findingTypes.filter((each) => each.family === family);
  const reasons = [...new Set(types.map(({ reason }) => reason))].toSorted(
    (one, other) => order.indexOf(one) - order.indexOf(other),
  );
  return [
    `## ${headings[family]}`,
    '',
    ...reasons.map((reason) =>
      tableOf(
        reason,
        types.filter((each) => each.reason === reason),
      ),
    ),
  ].join('\n');
};

/** Within a section, as the list of reasons has them: denied before looked at before left alone. */
const order: readonly string[] = Object.keys(threatReasons);

const summary = (): string => {
  const active = findingTypes.filter(({ state }) => state === 'active');
  const count = (fits: (facts: FindingTypeFacts) => boolean): number => active.filter(fits).length;
  return [
    `As of ${findingTypesAsOf}, GuardDuty documents ${active.length} types that it still emits and ${findingTypes.length - active.length} that it has retired. Of those that it emits:`,
    '',
    '| What is done | Types |',
    '|---|---|',
    `| the address is denied inbound | ${count(({ direction }) => direction === 'ingress')} |`,
    `| the address is denied outbound, and a person is called | ${count(({ direction }) => direction === 'egress')} |`,
    `| nobody is denied, a person is called | ${count(({ verdict, escalate }) => verdict === 'ignore' && escalate)} |`,
    `| nothing | ${count(({ verdict, escalate }) => verdict === 'ignore' && !escalate)} |`,
  ].join('\n');
};

/** What is done about every finding type, by family, as Markdown. */
export const findingTypesPage = (): string => {
  // The keys of the headings are the families; Object.keys forgets it.
  const families = (Object.keys(headings) as FindingFamily[]).filter((family) =>
    findingTypes.some((each) => each.family === family),
  );
  return [summary(), '', ...families.map(sectionOf)].join('\n').trim();
};

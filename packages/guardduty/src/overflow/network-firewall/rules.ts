import type { RulesSource, StatefulRule } from '@aws-sdk/client-network-firewall';
import { isRemediationError, type Reason } from '@remedykit/core';
import { canonicalCidr } from '../../gate/cidr.ts';
import type { PortRange } from '../../nacl/outcome.ts';
import type { OverflowThreat } from '../overflow-blocker.ts';

/** One deny in a rule group. */
export interface FirewallDeny extends Pick<OverflowThreat, 'cidr' | 'egress' | 'protocol'> {
  /** Absent: all ports. */
  readonly ports?: PortRange;
  /** ISO 8601, in whole seconds. */
  readonly expiresAt: string;
}

/** One that is in force, with the id of its rule, which stays the same as long as it does. */
export interface HeldDeny extends FirewallDeny {
  readonly sid: number;
}

/** What a rule group holds: denies of ours, or something else, said with the reason `foreign`. */
export type GroupRules =
  | { readonly denies: readonly HeldDeny[]; readonly foreign?: never }
  | { readonly foreign: Reason };

const anything = 'ANY';
const marker = 'remedykit until ';

/** Never matches a packet: nobody has this address. A rule group must not be empty, and this says whose it is. */
const keeper = { msg: 'remedykit keeps this rule group', address: '192.0.2.0/32', sid: 1 } as const;

/** Rules beside the denies themselves. */
export const keptRules = 1;

const protocols = { '6': 'TCP', '17': 'UDP', '-1': 'IP' } as const;

/** Whether two are the same packets. */
export const sameDeny = (a: Omit<FirewallDeny, 'expiresAt'>, b: Omit<FirewallDeny, 'expiresAt'>): boolean =>
  a.cidr === b.cidr &&
  a.egress === b.egress &&
  a.protocol === b.protocol &&
  a.ports?.from === b.ports?.from &&
  a.ports?.to === b.ports?.to;

/** Rounded up to whole seconds: a marker has no more, and a deny never ends early. */
export const wholeSecond = (expiresAt: string): string =>
  new Date(Math.ceil(Date.parse(expiresAt) / 1000) * 1000).toISOString();

/** The rules of a group of ours, one drop for each deny. Pure. */
export const rulesSource = (denies: readonly HeldDeny[]): RulesSource => ({
  StatefulRules: [
    rule(keeper.msg, keeper.sid, { Protocol: 'IP', Source: keeper.address, Destination: keeper.address }),
    ...denies.map((deny) =>
      rule(`${marker}${compact(deny.expiresAt)}`, deny.sid, {
        Protocol: protocols[deny.protocol],
        Source: deny.egress ? anything : deny.cidr,
        Destination: deny.egress ? deny.cidr : anything,
        ...(deny.ports ? { DestinationPort: portsText(deny.ports) } : {}),
      }),
    ),
  ],
});

const rule = (
  msg: string,
  sid: number,
  header: Pick<NonNullable<StatefulRule['Header']>, 'Protocol' | 'Source' | 'Destination'> & {
    readonly DestinationPort?: string;
  },
): StatefulRule => ({
  Action: 'DROP',
  Header: { SourcePort: anything, DestinationPort: anything, Direction: 'FORWARD', ...header },
  RuleOptions: [
    { Keyword: 'msg', Settings: [`"${msg}"`] },
    { Keyword: 'sid', Settings: [String(sid)] },
  ],
});

/** What a group holds. Pure. A single rule without our marker, or with one and of another form, makes it somebody else's. */
export const readRules = (source: RulesSource | undefined): GroupRules => {
  const { StatefulRules = [], RulesString, RulesSourceList, StatelessRulesAndCustomActions } = source ?? {};
  if (RulesString || RulesSourceList || StatelessRulesAndCustomActions) {
    return { foreign: foreign('rules of another form than single stateful rules') };
  }
  const denies: HeldDeny[] = [];
  for (const one of StatefulRules) {
    const deny = readRule(one);
    if (deny === undefined)
      return { foreign: foreign(`a rule that is not ours (sid ${settingOf(one, 'sid') ?? '?'})`) };
    if (deny !== 'keeper') denies.push(deny);
  }
  return { denies };
};

const foreign = (what: string): Reason => ({
  reason: 'foreign',
  because: `foreign: the rule group holds ${what}, so nothing in it is touched. Give remedykit a rule group of its own.`,
});

const readRule = (one: StatefulRule): HeldDeny | 'keeper' | undefined => {
  const { Action, Header, RuleOptions = [] } = one;
  const { Protocol, Source = '', SourcePort, Direction, Destination = '', DestinationPort = '' } = Header ?? {};
  const msg = settingOf(one, 'msg')?.replace(/^"(.*)"$/, '$1') ?? '';
  const sid = Number(settingOf(one, 'sid'));
  if (Action !== 'DROP' || Direction !== 'FORWARD' || SourcePort !== anything) return undefined;
  if (RuleOptions.length !== 2 || !Number.isSafeInteger(sid)) return undefined;
  if (msg === keeper.msg) return 'keeper';
  const expiresAt = msg.startsWith(marker) ? instantIn(msg.slice(marker.length)) : undefined;
  const egress = Source === anything;
  const cidr = cidrIn(egress ? Destination : Source);
  const protocol = (['6', '17', '-1'] as const).find((number) => protocols[number] === Protocol);
  const ports = portsIn(DestinationPort);
  if (expiresAt === undefined || cidr === undefined || protocol === undefined || ports === undefined) return undefined;
  if (!egress && Destination !== anything) return undefined;
  return { cidr, egress, protocol, ...(ports === 'all' ? {} : { ports }), expiresAt, sid };
};

const settingOf = ({ RuleOptions = [] }: StatefulRule, keyword: string): string | undefined =>
  RuleOptions.find(({ Keyword }) => Keyword === keyword)?.Settings?.[0];

/** `20261125T100000Z`: a colon has a meaning of its own in some rule languages. */
const compact = (instant: string): string => instant.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');

const instantIn = (text: string): string | undefined => {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

const cidrIn = (text: string): string | undefined => {
  try {
    return canonicalCidr(text);
  } catch (error) {
    if (isRemediationError(error)) return undefined;
    throw error;
  }
};

const portsText = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}:${to}`);

const portsIn = (text: string): PortRange | 'all' | undefined => {
  if (text === anything) return 'all';
  const [, from, to = from] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to) };
};

/**
 * The rules of a new group, to be created once with `Type: 'STATEFUL'` and as much `Capacity` as there are to be denies at
 * most, and one more.
 * @example
 * ```ts
 * import { CreateRuleGroupCommand, NetworkFirewallClient } from '@aws-sdk/client-network-firewall';
 * import { newRuleGroup } from '@remedykit/guardduty/network-firewall';
 * await new NetworkFirewallClient().send(
 *   new CreateRuleGroupCommand({ RuleGroupName: 'remedykit', Type: 'STATEFUL', Capacity: 1_001, RuleGroup: newRuleGroup() }),
 * );
 * ```
 */
export const newRuleGroup = (): { RulesSource: RulesSource } => ({ RulesSource: rulesSource([]) });

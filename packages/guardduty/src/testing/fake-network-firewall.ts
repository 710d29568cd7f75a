import { awsError } from './aws-error.ts';
import { createTransport, type FakeControls } from './fake-transport.ts';
import { fakeWorld } from './fake-world.ts';

// The SDK's words, written out: the client is an optional peer, and tests of other things need not install it.

/** A stateful rule, as the SDK has it. */
export interface FakeFirewallRule {
  readonly Action: string | undefined;
  readonly Header:
    | {
        readonly Protocol: string | undefined;
        readonly Source: string | undefined;
        readonly SourcePort: string | undefined;
        readonly Direction: string | undefined;
        readonly Destination: string | undefined;
        readonly DestinationPort: string | undefined;
      }
    | undefined;
  readonly RuleOptions:
    | readonly { readonly Keyword: string | undefined; readonly Settings?: readonly string[] | undefined }[]
    | undefined;
}

/** The rules of a group, as the SDK has them. */
export interface FakeRulesSource {
  readonly StatefulRules?: readonly FakeFirewallRule[] | undefined;
  readonly RulesString?: string | undefined;
}

interface FakeRules {
  readonly RulesSource: FakeRulesSource | undefined;
  readonly StatefulRuleOptions?: { readonly RuleOrder?: string };
}

interface UpdateInput {
  readonly RuleGroupArn?: string;
  readonly UpdateToken?: string;
  readonly RuleGroup?: FakeRules;
  readonly Description?: string;
}

/** A rule group from the start. */
export interface FakeRuleGroupOptions {
  /** Default `remedykit`. */
  readonly name?: string;
  /** Default 100. */
  readonly capacity?: number;
  /** Default: no rules. */
  readonly rulesSource?: FakeRulesSource;
  readonly description?: string;
  /** Default `STRICT_ORDER`. An update that does not name it means `DEFAULT_ACTION_ORDER`, which is refused. */
  readonly ruleOrder?: 'STRICT_ORDER' | 'DEFAULT_ACTION_ORDER';
}

/** What the fake Network Firewall holds from the start. */
export interface FakeNetworkFirewallOptions {
  readonly accountId?: string;
  readonly region?: string;
  /** Default: one, named `remedykit`. */
  readonly ruleGroups?: readonly FakeRuleGroupOptions[];
}

/** Network Firewall of one account and Region in memory, usable where a `NetworkFirewallClient` is. */
export interface FakeNetworkFirewall extends FakeControls {
  readonly send: (command: unknown, options?: unknown) => Promise<never>;
  /** ARNs, in order. */
  readonly ruleGroups: readonly string[];
  /** The stateful rules of a group; of the first by default. */
  rulesOf(arn?: string): readonly FakeFirewallRule[];
  /** What a group's description is now. */
  descriptionOf(arn?: string): string | undefined;
  /** Somebody else writes a group: its rules become these, and its token another. */
  write(rulesSource: FakeRulesSource, arn?: string): void;
}

interface Group {
  readonly arn: string;
  readonly name: string;
  readonly capacity: number;
  rules: FakeRules;
  description: string | undefined;
  version: number;
}

const bad = (message: string) => awsError('InvalidRequestException', message);

/** Each stateful rule takes 1. */
const consumed = ({ RulesSource }: FakeRules): number => RulesSource?.StatefulRules?.length ?? 0;

const refuseRules = ({ RulesSource }: FakeRules): void => {
  const { StatefulRules, RulesString } = RulesSource ?? {};
  if (RulesString) return;
  if (StatefulRules === undefined || StatefulRules.length === 0) throw bad('RulesSource must hold at least one rule');
  const sids = new Set<string>();
  for (const { Action, Header, RuleOptions } of StatefulRules) {
    const text = [Header?.Source, Header?.SourcePort, Header?.Destination, Header?.DestinationPort, Header?.Protocol];
    if (!Action || !Header?.Direction || text.some((part) => !part)) throw bad('parameter is invalid: a rule');
    const sid = RuleOptions?.find(({ Keyword }) => Keyword === 'sid')?.Settings?.[0];
    if (sid === undefined || !/^[1-9]\d{0,9}$/.test(sid)) throw bad('parameter is invalid: a rule without a sid');
    if (sids.has(sid)) throw bad(`parameter is invalid: the sid ${sid} is there twice`);
    sids.add(sid);
  }
};

/**
 * Network Firewall that answers DescribeRuleGroup and UpdateRuleGroup: it enforces the token, the capacity, the rule order
 * and that each rule has an id of its own, and sets what an update leaves out to its default.
 * @example
 * ```ts
 * import { createNetworkFirewallOverflow } from '@remedykit/guardduty/network-firewall';
 * import { createFakeNetworkFirewall } from '@remedykit/guardduty/testing';
 * const client = createFakeNetworkFirewall({ ruleGroups: [{ capacity: 10 }] });
 * const overflow = createNetworkFirewallOverflow({ client, ruleGroups: client.ruleGroups });
 * ```
 */
export const createFakeNetworkFirewall = (options: FakeNetworkFirewallOptions = {}): FakeNetworkFirewall => {
  const { accountId = fakeWorld.accountId, region = fakeWorld.region, ruleGroups = [{}] } = options;
  const groups = ruleGroups.map((group): Group => {
    const { name = 'remedykit', capacity = 100, rulesSource = {}, description, ruleOrder = 'STRICT_ORDER' } = group;
    const arn = `arn:aws:network-firewall:${region}:${accountId}:stateful-rulegroup/${name}`;
    const rules = { RulesSource: structuredClone(rulesSource), StatefulRuleOptions: { RuleOrder: ruleOrder } };
    return { arn, name, capacity, rules, description, version: 1 };
  });

  const groupOf = (arn: string | undefined): Group => {
    const group = groups.find((one) => one.arn === arn);
    if (group) return group;
    throw awsError('ResourceNotFoundException', `The rule group ${arn} does not exist.`);
  };
  const tokenOf = ({ name, version }: Group): string => `token-${name}-${version}`;
  const response = (group: Group): object => ({
    RuleGroupArn: group.arn,
    RuleGroupName: group.name,
    RuleGroupId: `id-${group.name}`,
    Type: 'STATEFUL',
    Capacity: group.capacity,
    ConsumedCapacity: consumed(group.rules),
    RuleGroupStatus: 'ACTIVE',
    ...(group.description === undefined ? {} : { Description: group.description }),
  });

  const describe = (group: Group): object => ({
    UpdateToken: tokenOf(group),
    RuleGroup: structuredClone(group.rules),
    RuleGroupResponse: response(group),
  });

  const update = (group: Group, { UpdateToken, RuleGroup, Description }: UpdateInput): object => {
    if (UpdateToken !== tokenOf(group)) throw awsError('InvalidTokenException', 'Update token is invalid.');
    if (RuleGroup === undefined) throw bad('RuleGroup or Rules must be provided');
    const order = RuleGroup.StatefulRuleOptions?.RuleOrder ?? 'DEFAULT_ACTION_ORDER';
    const was = group.rules.StatefulRuleOptions?.RuleOrder;
    if (order !== was) throw bad(`parameter is invalid, parameter: [${was}]`);
    refuseRules(RuleGroup);
    if (consumed(RuleGroup) > group.capacity) throw bad('the rule group exceeds its capacity');
    group.rules = structuredClone(RuleGroup);
    group.description = Description;
    group.version += 1;
    return { UpdateToken: tokenOf(group), RuleGroupResponse: response(group) };
  };

  const transport = createTransport({
    service: 'network-firewall',
    operations: ['DescribeRuleGroup', 'UpdateRuleGroup'],
    perform: (operation, input) => {
      // The SDK's command has typed its input.
      const request = input as UpdateInput;
      const group = groupOf(request.RuleGroupArn);
      return operation === 'DescribeRuleGroup' ? describe(group) : update(group, request);
    },
  });
  const named = (arn: string | undefined): Group => groupOf(arn ?? groups[0]?.arn);
  return {
    ...transport,
    send: transport.send as FakeNetworkFirewall['send'],
    ruleGroups: groups.map(({ arn }) => arn),
    rulesOf: (arn) => structuredClone(named(arn).rules.RulesSource?.StatefulRules ?? []),
    descriptionOf: (arn) => named(arn).description,
    write(rulesSource, arn) {
      const group = named(arn);
      group.rules = { ...group.rules, RulesSource: structuredClone(rulesSource) };
      group.version += 1;
    },
  };
};

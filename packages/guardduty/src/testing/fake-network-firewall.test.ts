import {
  DescribeRuleGroupCommand,
  type DescribeRuleGroupCommandOutput,
  type RuleGroup,
  UpdateRuleGroupCommand,
} from '@aws-sdk/client-network-firewall';
import { describe, expect, it } from 'vitest';
import { newRuleGroup } from '../overflow/network-firewall/rules.ts';
import { createFakeNetworkFirewall } from './fake-network-firewall.ts';

const setUp = (capacity = 10) => {
  const client = createFakeNetworkFirewall({ ruleGroups: [{ capacity, description: 'ours' }] });
  const RuleGroupArn = client.ruleGroups[0];
  const read = (): Promise<DescribeRuleGroupCommandOutput> =>
    client.send(new DescribeRuleGroupCommand({ RuleGroupArn }));
  const write = (UpdateToken: string | undefined, group: RuleGroup): Promise<object> =>
    client.send(new UpdateRuleGroupCommand({ RuleGroupArn, UpdateToken, RuleGroup: group }));
  return { client, read, write };
};

const order = { StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' as const } };
const [rule] = newRuleGroup().RulesSource.StatefulRules ?? [];
const rules = (...list: object[]): RuleGroup => ({
  ...order,
  RulesSource: { StatefulRules: list.map((changes) => ({ ...rule, ...changes })) as never },
});
const sid = (text: string) => ({ RuleOptions: [{ Keyword: 'sid', Settings: [text] }] });

describe('the fake Network Firewall', () => {
  it('takes an update under the token of what was read, once', async () => {
    const { client, read, write } = setUp();
    const { UpdateToken, RuleGroupResponse } = await read();
    expect(RuleGroupResponse).toMatchObject({ Capacity: 10, ConsumedCapacity: 0, Description: 'ours' });
    await write(UpdateToken, rules({}));
    await expect(write(UpdateToken, rules({}))).rejects.toMatchObject({ name: 'InvalidTokenException' });
    expect(await read()).toMatchObject({ RuleGroup: rules({}), RuleGroupResponse: { ConsumedCapacity: 1 } });
    expect(client.descriptionOf()).toBeUndefined();
  });

  it('changes the token when somebody else writes', async () => {
    const { client, read, write } = setUp();
    const { UpdateToken } = await read();
    client.write(newRuleGroup().RulesSource);
    await expect(write(UpdateToken, rules({}))).rejects.toMatchObject({ name: 'InvalidTokenException' });
  });

  it.each([
    ['no rules', { ...order, RulesSource: { StatefulRules: [] } }],
    ['another rule order', { RulesSource: newRuleGroup().RulesSource }],
    ['more than the capacity', rules(sid('1'), sid('2'), sid('3'))],
    ['one id twice', rules(sid('1'), sid('1'))],
    ['a rule without an id', rules({ RuleOptions: [] })],
    ['a rule without a source', rules({ Header: { ...rule?.Header, Source: '' } })],
  ])('refuses %s', async (_title, group) => {
    const { client, read, write } = setUp(2);
    const { UpdateToken } = await read();
    await expect(write(UpdateToken, group)).rejects.toMatchObject({ name: 'InvalidRequestException' });
    expect(client.rulesOf()).toEqual([]);
  });

  it('knows no other group', async () => {
    const { client } = setUp();
    const command = new DescribeRuleGroupCommand({ RuleGroupArn: `${client.ruleGroups[0]}-other` });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

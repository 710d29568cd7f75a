import { expect, it } from 'vitest';
import { internetAddressRanges } from './address-ranges.ts';
import { answersFor, readingsOf } from './answers.ts';
import { createRanges } from './ranges.ts';

const ranges = (...cidrs: string[]) => createRanges(cidrs.map((cidr) => ({ cidr, by: 'somebody' })));
const allowList = ranges('203.0.113.0/24');

it('inventories that were not asked say nothing, and what they do not say is absent', () => {
  expect(answersFor({ cidr: '8.8.8.8/32' }, { allowList }, internetAddressRanges)).toStrictEqual({});
  expect(readingsOf({ allowList })).toEqual({ allowList: allowList.reading });
});

it('the range is asked about as a whole, whether it is routable the host alone', () => {
  const lists = { allowList, vpcCidrs: ranges('2600:1f18:0:1:8000::/80'), partners: ranges('2600:1f18:0:2::/64') };
  const asked = { cidr: '2600:1f18:0:1::/64', host: '2600:1f18:0:1::7/128' };
  expect(answersFor(asked, lists, internetAddressRanges)).toStrictEqual({ vpcCidr: '2600:1f18:0:1:8000::/80' });
});

it('an inventory that was asked and does not hold the address says nothing', () => {
  const others = ranges('203.0.113.0/24');
  const aws = { reading: others.reading, service: () => undefined };
  const lists = {
    allowList,
    partners: others,
    proxies: others,
    vpcCidrs: others,
    ownAddresses: others,
    customerGateways: others,
    trusted: others,
    aws,
    mayBeOurs: () => undefined,
  };
  expect(answersFor({ cidr: '8.8.8.8/32' }, lists, internetAddressRanges)).toStrictEqual({});
  expect(Object.keys(readingsOf(lists))).not.toContain('mayBeOurs');
});

it('what the attacked host trusts counts before customer gateways', () => {
  const lists = { allowList, customerGateways: ranges('8.8.0.0/16'), trusted: ranges('8.8.8.0/24') };
  const { trusted } = answersFor({ cidr: '8.8.8.8/32' }, lists, internetAddressRanges);
  expect(trusted?.cidr).toBe('8.8.8.0/24');
  expect(answersFor({ cidr: '8.8.9.9/32' }, lists, internetAddressRanges).trusted?.cidr).toBe('8.8.0.0/16');
});

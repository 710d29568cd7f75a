import { addTo, hours } from '@remedykit/core';
import { expect, it } from 'vitest';
import { sampleNow as now, sampleRequest } from '../ledger/sample-ledger.ts';
import type { Offender } from '../options.ts';
import { samplePolicy } from '../sample-policy.ts';
import { gatherHolds } from './offenders.ts';

const endedAt = addTo(now, -hours(5));
const history = [
  { cidr: '198.51.100.9/32', blocks: 7, endedAt: addTo(now, -hours(9)) },
  { cidr: '198.51.100.7/32', blocks: 2, endedAt },
];
const first = sampleRequest({ cidr: '198.51.100.8/32' });
const again = sampleRequest();
const hold = (repeatOffender: (offender: Offender) => number, requests = [first, again]) =>
  gatherHolds({ repeatOffender, policy: samplePolicy() }, { history }, requests);

it('asks about those alone that were denied before, with what is known of their past', () => {
  const asked: Offender[] = [];
  const remember = (offender: Offender): number => asked.push(offender) && hours(48);
  expect(hold(remember)).toEqual({ holds: { '198.51.100.7/32': hours(48) } });
  expect(asked).toEqual([
    {
      cidr: '198.51.100.7/32',
      earlierBlocks: 2,
      lastEndedAt: new Date(endedAt),
      findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
      blockFor: hours(24),
    },
  ]);
});

it('is no fact where nobody is a repeat offender, or where the operator says nothing about them', () => {
  expect(hold(() => 1, [first])).toStrictEqual({});
  expect(gatherHolds({ policy: samplePolicy() }, { history }, [again])).toStrictEqual({});
});

it('takes zero for an answer', () => {
  expect(hold(() => 0)).toEqual({ holds: { '198.51.100.7/32': 0 } });
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '3 days', null, undefined])(
  'stops when the answer is no duration: %j',
  (answer) => {
    const wrong = (() => answer) as unknown as () => number;
    expect(() => hold(wrong)).toThrow(expect.objectContaining({ code: 'BLOCKER_OPTION_INVALID' }));
    expect(() => hold(wrong)).toThrow('for 198.51.100.7/32 it answered');
  },
);

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createRanges } from './ranges.ts';

it('G24: asks by addresses, not by text', () => {
  const ranges = createRanges([
    { cidr: '11.2.3.4' },
    { cidr: '2001:DB8::/32', by: 'the first' },
    { cidr: '2001:db8::/32' },
  ]);
  expect(ranges.find('1.2.3.4')).toBeUndefined();
  expect(ranges.find('11.2.3.4')).toEqual({ cidr: '11.2.3.4/32', by: '' });
  expect(ranges.find('::ffff:11.2.3.4')?.cidr).toBe('11.2.3.4/32');
  expect(ranges.find('2001:0db8:0:0::1')).toEqual({ cidr: '2001:db8::/32', by: 'the first' });
  expect(ranges.size).toBe(2);
});

it('G26: a range that cannot be read is an error, not nobody', () => {
  expect(() => createRanges([{ cidr: '010.0.0.1' }])).toThrow(expect.objectContaining({ code: 'CIDR_INVALID' }));
});

it('nothing is found in nothing, and an address of the other family never', () => {
  expect(createRanges([]).find('198.51.100.7')).toBeUndefined();
  expect(createRanges([{ cidr: '::/0' }]).find('198.51.100.7')).toBeUndefined();
  expect(createRanges([{ cidr: '0.0.0.0/0' }]).find('::1')).toBeUndefined();
  expect(createRanges([{ cidr: '0.0.0.0/0' }]).cover('255.255.255.255')?.cidr).toBe('0.0.0.0/0');
  expect(createRanges([{ cidr: '::/0' }]).cover('::/0')?.cidr).toBe('::/0');
});

it('anybody can compute the digest', () => {
  const sorted = ['192.0.2.0/24', '198.51.100.7/32'];
  const digest = createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 32);
  const asOf = new Date('2026-11-24T10:00:00.000Z');
  const cidrs = [{ cidr: '198.51.100.7' }, { cidr: '192.0.2.9/24' }];
  expect(createRanges(cidrs, asOf).reading).toEqual({ asOf: '2026-11-24T10:00:00.000Z', digest });
  expect(createRanges(cidrs).reading).toEqual({ digest });
});

it('covers what a range holds whole, and not what begins before it or ends after it', () => {
  const ranges = createRanges([{ cidr: '198.51.100.128/25' }]);
  expect(ranges.cover('198.51.100.128/26')?.cidr).toBe('198.51.100.128/25');
  expect(ranges.cover('198.51.100.0/24')).toBeUndefined();
  expect(ranges.find('198.51.100.0/24')?.cidr).toBe('198.51.100.128/25');
});

it('of nested ranges that begin alike the widest is found, in whatever order they are given', () => {
  const cidrs = ['198.51.100.0/32', '198.51.100.0/31', '198.51.100.0/30'];
  for (const given of [cidrs, cidrs.toReversed()]) {
    const ranges = createRanges(given.map((cidr) => ({ cidr })));
    for (const host of ['198.51.100.0', '198.51.100.1', '198.51.100.3'])
      expect(ranges.find(host)?.cidr).toBe('198.51.100.0/30');
  }
});

it('finds each of many ranges that are apart, in whatever order they are given', () => {
  const cidrs = ['203.0.113.0/24', '198.51.100.0/24', '2001:db8:2::/48', '192.0.2.0/24', '2001:db8:1::/48'];
  for (const given of [cidrs, cidrs.toSorted(), cidrs.toReversed()]) {
    const ranges = createRanges(given.map((cidr) => ({ cidr })));
    for (const cidr of cidrs) expect(ranges.find(cidr)?.cidr).toBe(cidr);
  }
});

it('of nested ranges the widest is found, also at its end', () => {
  const ranges = createRanges([{ cidr: '198.51.100.1' }, { cidr: '198.51.100.0/31' }, { cidr: '198.51.100.0' }]);
  for (const host of ['198.51.100.0', '198.51.100.1']) expect(ranges.find(host)?.cidr).toBe('198.51.100.0/31');
});

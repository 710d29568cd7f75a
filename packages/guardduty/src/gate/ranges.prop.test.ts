import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalCidr, firstOverlap, within } from './cidr.ts';
import { createRanges } from './ranges.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

/** Few addresses and many lengths, so that ranges nest, touch and repeat. */
const cidr = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255), fc.integer({ min: 0, max: 32 }))
    .map(([third, host, bits]) => `198.51.${third}.${host}/${bits}`),
  fc
    .tuple(fc.constantFrom('0', '1', '8000', 'ffff'), fc.nat(255), fc.integer({ min: 0, max: 128 }))
    .map(([group, host, bits]) => `2001:db8:${group}::${host.toString(16)}/${bits}`),
);

it('finds a range exactly where a walk through all of them does, and of nested ones the widest', () => {
  fc.assert(
    fc.property(fc.array(cidr, { maxLength: 40 }), cidr, (cidrs, asked) => {
      const ranges = createRanges(cidrs.map((one) => ({ cidr: one })));
      const found = ranges.find(asked)?.cidr;
      expect(found !== undefined).toBe(firstOverlap(asked, cidrs) !== undefined);
      if (found !== undefined) {
        expect(cidrs.map(canonicalCidr)).toContain(found);
        expect(cidrs.filter((one) => canonicalCidr(one) !== found && within(found, one))).toEqual([]);
      }
      const cover = ranges.cover(asked)?.cidr;
      expect(cover !== undefined).toBe(cidrs.some((one) => within(asked, one)));
    }),
    { numRuns },
  );
});

it('the digest depends on the addresses and on nothing else', () => {
  fc.assert(
    fc.property(fc.array(cidr, { maxLength: 10 }), cidr, (cidrs, other) => {
      const digestOf = (of: readonly string[]) => createRanges(of.map((one) => ({ cidr: one }))).reading.digest;
      expect(digestOf([...cidrs, ...cidrs].toReversed())).toBe(digestOf(cidrs));
      const isNew = !cidrs.map(canonicalCidr).includes(canonicalCidr(other));
      expect(digestOf([...cidrs, other]) !== digestOf(cidrs)).toBe(isNew);
    }),
    { numRuns },
  );
});

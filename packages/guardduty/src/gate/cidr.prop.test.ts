import { isIP } from 'node:net';
import { isRemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCidr, overlaps, parseCidr, sameCidr, widen, within } from './cidr.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const ipv4Host = fc.ipV4().filter((text) => isIP(text) === 4);
const ipv6Host = fc.ipV6().filter((text) => !text.includes('.'));
const ipv4Cidr = fc.tuple(ipv4Host, fc.integer({ min: 0, max: 32 })).map(([host, bits]) => `${host}/${bits}`);
const ipv6Cidr = fc.tuple(ipv6Host, fc.integer({ min: 0, max: 128 })).map(([host, bits]) => `${host}/${bits}`);
const anyCidr = fc.oneof(ipv4Cidr, ipv6Cidr);

/** Networks close to each other, so that they overlap as often as not. */
const near = fc
  .tuple(fc.constantFrom('198.51.100.', '198.51.101.'), fc.nat(255), fc.integer({ min: 20, max: 32 }))
  .map(([head, last, bits]) => `${head}${last}/${bits}`);

/** The bits of a network as text, by other means than the code under test. */
const bitsOf = (cidr: string): string => {
  const [address, length] = parseCidr(cidr);
  const bytes = address.toByteArray();
  return bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, length);
};

describe('cidr', () => {
  it('has one canonical form, and keeps it', () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        const canonical = canonicalCidr(cidr);
        expect(canonicalCidr(canonical)).toBe(canonical);
        expect(sameCidr(cidr, canonical)).toBe(true);
        expect(bitsOf(canonical)).toBe(bitsOf(cidr));
      }),
      { numRuns },
    );
  });

  it('G24: overlaps exactly where one network is the beginning of the other, whoever is asked', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(near, near), fc.tuple(anyCidr, anyCidr)), ([a, b]) => {
        const [one, other] = [bitsOf(a), bitsOf(b)];
        const sameFamily = parseCidr(a)[0].kind() === parseCidr(b)[0].kind();
        const expected = sameFamily && (one.startsWith(other) || other.startsWith(one));
        expect(overlaps(a, b)).toBe(expected);
        expect(overlaps(b, a)).toBe(expected);
        expect(within(a, b)).toBe(sameFamily && one.startsWith(other));
      }),
      { numRuns },
    );
  });

  it('keeps a host in its own network, however wide', () => {
    fc.assert(
      fc.property(ipv6Host, fc.integer({ min: 0, max: 128 }), (host, bits) => {
        const network = widen(`${host}/128`, bits);
        // The IPv4 part of IPv6 is IPv4 from /96 on, and the host always.
        if (parseCidr(host)[0].kind() === 'ipv6') expect(within(host, network)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('reads only what inet_pton reads, and anything else is a coded error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^[0-9a-fx.:/%]{0,24}$/),
          fc.stringMatching(/^0?\d{1,3}(\.0?\d{1,3}){0,4}(\/\d{1,3})?$/),
        ),
        (text) => {
          try {
            parseCidr(text);
          } catch (error) {
            expect(isRemediationError(error) && error.code).toBe('CIDR_INVALID');
            return;
          }
          expect(isIP(text.split('/')[0] ?? '')).not.toBe(0);
        },
      ),
      { numRuns },
    );
  });
});

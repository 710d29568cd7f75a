import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../state/memory.ts';
import type { Suppression } from './control-document.ts';
import { pause } from './pause.ts';
import { addSuppressions } from './suppression.ts';

const start = new Date('2026-11-24T10:00:00.000Z');
const now = (): Date => start;
const one: Suppression = {
  cidr: '198.51.100.7/32',
  reason: 'partner scanner, CHG-4711',
  requestedBy: 'a.smith',
  until: '2026-12-24T10:00:00.000Z',
};
const many = (count: number): Suppression[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, cidr: `198.51.${index >> 8}.${index & 255}/32` }));

describe('addSuppressions', () => {
  it('adds to what is there and leaves a pause alone', async () => {
    const store = createMemoryStore();
    const pauses = await pause(store, { reason: 'x', requestedBy: 'y', until: 1_000 }, { now });
    await addSuppressions(store, [one], { now });
    const six = { ...one, cidr: '2001:db8::/64' };
    await expect(addSuppressions(store, [six], { now })).resolves.toEqual([one, six]);
    expect((await store.get('control/all'))?.value).toEqual({ schema: 1, pauses, suppressions: [one, six] });
  });

  it('takes the latest reason and end of a range', async () => {
    const store = createMemoryStore();
    await addSuppressions(store, [one], { now });
    const changed = { ...one, reason: 'ends sooner', until: '2026-11-25T10:00:00.000Z' };
    await expect(addSuppressions(store, [changed], { now })).resolves.toEqual([changed]);
  });

  it('drops what has expired', async () => {
    const store = createMemoryStore();
    await addSuppressions(store, [one], { now });
    const later = (): Date => new Date(one.until);
    await expect(addSuppressions(store, [], { now: later })).resolves.toEqual([]);
  });

  it('stores the documented fields alone', async () => {
    const store = createMemoryStore();
    const given = { ...one, until: '2026-12-24T11:00:00+01:00', secret: 'no' };
    await expect(addSuppressions(store, [given], { now })).resolves.toEqual([one]);
  });

  it('holds 500 of one account, with the longest texts, and refuses the next whole', async () => {
    const store = createMemoryStore();
    const options = { accountId: '111122223333', now };
    const full = many(500).map((suppression) => ({
      ...suppression,
      reason: 'r'.repeat(256),
      requestedBy: 'q'.repeat(128),
    }));
    await expect(addSuppressions(store, full, options)).resolves.toHaveLength(500);
    await expect(addSuppressions(store, [{ ...one, cidr: '203.0.113.1/32' }], options)).rejects.toMatchObject({
      code: 'SUPPRESSIONS_FULL',
    });
    await expect(addSuppressions(store, [], options)).resolves.toHaveLength(500);
  });

  it.each(['10.0.0.0/8', '0.0.0.0/0', '2001:db8::/128', '::ffff:198.51.100.7/128', '::FFFF:198.51.100.7/128'])(
    'takes %s',
    async (cidr) => {
      await expect(addSuppressions(createMemoryStore(), [{ ...one, cidr }], { now })).resolves.toMatchObject([
        { cidr },
      ]);
    },
  );

  it.each<[string, Partial<Suppression>]>([
    ['an address without length', { cidr: '198.51.100.7' }],
    ['a length that is too long', { cidr: '198.51.100.7/33' }],
    ['a length with a leading zero', { cidr: '198.51.100.7/032' }],
    ['IPv4 inside IPv6 that readers take for different addresses', { cidr: '::198.51.100.7/128' }],
    ['IPv4 behind a prefix of its own', { cidr: '2001:db8::ffff:198.51.100.7/128' }],
    ['IPv4 behind more than ::ffff:', { cidr: '::ffff:1:198.51.100.7/128' }],
    ['something before the address', { cidr: 'x%198.51.100.7/32' }],
    ['an IPv6 length that is too long', { cidr: '2001:db8::/129' }],
    ['no address', { cidr: 'office/24' }],
    ['a zone', { cidr: 'fe80::1%eth0/64' }],
    ['no reason', { reason: '' }],
    ['nobody', { requestedBy: '' }],
    ['the past', { until: '2026-11-24T10:00:00.000Z' }],
    ['no instant', { until: 'never' }],
  ])('refuses %s', async (_, change) => {
    await expect(addSuppressions(createMemoryStore(), [{ ...one, ...change }], { now })).rejects.toMatchObject({
      code: 'SUPPRESSION_INVALID',
    });
  });
});

import { isRemediationError, type Json, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { covers, ledgerKey, type Match, sameMatch, shortId } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { sampleClaim, sampleLedger, sampleLedgerId, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const key = ledgerKey(sampleLedgerId);

const full = sampleLedger({
  slots: [sampleSlot(), sampleClaim(0, { ruleNumber: 11, cidr: '2001:db8::/64' })],
  unplaced: [sampleUnplaced()],
  unplacedOmitted: 3,
  suppressions: [
    { cidr: '203.0.113.0/24', reason: 'partner', requestedBy: 'a.smith', until: '2026-12-01T00:00:00.000Z' },
  ],
  writes: { bucketMs: 300_000, buckets: [{ start: '2026-11-24T10:00:00.000Z', count: 2 }] },
});

const errorOf = (value: Json, at = key): { code: string; message: string; retryable: boolean } => {
  try {
    parseLedger(value, at);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
  throw new Error('it was taken for a ledger');
};

/** The full ledger with one thing changed, as no type would let it be. */
const changed = (change: (ledger: Record<string, unknown> & { slots: Record<string, unknown>[] }) => unknown): Json => {
  const copy = structuredClone(toJson(full)) as never;
  change(copy);
  return copy;
};

describe('parseLedger', () => {
  it('takes a ledger with everything in it, and changes nothing', () => {
    expect(parseLedger(toJson(full), key)).toEqual(full);
  });

  it('refuses to touch what a newer library wrote, and says that an update helps', () => {
    const error = errorOf({ ...(toJson(full) as object), schema: 2, somethingNew: true });
    expect(error).toMatchObject({ code: 'LEDGER_NEWER', retryable: true });
    expect(error.message).toContain(key);
  });

  it.each<[string, (ledger: never) => unknown]>([
    ['no schema', (l: Record<string, unknown>) => delete l.schema],
    ['schema 0', (l: Record<string, unknown>) => (l.schema = 0)],
    ['schema as text', (l: Record<string, unknown>) => (l.schema = '2')],
    ['an extra field', (l: Record<string, unknown>) => (l.extra = 1)],
    ['no slots', (l: Record<string, unknown>) => delete l.slots],
    ['an unknown direction', (l: Record<string, unknown>) => (l.direction = 'both')],
    ['a negative counter', (l: Record<string, unknown>) => (l.unplacedOmitted = -1)],
    ['a window of length 0', (l: Record<string, unknown>) => (l.writes = { bucketMs: 0, buckets: [] })],
    [
      'a negative count',
      (l: Record<string, unknown>) =>
        (l.writes = { bucketMs: 1, buckets: [{ start: '2026-11-24T10:00:00Z', count: -9 }] }),
    ],
    [
      'a suppression of no range',
      (l: Record<string, unknown>) =>
        (l.suppressions = [{ cidr: 'all', reason: 'r', requestedBy: 'a', until: '2026-12-01T00:00:00Z' }]),
    ],
  ])('sets aside a document with %s', (_, change) => {
    expect(errorOf(changed(change as never))).toMatchObject({ code: 'LEDGER_INVALID', retryable: false });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an extra field', { extra: 1 }],
    ['rule number 0', { ruleNumber: 0 }],
    ['a reserved rule number', { ruleNumber: 32_767 }],
    ['half a rule number', { ruleNumber: 10.5 }],
    ['an unknown status', { status: 'gone' }],
    ['an address without prefix', { cidr: '198.51.100.7' }],
    ['an address that is none', { cidr: '1.2.3/24' }],
    ['host bits in its CIDR', { cidr: '198.51.100.7/24' }],
    ['another spelling of its CIDR', { cidr: '2001:db8:0::/64' }],
    ['a prefix that is too long', { cidr: '198.51.100.7/33' }],
    ['another protocol', { protocol: '1' }],
    ['ports that end before they begin', { ports: { from: 80, to: 22 } }],
    ['a port beyond the last', { ports: { from: 1, to: 65_536 } }],
    ['ports of all protocols', { protocol: '-1' }],
    ['an end that is no time', { expiresAt: 'never' }],
    ['an end on no day', { expiresAt: '2026-99-99T99:99:99Z' }],
    ['a lease that ends at no time', { lease: { owner: 'o', until: '2026-13-01T00:00:00Z' } }],
    ['no hits at all', { hits: -1 }],
    ['null for ports', { ports: null }],
  ])('sets aside a slot with %s', (_, change) => {
    const document = changed(({ slots }) => Object.assign(slots[0] ?? {}, change));
    expect(errorOf(document)).toMatchObject({ code: 'LEDGER_INVALID', retryable: false });
  });

  it('sets aside two slots with one rule number: one of them is not in EC2', () => {
    const error = errorOf(changed(({ slots }) => Object.assign(slots[1] ?? {}, { ruleNumber: 10 })));
    expect(error.code).toBe('LEDGER_INVALID');
    expect(error.message).toContain('two slots with one rule number');
  });

  it.each([
    { ...sampleLedgerId, accountId: '444455556666' },
    { ...sampleLedgerId, region: 'eu-west-2' },
    { ...sampleLedgerId, networkAclId: 'acl-other' },
    { ...sampleLedgerId, direction: 'egress' as const },
  ])('G17: sets aside a ledger that is stored under the key of another network ACL', (other) => {
    expect(errorOf(toJson(full), ledgerKey(other)).code).toBe('LEDGER_INVALID');
  });

  it.each<Json>([null, 1, 'x', true, [], {}, [[]], { schema: null }])('sets aside %j', (value) => {
    expect(errorOf(value).code).toBe('LEDGER_INVALID');
  });
});

describe('matches', () => {
  const match = (cidr: string, protocol: Match['protocol'], from?: number, to = from): Match => ({
    cidr,
    protocol,
    ...(from === undefined || to === undefined ? {} : { ports: { from, to } }),
  });
  const ssh = match('198.51.100.7/32', '6', 22);

  it.each([
    [match('198.51.100.7/32', '6', 22), true],
    [match('198.51.100.7/32', '6', 20, 30), true],
    [match('198.51.100.7/32', '6'), true],
    [match('198.51.100.7/32', '-1'), true],
    [match('198.51.100.7/32', '17'), false],
    [match('198.51.100.7/32', '17', 22), false],
    [match('198.51.100.7/32', '6', 23), false],
    [match('198.51.100.70/32', '-1'), false],
    [match('98.51.100.7/32', '-1'), false],
  ])('G25: %j covers SSH from 198.51.100.7: %s', (outer, expected) => {
    expect(covers(outer, ssh)).toBe(expected);
  });

  it('does not take some ports for all', () => {
    expect(covers(ssh, match('198.51.100.7/32', '6'))).toBe(false);
    expect(covers(ssh, match('198.51.100.7/32', '-1'))).toBe(false);
    expect(covers(ssh, match('198.51.100.7/32', '6', 22, 23))).toBe(false);
  });

  it('tells matches apart by each of their parts', () => {
    expect(sameMatch(ssh, { ...ssh })).toBe(true);
    for (const other of [
      match('198.51.100.8/32', '6', 22),
      match('198.51.100.7/32', '17', 22),
      match('198.51.100.7/32', '6', 22, 23),
      match('198.51.100.7/32', '6', 21, 22),
      match('198.51.100.7/32', '6'),
    ])
      expect(sameMatch(ssh, other)).toBe(false);
  });
});

describe('shortId', () => {
  it('leaves an id of GuardDuty as it is, and bounds any other', () => {
    const id = '4ec1f0c2a1b0c7d8e9f0011223344556';
    expect(shortId(id)).toBe(id);
    expect(shortId('é"\\\u0000\n 😀'.repeat(100))).toMatch(/^_{48}$/);
  });
});

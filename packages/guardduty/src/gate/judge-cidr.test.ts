import { describe, expect, it } from 'vitest';
import type { AddressAnswers } from './answers.ts';
import { type GateFacts, judgeCidr, protectionOf } from './judge-cidr.ts';

const range = { cidr: '198.51.100.0/24', by: 'somebody' };
const suppressed = { cidr: '198.51.100.7/32', until: '2026-12-01T00:00:00.000Z', requestedBy: 'a.smith' };

/** In the order in which they count. */
const protections: [string, AddressAnswers][] = [
  ['behind-proxy', { proxy: range }],
  ['reserved', { specialRange: 'private' }],
  ['allow-listed', { allowListed: '198.51.100.0/24' }],
  ['partner-listed', { partnerListed: range }],
  ['vpc-cidr', { vpcCidr: '198.51.100.0/24' }],
  ['own-address', { ownAddress: '198.51.100.7/32' }],
  ['explicitly-trusted', { trusted: range }],
  ['aws-service-range', { awsService: '198.51.100.0/24' }],
  ['suppressed', { suppressed }],
];

describe('protectionOf', () => {
  it.each(protections)('%s', (reason, answers) => {
    const protection = protectionOf(answers, 'ingress');
    expect(protection).toMatchObject({ reason, verdict: reason === 'behind-proxy' ? 'escalated' : 'refused' });
    expect(protection?.because).toMatch(/198\.51\.100|private/);
  });

  it('the first that applies counts', () => {
    for (let from = 0; from < protections.length; from += 1) {
      const all = Object.assign({}, ...protections.slice(from).map(([, answers]) => answers));
      expect(protectionOf(all, 'both')?.reason).toBe(protections[from]?.[0]);
    }
  });

  it('says on which side the proxy is', () => {
    expect(protectionOf({ proxy: range }, 'ingress')?.because).toMatch(/^The source/);
    expect(protectionOf({ proxy: range }, 'egress')?.because).toMatch(/^The destination/);
  });

  it('nothing protects whom nobody knows, and that he may be ours is no protection', () => {
    expect(protectionOf({}, 'ingress')).toBeUndefined();
    expect(protectionOf({ mayBeOurs: range }, 'ingress')).toBeUndefined();
  });
});

describe('judgeCidr', () => {
  const facts = (answers: AddressAnswers, more: Partial<GateFacts> = {}): GateFacts => ({
    inventories: {},
    answers: { '198.51.100.7/32': answers },
    ...more,
  });

  it.each(protections)('now-protected: %s', (reason, answers) => {
    const judged = judgeCidr('198.51.100.7/32', 'ingress', facts(answers));
    expect(judged).toEqual({ reason, because: expect.any(String) });
  });

  it('releases nobody of whom nothing is known', () => {
    expect(judgeCidr('198.51.100.7/32', 'ingress', facts({}))).toBeUndefined();
    expect(judgeCidr('198.51.100.8/32', 'ingress', facts({ vpcCidr: '198.51.100.0/24' }))).toBeUndefined();
  });

  it('releases nobody because an inventory cannot be had', () => {
    expect(judgeCidr('198.51.100.7/32', 'egress', facts({}, { problem: 'THROTTLED: no' }))).toBeUndefined();
  });
});

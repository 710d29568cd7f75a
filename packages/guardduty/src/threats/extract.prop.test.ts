import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, FindingAction, LocalEnd, RemoteAddress } from '../finding.ts';
import { findingTypes } from '../finding-types.ts';
import { extractThreats } from './extract.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const defined = <Shape extends object>(shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape; // Only drops absent keys.

const remote: fc.Arbitrary<RemoteAddress> = fc
  .record({ ipv4: optional(fc.oneof(fc.ipV4(), fc.string())), ipv6: optional(fc.oneof(fc.ipV6(), fc.string())) })
  .map((each) => defined(each) as RemoteAddress);
const local: fc.Arbitrary<LocalEnd> = fc
  .record({ port: optional(fc.integer({ min: 0, max: 65_535 })), ipv4: optional(fc.ipV4()) })
  .map((each) => defined(each) as LocalEnd);

const action: fc.Arbitrary<FindingAction | undefined> = fc.oneof(
  fc
    .record({
      kind: fc.constant('network-connection' as const),
      direction: fc.constantFrom('INBOUND' as const, 'OUTBOUND' as const, 'UNKNOWN' as const),
      protocol: fc.constantFrom('TCP', 'UDP', 'ICMP'),
      blocked: fc.boolean(),
      local,
      remote,
    })
    .map((each): FindingAction => each),
  fc.record({
    kind: fc.constant('port-probe' as const),
    blocked: fc.boolean(),
    probes: fc.array(fc.record({ local, remote }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('aws-api-call' as const), remotes: fc.array(remote, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('other' as const), actionType: fc.string(), remotes: fc.array(remote) }),
  fc.record({ kind: fc.constant('dns-request' as const), blocked: fc.boolean() }),
  fc.constant(undefined),
);

const facts = (type: string) => findingTypes.find((each) => each.type === type);
const knownType = fc.constantFrom(...findingTypes.map(({ type }) => type));
const role = fc.oneof(fc.constantFrom('TARGET', 'ACTOR', 'SOURCE', undefined), fc.string());

const findingOf = (type: string, resourceRole: string | undefined, seen: FindingAction | undefined): Finding => ({
  id: 'f1',
  type,
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  severity: 5,
  sample: false,
  archived: false,
  provenance: { channel: 'eventbridge' },
  ...(resourceRole === undefined ? {} : { resourceRole }),
  ...(seen === undefined ? {} : { action: seen }),
});

const blocked = (finding: Finding) => extractThreats(finding).filter(({ verdict }) => verdict === 'block');

describe('extractThreats', () => {
  it('G14: never denies anybody inbound for what our own host did', () => {
    fc.assert(
      fc.property(fc.oneof(knownType, fc.string()), action, (type, seen) => {
        for (const threat of blocked(findingOf(type, 'ACTOR', seen)))
          expect(threat).toMatchObject({ direction: 'egress' });
      }),
      { numRuns },
    );
  });

  it('never blocks on an unknown type, role or direction', () => {
    fc.assert(
      fc.property(fc.oneof(knownType, fc.string()), role, action, (type, resourceRole, seen) => {
        const known = facts(type) !== undefined;
        const roleKnown = resourceRole === 'TARGET' || resourceRole === 'ACTOR';
        const directed =
          seen?.kind === 'port-probe' || (seen?.kind === 'network-connection' && seen.direction !== 'UNKNOWN');
        if (known && roleKnown && directed) return;
        expect(blocked(findingOf(type, resourceRole, seen))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('gives at least one threat, each address once, and asks a person wherever one was to be blocked and is not', () => {
    fc.assert(
      fc.property(knownType, role, action, (type, resourceRole, seen) => {
        const threats = extractThreats(findingOf(type, resourceRole, seen));
        expect(threats.length).toBeGreaterThan(0);
        const addresses = threats.flatMap(({ address }) => address ?? []);
        expect(new Set(addresses).size).toBe(addresses.length);
        if (facts(type)?.verdict === 'ignore' && !facts(type)?.escalate) return;
        for (const threat of threats) if (threat.verdict === 'ignore') expect(threat.escalate).toBe(true);
      }),
      { numRuns },
    );
  });
});

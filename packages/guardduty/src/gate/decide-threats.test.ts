import { addTo, hours, minutes, replay, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { naclDeciders } from '../nacl/deciders.ts';
import type { BlockerPolicy } from '../nacl/policy.ts';
import { samplePolicy } from '../nacl/sample-policy.ts';
import { blackholeTraffic, portProbe, rdpBruteForce, sshBruteForce, torIpCaller } from '../testing/findings.ts';
import { extractThreats } from '../threats/extract.ts';
import type { AddressThreat } from '../threats/threat.ts';
import {
  type AddressAnswers,
  type Authority,
  decideThreats,
  denyCidr,
  judgeWhole,
  sightingOf,
  type ThreatsFacts,
  type ThreatsPlan,
} from './decide-threats.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const seen = new Date('2026-11-24T09:50:00.000Z');

const without = <T extends object, K extends keyof T>(from: T, ...keys: K[]): Omit<T, K> => {
  const rest = { ...from };
  for (const key of keys) delete rest[key];
  return rest;
};

const factsOf = (finding: Finding, overrides: Partial<ThreatsFacts> = {}): ThreatsFacts => ({
  finding,
  accountListed: true,
  authority: 'granted',
  onlyInEvent: [],
  inventories: { vpcCidrs: { asOf: now.toISOString(), digest: '0' } },
  answers: Object.fromEntries(extractThreats(finding).flatMap(({ address }) => (address ? [[address, {}]] : []))),
  ...overrides,
});

const decide = (
  finding: Finding,
  overrides: Partial<ThreatsFacts> = {},
  policy: BlockerPolicy = samplePolicy(),
  at: Date = now,
): ThreatsPlan => {
  const facts = factsOf(finding, overrides);
  const plan = decideThreats(facts, policy, at);
  const record = {
    schema: 1,
    id: 'a1',
    at: at.toISOString(),
    library: 'test',
    decider: 'nacl/threats',
    facts: toJson(facts),
    policy: toJson(policy),
    plan: toJson(plan),
    outcomes: [],
    correlation: { runId: 'r1' },
  } as const;
  // Every decision of these tests goes through JSON and comes out the same.
  expect(replay(record, naclDeciders).differences).toEqual([]);
  return plan;
};

const saidOf = ({ judged }: ThreatsPlan): string[] =>
  judged.map(({ threat, verdict, reason }) => `${threat.address ?? '-'} ${verdict} ${reason}`);

const ssh = (options: Parameters<typeof sshBruteForce>[0] = {}) =>
  sshBruteForce({ from: '198.51.100.7', at: seen, ...options });

describe('decideThreats: the finding as a whole', () => {
  it('denies the attacked port of a brute force until a block counted from its last sighting ends', () => {
    const { steps, judged, refused, escalate } = decide(ssh());
    expect(steps).toEqual([
      expect.objectContaining({
        action: 'deny',
        egress: false,
        cidr: '198.51.100.7/32',
        protocol: '6',
        runs: [{ from: 22, to: 22 }],
        omittedRuns: [],
        expiresAt: addTo(seen, hours(24)),
        spoofable: false,
        precondition: { eventLastSeen: seen.toISOString() },
      }),
    ]);
    expect(judged).toMatchObject([{ verdict: 'deny', reason: 'brute-force', stepIds: steps.map(({ id }) => id) }]);
    expect(refused).toEqual([]);
    expect(escalate).toBe(false);
  });

  it('G28: takes a finding of the lowest severity, and does no more on it than on the highest', () => {
    const low = decide(ssh({ severity: 1, id: 'f1' }));
    const high = decide(ssh({ severity: 9, id: 'f1' }));
    expect(low.steps).toEqual(high.steps);
    expect(low.steps).toHaveLength(1);
  });

  it('G23: never denies for a sample, whatever else is true of it', () => {
    const finding: Finding = {
      ...without(ssh({ sample: true, archived: true }), 'eventLastSeen', 'updatedAt'),
      accountId: '444455556666',
    };
    const plan = decide(finding, {
      accountListed: false,
      authority: 'untrusted-channel',
      inventoryProblem: 'THROTTLED',
      answers: {},
    });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 refused sample']);
    expect(plan.steps).toEqual([]);
    expect(plan.escalate).toBe(false);
  });

  it('says that it is a sample also of a type that calls nobody', () => {
    const quiet: Finding = {
      ...ssh({ sample: true }),
      type: 'Discovery:S3/AnomalousBehavior',
      action: { kind: 'aws-api-call', remotes: [{ ipv4: '198.51.100.7' }] },
    };
    expect(saidOf(decide(quiet))).toEqual(['198.51.100.7/32 refused sample']);
    expect(saidOf(decide({ ...quiet, sample: false }, { authority: 'untrusted-channel' }))).toEqual([
      '198.51.100.7/32 ignored looked-around',
    ]);
  });

  it('writes nothing in the management account, listed or not', () => {
    const policy = samplePolicy({ managementAccountId: ssh().accountId });
    const plan = decide(ssh(), {}, policy);
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 refused management-account']);
    expect(plan.steps).toEqual([]);
    expect(decide(ssh(), {}, samplePolicy({ managementAccountId: '444455556666' })).steps).toHaveLength(1);
  });

  it('takes a sighting whose block would have ended for stale as a whole, to the millisecond', () => {
    const short = samplePolicy({ blockFor: minutes(10) });
    const whole = (at: Date) => judgeWhole(factsOf(ssh()), short, at)?.reason;
    expect(whole(now)).toBe('stale');
    expect(whole(new Date(now.getTime() - 1))).toBeUndefined();
  });

  it('names its steps by finding, address and direction, and gives no step to who is not denied', () => {
    const inbound = decide(ssh({ id: 'f1' }));
    expect(inbound.steps.map(({ id }) => id)).toEqual(['f1/198.51.100.7/32/ingress']);
    const outbound = decide({ ...blackholeTraffic({ to: '203.0.113.66', at: seen }), id: 'f2' });
    expect(outbound.steps.map(({ id }) => id)).toEqual(['f2/203.0.113.66/32/egress']);
    const [threat] = extractThreats(ssh());
    if (threat?.address === undefined) throw new Error('the finding names an address');
    const none = decide(ssh({ sample: true }), { onlyInEvent: [{ threat, reason: 'unverified' }] });
    expect(none.judged.map(({ stepIds }) => stepIds)).toEqual([[], []]);
    const portless = portProbe({ from: '198.51.100.9', at: seen });
    const action = {
      kind: 'port-probe',
      blocked: false,
      probes: [{ remote: { ipv4: '198.51.100.9' }, local: {} }],
    } as const;
    expect(decide({ ...portless, action }).judged).toMatchObject([{ reason: 'no-port', stepIds: [] }]);
  });

  it('G23: never denies for an archived finding, and wakes nobody for it', () => {
    const plan = decide(blackholeTraffic({ to: '203.0.113.66', at: seen, archived: true }), { accountListed: false });
    expect(saidOf(plan)).toEqual(['203.0.113.66/32 refused archived']);
    expect(plan.escalate).toBe(false);
  });

  it('refuses an account that is not listed before asking where the finding came from', () => {
    const plan = decide(ssh(), { accountListed: false, authority: 'untrusted-channel' });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 refused account-not-listed']);
  });

  it.each<[Authority, string]>([
    ['untrusted-channel', 'escalated untrusted-channel'],
    ['missing', 'failed unverified'],
  ])('denies nothing without authority: %s', (authority, said) => {
    const plan = decide(ssh({ at: new Date('2020-01-01T00:00:00Z') }), { authority, inventoryProblem: 'X: y' });
    expect(saidOf(plan)).toEqual([`198.51.100.7/32 ${said}`]);
    expect(plan.steps).toEqual([]);
  });

  it.each<Authority>(['granted', 'not-needed', 'pending'])('decides with authority: %s', (authority) => {
    expect(decide(ssh(), { authority }).steps).toHaveLength(1);
  });

  it('G26: blocks nothing and asks for a retry when who is ours is not known', () => {
    const plan = decide(ssh(), { inventoryProblem: 'THROTTLED: Rate exceeded', answers: {} });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 failed facts-unavailable']);
    expect(plan.judged[0]?.because).toContain('THROTTLED');
    expect(plan.steps).toEqual([]);
  });

  it('G26: refuses who is protected in any case, whatever else cannot be had', () => {
    const answers = { '198.51.100.7/32': { allowListed: '198.51.100.0/24' } };
    const plan = decide(ssh(), { inventoryProblem: 'THROTTLED: Rate exceeded', answers });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 refused allow-listed']);
  });

  it('G26: with AWS’s ranges in place of own addresses, denies who cannot be ours and no other', () => {
    const ownAddressesProblem = 'OWN_ADDRESSES_STALE: three days old';
    const mayBeOurs = { cidr: '198.51.100.0/24', by: 'EC2' };
    const open = decide(ssh(), { ownAddressesProblem });
    expect(saidOf(open)).toEqual(['198.51.100.7/32 deny brute-force']);
    const plan = decide(ssh(), { ownAddressesProblem, answers: { '198.51.100.7/32': { mayBeOurs } } });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 failed facts-unavailable']);
    expect(plan.judged[0]?.because).toContain('three days old');
    expect(plan.judged[0]?.because).toContain('198.51.100.0/24 of EC2');
    expect(plan.steps).toEqual([]);
  });

  it('G26: blocks nothing when there is no answer about just this address', () => {
    const probe = portProbe({ at: seen, addresses: [{ address: '198.51.100.7' }, { address: '198.51.100.8' }] });
    const plan = decide(probe, { answers: { '198.51.100.8/32': {} } });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 failed facts-unavailable', '198.51.100.8/32 deny port-probe']);
  });
});

describe('decideThreats: stale findings', () => {
  const verdictAt = (age: number, policy = samplePolicy()) =>
    saidOf(decide(ssh({ at: new Date(now.getTime() - age) }), {}, policy))[0]?.replace('198.51.100.7/32 ', '');

  it.each([
    ['at once', 0, 'deny brute-force'],
    ['just not too old', hours(12), 'deny brute-force'],
    ['too old', hours(12) + 1, 'escalated stale'],
    ['as far in the future as clocks differ', -minutes(5), 'deny brute-force'],
    ['in the future', -minutes(5) - 1, 'escalated stale'],
  ])('%s', (_, age, said) => {
    expect(verdictAt(age)).toBe(said);
  });

  it('does not make a block that would have ended already', () => {
    const short = samplePolicy({ blockFor: hours(2) });
    expect(verdictAt(hours(2) - 1, short)).toBe('deny brute-force');
    expect(verdictAt(hours(2), short)).toBe('escalated stale');
  });

  it('does not make a block that ended already because the evidence could be forged', () => {
    const at = new Date(now.getTime() - hours(1));
    const plan = decide(portProbe({ from: '198.51.100.9', at }));
    expect(saidOf(plan)).toEqual(['198.51.100.9/32 escalated stale']);
    expect(plan.steps).toEqual([]);
    expect(plan.escalate).toBe(true);
  });

  it('calls nobody on a type on which nothing is done, stale or not', () => {
    const quiet: Finding = { ...ssh(), type: 'Policy:S3/AccountBlockPublicAccessDisabled' };
    for (const overrides of [{}, { authority: 'untrusted-channel' }] as const) {
      const plan = decide({ ...quiet, eventLastSeen: '2026-11-01T00:00:00.000Z' }, overrides);
      expect(plan.judged.map(({ verdict }) => verdict)).toEqual(['ignored']);
      expect(plan.escalate).toBe(false);
    }
  });

  it('takes updatedAt where there is no eventLastSeen, and neither for stale', () => {
    const finding = without(ssh(), 'eventLastSeen');
    expect(decide({ ...finding, updatedAt: seen.toISOString() }).steps[0]?.expiresAt).toBe(addTo(seen, hours(24)));
    expect(saidOf(decide(without(finding, 'updatedAt')))).toEqual(['198.51.100.7/32 escalated stale']);
  });

  it.each(['yesterday', '', '2026-02-30T25:00:00Z'])('takes a time that is none for stale: %j', (eventLastSeen) => {
    expect(saidOf(decide({ ...ssh(), eventLastSeen }))).toEqual(['198.51.100.7/32 escalated stale']);
  });

  it('stores the time of the sighting in one form', () => {
    expect(sightingOf({ ...ssh(), eventLastSeen: '2026-11-24T10:50:00+01:00' })).toBe(seen.toISOString());
  });
});

describe('decideThreats: who an address belongs to', () => {
  const answered = (answers: AddressAnswers) => decide(ssh(), { answers: { '198.51.100.7/32': answers } });
  const suppressed = { cidr: '198.51.100.0/24', until: '2026-12-01T00:00:00.000Z', requestedBy: 'a.smith' };

  it.each<[AddressAnswers, string]>([
    [{ specialRange: 'private' }, 'reserved'],
    [{ allowListed: '198.51.100.0/24' }, 'allow-listed'],
    [{ vpcCidr: '198.51.0.0/16' }, 'vpc-cidr'],
    [{ ownAddress: '198.51.100.7' }, 'own-address'],
    [{ suppressed }, 'suppressed'],
  ])('G23: refuses with %j as %s', (answers, reason) => {
    const plan = answered(answers);
    expect(saidOf(plan)).toEqual([`198.51.100.7/32 refused ${reason}`]);
    expect(plan.steps).toEqual([]);
    expect(plan.escalate).toBe(false);
  });

  it('names the range that matched, and who suppressed it', () => {
    expect(answered({ allowListed: '198.51.100.0/24' }).judged[0]?.because).toContain('198.51.100.0/24');
    expect(answered({ suppressed }).judged[0]?.because).toContain('a.smith');
  });

  it('gives the strongest reason where there are several', () => {
    const all = { specialRange: 'private', allowListed: 'a', vpcCidr: 'b', ownAddress: 'c', suppressed };
    expect(saidOf(answered(all))).toEqual(['198.51.100.7/32 refused reserved']);
    expect(saidOf(answered({ vpcCidr: 'b', ownAddress: 'c', suppressed }))).toEqual([
      '198.51.100.7/32 refused vpc-cidr',
    ]);
  });

  it('G20, G23: refuses one address of a probe and denies the others', () => {
    const probe = portProbe({
      at: seen,
      addresses: [{ address: '198.51.100.7' }, { address: '203.0.113.9' }, { address: '198.51.100.8' }],
    });
    const answers = {
      '198.51.100.7/32': {},
      '203.0.113.9/32': { allowListed: '203.0.113.0/24' },
      '198.51.100.8/32': {},
    };
    const plan = decide(probe, { answers });
    expect(plan.steps.map(({ cidr }) => cidr)).toEqual(['198.51.100.7/32', '198.51.100.8/32']);
    expect(saidOf(plan)[1]).toBe('203.0.113.9/32 refused allow-listed');
  });
});

describe('decideThreats: read back', () => {
  const [threat] = extractThreats(ssh({ from: '198.51.100.66' })).filter(
    (each): each is AddressThreat => each.address !== undefined,
  );

  it.each(['unverified', 'superseded'] as const)('says what is only in the event: %s', (reason) => {
    if (threat === undefined) throw new Error('the finding has a threat');
    const plan = decide(ssh(), { onlyInEvent: [{ threat, reason }] });
    expect(saidOf(plan)).toEqual(['198.51.100.7/32 deny brute-force', `198.51.100.66/32 not-blocked ${reason}`]);
    expect(plan.steps.map(({ cidr }) => cidr)).toEqual(['198.51.100.7/32']);
    expect(plan.escalate).toBe(true);
  });
});

describe('decideThreats: direction and escalation', () => {
  it('G14, G15: never denies the victim of our own host, and says so', () => {
    const plan = decide(sshBruteForce({ to: '203.0.113.20', role: 'ACTOR', at: seen }));
    expect(saidOf(plan)).toEqual(['203.0.113.20/32 escalated our-host-attacks']);
    expect(plan.steps).toEqual([]);
    expect(plan.escalate).toBe(true);
  });

  it('G16: denies all ports of an outbound contact on the way out, and has a person look', () => {
    const plan = decide(blackholeTraffic({ to: '203.0.113.66', at: seen }));
    expect(plan.steps).toMatchObject([{ egress: true, cidr: '203.0.113.66/32', protocol: '-1', runs: [] }]);
    expect(plan.escalate).toBe(true);
  });

  it('escalates what names no address', () => {
    const finding = without(ssh(), 'action');
    const plan = decide(finding);
    expect(saidOf(plan)).toEqual(['- escalated no-address']);
    expect(plan.escalate).toBe(true);
  });
});

describe('decideThreats: ports', () => {
  const local = (port?: number) => ({ ...(port === undefined ? {} : { port }), ipv4: '10.0.1.10' });
  const connection = (finding: Finding, change: { port?: number; protocol?: string | undefined }): Finding => {
    const { action } = finding;
    if (action?.kind !== 'network-connection') throw new Error('the finding is about a connection');
    const { protocol = 'protocol' in change ? undefined : action.protocol } = change;
    return {
      ...finding,
      action: { ...without(action, 'protocol'), ...(protocol ? { protocol } : {}), local: local(change.port) },
    };
  };
  const deniedBy = (finding: Finding, policy = samplePolicy()) => {
    const plan = decide(finding, {}, policy);
    return (
      plan.steps.map(
        ({ protocol, runs }) => `${protocol} ${runs.map(({ from, to }) => `${from}-${to}`).join(',') || 'all'}`,
      )[0] ?? saidOf(plan)[0]
    );
  };

  it.each([
    ['the port that was attacked, though it is not the usual one', ssh({ port: 2222 }), '6 2222-2222'],
    ["the type's own port where none is named", connection(ssh(), {}), '6 22-22'],
    [
      "the type's own port where none is named",
      connection(rdpBruteForce({ from: '198.51.100.7', at: seen }), {}),
      '6 3389-3389',
    ],
    ['TCP where no protocol is named', connection(ssh(), { port: 22, protocol: undefined }), '6 22-22'],
    ['TCP and the own port where neither is named', connection(ssh(), { protocol: undefined }), '6 22-22'],
    [
      'all ports where the type has none of its own',
      connection(torIpCaller({ from: '198.51.100.7', at: seen }), {}),
      '-1 all',
    ],
    ['UDP where it was UDP', connection(ssh(), { port: 22, protocol: 'UDP' }), '17 22-22'],
    [
      'nothing where the protocol has no ports',
      connection(ssh(), { protocol: 'ICMP' }),
      '198.51.100.7/32 escalated no-port',
    ],
    [
      'nothing where forgeable evidence names no port',
      connection(torIpCaller({ from: '198.51.100.7', at: seen }), { protocol: 'UDP' }),
      '198.51.100.7/32 escalated no-port',
    ],
  ])('denies %s', (_, finding, denied) => {
    expect(deniedBy(finding)).toBe(denied);
  });

  it('denies all ports where asked for, but not on evidence that could be forged', () => {
    const all = samplePolicy({ ports: 'all' });
    expect(deniedBy(ssh(), all)).toBe('-1 all');
    expect(deniedBy(connection(ssh(), {}), all)).toBe('-1 all');
    expect(deniedBy(portProbe({ from: '198.51.100.9', at: seen, port: 8080 }), all)).toBe('6 8080-8080');
    const portless = portProbe({ at: seen, addresses: [{ address: '198.51.100.9', port: null }] });
    expect(deniedBy(portless, all)).toBe('198.51.100.9/32 escalated no-port');
  });

  it('holds forgeable evidence for an hour at most, and for less where every block is shorter', () => {
    const probe = portProbe({ from: '198.51.100.9', at: seen });
    expect(decide(probe).steps).toMatchObject([{ expiresAt: addTo(seen, hours(1)), spoofable: true }]);
    expect(decide(probe, {}, samplePolicy({ blockFor: minutes(20) })).steps).toMatchObject([
      { expiresAt: addTo(seen, minutes(20)) },
    ]);
  });

  it('denies two runs at most, the most probed first, and says which are left', () => {
    const times = (port: number, count: number) =>
      Array.from({ length: count }, () => ({ address: '198.51.100.9', port }));
    const probe = portProbe({
      at: seen,
      addresses: [...times(21, 1), ...times(22, 1), ...times(8080, 3), ...times(443, 1), ...times(3306, 1)],
    });
    const [step] = decide(probe).steps;
    expect(step?.runs).toEqual([
      { from: 8080, to: 8080 },
      { from: 21, to: 22 },
    ]);
    expect(step?.omittedRuns).toEqual([
      { from: 443, to: 443 },
      { from: 3306, to: 3306 },
    ]);
  });
});

describe('denyCidr', () => {
  it('G21, G51: widens IPv6 to its network and leaves IPv4 alone', () => {
    const finding = sshBruteForce({ from: '198.51.100.7', ipv6: '2001:db8:0:1:2::7', at: seen });
    const cidrs = (policy: BlockerPolicy) => decide(finding, {}, policy).steps.map(({ cidr }) => cidr);
    expect(cidrs(samplePolicy())).toEqual(['198.51.100.7/32', '2001:db8:0:1::/64']);
    expect(cidrs(samplePolicy({ ipv6PrefixLength: 128 }))).toEqual(['198.51.100.7/32', '2001:db8:0:1:2::7/128']);
    const [, threat] = extractThreats(finding);
    if (threat?.address === undefined) throw new Error('the finding names an IPv6 address');
    expect(denyCidr(threat, { ipv6PrefixLength: 64 })).toBe('2001:db8:0:1::/64');
  });
});

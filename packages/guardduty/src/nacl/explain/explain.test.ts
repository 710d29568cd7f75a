import { type AuditRecord, addSuppressions, days, hours, minutes, type RejectedInput, seconds } from '@remedykit/core';
import { expect, it } from 'vitest';
import { library } from '../../library.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { portProbe, sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../../testing/test-blocker.ts';
import type { AuditQuery } from './explanation.ts';

const { networkAclId, accountId, region } = fakeWorld;
const attacker = '198.51.100.7';
const attack = (from = attacker, at: Date = testTime) => sshBruteForce({ from, at });
const keyOf = (acl: string, direction = 'ingress') => `nacl/${accountId}/${region}/${acl}/${direction}`;
const author = { requestedBy: 'a.smith', reason: 'partner scanner, CHG-4711' } as const;

/** A blocker whose audit trail can be read back. */
const remembering = (world: TestWorld = createTestWorld(), options: Parameters<typeof createTestBlocker>[0] = {}) => {
  const queries: AuditQuery[] = [];
  const trail: (AuditRecord | RejectedInput)[] = [];
  async function* auditTrail(query: AuditQuery): AsyncGenerator<AuditRecord | RejectedInput> {
    queries.push(query);
    yield* trail.length > 0 ? trail : blocker.records;
  }
  const blocker = createTestBlocker({ auditTrail, ...options }, world);
  return { blocker, queries, trail };
};

it('says where an address is denied, since when, until when and why', async () => {
  const { blocker } = remembering();
  await blocker.block(attack());
  const explanation = await blocker.explain({ address: attacker });
  expect(explanation).toMatchObject({
    kind: 'explain',
    query: { cidr: `${attacker}/32` },
    problems: [],
    places: [
      {
        accountId,
        region,
        networkAclId,
        direction: 'ingress',
        slots: [{ ruleNumber: 10, cidr: `${attacker}/32`, status: 'active' }],
        unplaced: [],
        flood: false,
      },
    ],
  });
  expect(explanation.summary).toMatch(/^198\.51\.100\.7\/32 is denied in 1 place\.\nacl-\w+, ingress: rule 10 denies/);
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
});

it('G10: returns each recorded decision with its rule, facts and library version, in order of time', async () => {
  const { blocker, queries } = remembering();
  const finding = attack();
  await blocker.block([attack('198.51.100.99'), finding]);
  blocker.clock.advance(hours(25));
  await blocker.sweep();
  const { decisions, summary } = await blocker.explain({ address: attacker });
  expect(queries).toEqual([{ cidr: `${attacker}/32` }]);
  expect(
    decisions.map(({ decider, verdicts }) => [decider, verdicts.map(({ decided, reason }) => `${decided} ${reason}`)]),
  ).toEqual([
    ['nacl/threats', ['deny brute-force']],
    ['nacl/entries', ['create new']],
    ['nacl/sweep', ['release expired']],
  ]);
  for (const decision of decisions) {
    expect(decision.library).toBe(library);
    expect(decision.facts).toMatchObject({});
    expect(decision.policy).toMatchObject({ blockFor: hours(24) });
    expect(decision.verdicts.every(({ because }) => because !== '')).toBe(true);
  }
  expect(decisions[1]?.outcomes).toMatchObject([{ stepId: 'create-entry/11', status: 'applied' }]);
  // The other attacker's verdicts stay out.
  expect(decisions.flatMap(({ verdicts }) => verdicts.map(({ cidr }) => cidr))).not.toContain('198.51.100.99/32');
  expect(summary).toContain('nacl/sweep');
  expect(summary).toMatch(/is not denied anywhere/);
});

it('explains a finding: what it led to, for every address of it', async () => {
  const { blocker } = remembering();
  const finding = portProbe({
    addresses: [
      { address: attacker, port: 22 },
      { address: '203.0.113.250', port: 22 },
    ],
    at: testTime,
  });
  await blocker.block([finding, attack('198.51.100.99')]);
  const { places, decisions } = await blocker.explain({ findingId: finding.id });
  expect(places.flatMap(({ slots }) => slots.map(({ cidr }) => cidr))).toEqual([`${attacker}/32`]);
  expect(decisions[0]?.verdicts.map(({ cidr, decided, reason }) => [cidr, decided, reason])).toEqual([
    [`${attacker}/32`, 'deny', 'port-probe'],
    ['203.0.113.250/32', 'refused', 'allow-listed'],
  ]);
  expect(decisions.map(({ decider }) => decider)).toEqual(['nacl/threats', 'nacl/entries']);
  expect((await blocker.explain({ findingId: 'no-such-finding' })).summary).toContain('not denied anywhere');
});

it('works for an address inside a denied CIDR, and for a CIDR around denied addresses', async () => {
  const { blocker } = remembering();
  await blocker.block(attack('2001:db8:1:2::7'));
  const inside = await blocker.explain({ address: '2001:db8:1:2:ffff::1' });
  expect(inside.places).toMatchObject([{ slots: [{ cidr: '2001:db8:1:2::/64' }] }]);
  expect(inside.decisions.map(({ decider }) => decider)).toEqual(['nacl/entries']);
  expect((await blocker.explain({ address: '2001:db8::/32' })).places).toHaveLength(1);
  expect((await blocker.explain({ address: '2001:db8:1:3::1' })).places).toEqual([]);
});

it('works for several network ACLs', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const acl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const { blocker } = remembering(world);
  await blocker.block([attack(), sshBruteForce({ from: attacker, at: testTime, instanceId: 'i-elsewhere', subnetId })]);
  const { places, summary } = await blocker.explain({ address: attacker });
  expect(places.map((place) => place.networkAclId).toSorted()).toEqual([networkAclId, acl].toSorted());
  expect(summary).toContain('denied in 2 places');
});

it('tells of what is not placed, and of a flood', async () => {
  const { blocker } = remembering(createTestWorld(), { quota: 4, headroom: 1, entryWritesPerHour: 1 });
  await blocker.block(attack('198.51.100.1'));
  await blocker.block(attack());
  const { places, summary } = await blocker.explain({ address: attacker });
  expect(places).toMatchObject([{ slots: [], unplaced: [{ cidr: `${attacker}/32` }], flood: true }]);
  expect(summary).toContain('is NOT denied');
  expect(summary).toContain('as many entry writes');
});

it('tells of suppressions, in the ledger and in the control documents', async () => {
  const { blocker } = remembering();
  await blocker.block(attack());
  await blocker.unblock({ address: attacker, ...author, suppressFor: days(2) });
  // Control documents are read at most fifteen seconds stale.
  blocker.clock.advance(seconds(15));
  const { places, suppressions, summary } = await blocker.explain({ address: attacker });
  expect(places).toMatchObject([{ suppressions: [{ cidr: `${attacker}/32`, requestedBy: 'a.smith' }] }]);
  expect(suppressions).toMatchObject([{ cidr: `${attacker}/32`, accountIds: [accountId], ...author }]);
  expect(summary).toContain('a.smith unblocked 198.51.100.7/32');

  // Also where no ledger knows anything of it.
  const until = new Date(testTime.getTime() + hours(1)).toISOString();
  await addSuppressions(blocker.store, [{ cidr: '192.0.2.0/28', ...author, until }], { now: blocker.clock.now });
  const fresh = createTestBlocker({}, blocker);
  expect((await fresh.explain({ address: '192.0.2.3' })).suppressions).toMatchObject([{ cidr: '192.0.2.0/28' }]);
  blocker.clock.advance(hours(2));
  expect((await createTestBlocker({}, blocker).explain({ address: '192.0.2.3' })).suppressions).toEqual([]);
});

it('tells of a contest, for an address of which nothing else is known', async () => {
  const { blocker } = remembering();
  await blocker.block(attack());
  for (let time = 1; time <= 2; time += 1) {
    blocker.clock.advance(minutes(20));
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    await blocker.reconcile();
  }
  const { places, summary } = await blocker.explain({ address: '198.51.100.200' });
  expect(places).toMatchObject([{ networkAclId, contested: { until: expect.any(String) } }]);
  expect(summary).toContain('contested until');
  const own = await blocker.explain({ address: attacker });
  expect(own.places).toMatchObject([{ unplaced: [{ reason: 'contested' }], vanishings: [{ cidr: `${attacker}/32` }] }]);
  expect(
    own.decisions
      .filter(({ decider }) => decider === 'nacl/reconcile')
      .flatMap(({ verdicts }) => verdicts.map((one) => one.decided)),
  ).toEqual(['restore', 'give-up']);
});

it('what cannot be read is said: a ledger, the control documents, the trail', async () => {
  const world = createTestWorld();
  const broken = createTestBlocker(
    {
      auditTrail: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no such log group')) }),
      }),
    },
    world,
  );
  await world.store.putIfAbsent(keyOf('acl-broken'), 'nonsense');
  world.store.failNext('get', { prefix: 'control/', times: 10 });
  const { problems, summary } = await broken.explain({ address: attacker });
  expect(problems.map(({ subject, reason }) => [subject, reason])).toEqual([
    [keyOf('acl-broken'), 'ledger-invalid'],
    [`control/${accountId}`, 'control-unreadable'],
    ['auditTrail', 'facts-unavailable'],
  ]);
  expect(summary).toContain('no such log group');
});

it('keeps the latest 200 decisions, in any order of the trail, and counts the rest', async () => {
  const { blocker, trail } = remembering();
  await blocker.block(attack());
  const record = blocker.records.find((one) => 'decider' in one && one.decider === 'nacl/entries');
  if (record === undefined) throw new Error('no record');
  for (let n = 0; n < 1_000; n += 1) {
    const minute = (n * 7) % 1_000;
    trail.push({ ...record, id: `r${minute}`, at: new Date(testTime.getTime() + minutes(minute)).toISOString() });
  }
  const { decisions, decisionsOmitted } = await blocker.explain({ address: attacker });
  expect(decisionsOmitted).toBe(800);
  expect(decisions.map(({ recordId }) => recordId)).toEqual(Array.from({ length: 200 }, (_, n) => `r${800 + n}`));
});

it('reads records of any version with care, and rejected inputs not at all', async () => {
  const { blocker, trail } = remembering();
  const base: AuditRecord = {
    schema: 1,
    id: 'old',
    at: testTime.toISOString(),
    library: '@remedykit/guardduty@0.0.1',
    decider: 'nacl/threats',
    facts: null,
    policy: null,
    plan: { judged: [{ verdict: 'deny', threat: { address: `${attacker}/32` } }] },
    outcomes: [],
    correlation: { runId: 'r1' },
  };
  const shapes = [
    null,
    'text',
    [],
    { judged: 'none' },
    { judged: [null, 1, { threat: { address: 'nonsense' } }] },
    { placements: {} },
  ];
  trail.push(base, ...shapes.map((plan) => ({ ...base, plan })));
  const rejected = { code: 'NOT_A_FINDING', message: '', input: attacker };
  const { plan: _p, facts: _f, policy: _po, outcomes: _o, decider: _d, ...rest } = base;
  trail.push({ ...rest, rejected });
  const { decisions } = await blocker.explain({ address: attacker });
  expect(decisions).toMatchObject([{ recordId: 'old', library: '@remedykit/guardduty@0.0.1' }]);
});

it.each([{}, { address: attacker, findingId: 'f1' }, { findingId: '' }])('refuses %j', async (query) => {
  await expect(createTestBlocker().explain(query as never)).rejects.toMatchObject({ code: 'EXPLAIN_QUERY_INVALID' });
});

it('refuses an address that can be read in two ways', async () => {
  await expect(createTestBlocker().explain({ address: '010.0.0.1' })).rejects.toMatchObject({ code: 'CIDR_INVALID' });
});

it('writes nothing and records nothing', async () => {
  const { blocker } = remembering();
  await blocker.block(attack());
  const before = { ...blocker.store.calls, records: blocker.records.length };
  await blocker.explain({ address: attacker });
  const { putIfAbsent, compareAndSet } = blocker.store.calls;
  expect({ putIfAbsent, compareAndSet, records: blocker.records.length }).toEqual({
    putIfAbsent: before.putIfAbsent,
    compareAndSet: before.compareAndSet,
    records: before.records,
  });
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

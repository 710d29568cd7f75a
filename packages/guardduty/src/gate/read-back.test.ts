import { minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import type { BlockerOptions } from '../nacl/options.ts';
import { parseFinding } from '../parse/index.ts';
import { createFakeGuardDuty } from '../testing/fake-guardduty.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { portProbeEvent, sshBruteForceEvent } from '../testing/finding-events.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  testTime,
} from '../testing/test-blocker.ts';

const attacker = '198.51.100.7';
const event = sshBruteForceEvent({ from: attacker, at: testTime });
const bare = (document: object = event) => ({ ...parseFinding(document), provenance: { channel: 'bare' } as const });

const readingBack = (documents: readonly object[], options: Partial<BlockerOptions> = {}, pageSize?: number) => {
  const world = createTestWorld(pageSize === undefined ? {} : { pageSize });
  for (const document of documents) world.guardDuty.hold(document);
  return createTestBlocker({ trust: { readBack: world.guardDuty }, ...options }, world);
};

it('a finding that GuardDuty holds is acted on, whatever its channel', async () => {
  const blocker = readingBack([event]);
  const outcome = await blocker.block(bare());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(blocker.guardDuty.calls).toEqual({ 'guardduty:ListDetectors': 1, 'guardduty:GetFindings': 1 });
});

it('a sighting of what is denied already asks nobody', async () => {
  const blocker = readingBack([event]);
  await blocker.block(bare());
  blocker.guardDuty.resetCalls();
  expect((await blocker.block(bare())).threats).toMatchObject([{ outcome: 'unchanged' }]);
  expect(blocker.guardDuty.calls).toEqual({});
});

it('an extension is read back: a forged later sighting does not hold a deny longer', async () => {
  const blocker = readingBack([event]);
  await blocker.block(bare());
  blocker.clock.advance(minutes(30));
  const later = sshBruteForceEvent({ from: attacker, at: new Date(testTime.getTime() + minutes(20)) });
  const outcome = await blocker.block(bare(later));
  expect(blocker.guardDuty.calls['guardduty:GetFindings']).toBe(2);
  expect(outcome.threats).toMatchObject([{ outcome: 'unchanged' }]);
  expect(await blocker.list()).toMatchObject([{ expiresAt: '2026-11-25T10:00:00.000Z' }]);
});

it('a finding that GuardDuty does not hold fails, retryable, and writes nothing', async () => {
  const blocker = readingBack([]);
  const outcome = await blocker.block(bare());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unverified', announce: true }]);
  expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: true }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('what GuardDuty holds is acted on, not what the event says: archived, sample, port', async () => {
  const finding = parseFinding(event);
  const archived = readingBack([event]);
  archived.guardDuty.archive(finding.id);
  expect((await archived.block(bare())).threats).toMatchObject([{ outcome: 'refused', reason: 'archived' }]);

  const sample = readingBack([sshBruteForceEvent({ from: attacker, at: testTime, id: finding.id, sample: true })]);
  expect((await sample.block(bare())).threats).toMatchObject([{ outcome: 'refused', reason: 'sample' }]);

  const other = readingBack([sshBruteForceEvent({ from: attacker, at: testTime, id: finding.id, port: 2222 })]);
  await other.block(bare());
  expect(deniesIn(other.ec2)).toMatchObject([{ ports: { from: 2222, to: 2222 } }]);
});

it('an address that is in the event alone is unverified, not blocked, and escalated', async () => {
  const held = portProbeEvent({ id: 'probe', addresses: [{ address: attacker }], at: testTime });
  const forged = portProbeEvent({
    id: 'probe',
    addresses: [{ address: attacker }, { address: '192.0.2.99' }],
    at: testTime,
  });
  const blocker = readingBack([held]);
  const outcome = await blocker.block(bare(forged));
  expect(outcome.escalate).toBe(true);
  expect(outcome.threats.map(({ threat, outcome, reason }) => [threat.address, outcome, reason])).toEqual([
    [`${attacker}/32`, 'blocked', 'port-probe'],
    ['192.0.2.99/32', 'not-blocked', 'unverified'],
  ]);
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual([`${attacker}/32`]);
});

it('an address that GuardDuty has replaced since is superseded, and its successor denied', async () => {
  const later = new Date(testTime.getTime() + minutes(1));
  const blocker = readingBack([sshBruteForceEvent({ id: 'same', from: '198.51.100.8', at: later })]);
  blocker.clock.set(later);
  const outcome = await blocker.block(bare(sshBruteForceEvent({ id: 'same', from: attacker, at: testTime })));
  expect(outcome.threats.map(({ threat, outcome, reason }) => [threat.address, outcome, reason])).toEqual([
    ['198.51.100.8/32', 'blocked', 'brute-force'],
    [`${attacker}/32`, 'not-blocked', 'superseded'],
  ]);
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.8/32']);
});

it('a finding held for another account gives no authority in the account that the event names', async () => {
  const world = createTestWorld();
  world.guardDuty.hold(sshBruteForceEvent({ id: 'theirs', from: attacker, at: testTime, accountId: '444455556666' }));
  const asked: string[] = [];
  const blocker = createTestBlocker(
    {
      trust: { readBack: world.guardDuty },
      accounts: [fakeWorld.accountId, '444455556666'],
      mode: ({ accountId }) => (accountId === '444455556666' ? 'dry-run' : 'enforce'),
      ec2: (target) => {
        asked.push(target.accountId);
        return world.ec2;
      },
    },
    world,
  );
  const outcome = await blocker.block(bare(sshBruteForceEvent({ id: 'theirs', from: attacker, at: testTime })));
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unverified' }]);
  expect(new Set(asked)).toEqual(new Set([fakeWorld.accountId]));
  expect(deniesIn(world.ec2)).toEqual([]);
});

it('one held document that cannot be read fails its own finding alone', async () => {
  const bad = sshBruteForceEvent({ id: 'bad', from: '198.51.100.8', at: testTime });
  const blocker = readingBack([event, { ...bad.detail, severity: 'HIGH' }]);
  const outcomes = await blocker.block([bare(bad), bare()]);
  expect(outcomes.map(({ threats }) => [threats[0]?.outcome, threats[0]?.reason])).toEqual([
    ['failed', 'finding-malformed'],
    ['blocked', 'brute-force'],
  ]);
});

it('GetFindings is asked for fifty ids at a time, each id once', async () => {
  const documents = Array.from({ length: 60 }, (_, n) =>
    sshBruteForceEvent({ id: `finding-${n}`, from: `198.51.100.${n + 1}`, at: testTime }),
  );
  const blocker = readingBack(documents);
  await blocker.block([...documents, ...documents.slice(0, 5)].map(bare));
  const asked = blocker.guardDuty.log
    .filter(({ operation }) => operation === 'GetFindings')
    .map(({ input }) => (input.FindingIds as string[]).length);
  expect(asked).toEqual([50, 10]);
});

it('a detector that is not ours, none at all, or GuardDuty failing: nothing is written, and a retry may mend it', async () => {
  const cases: readonly (readonly [
    string,
    Partial<BlockerOptions>,
    (guardDuty: ReturnType<typeof createFakeGuardDuty>) => void,
  ])[] = [
    ['facts-unavailable', { trust: { readBack: createFakeGuardDuty(), detectorId: 'wrong' } }, () => {}],
    ['access-denied', {}, (guardDuty) => guardDuty.failNext('ListDetectors', { code: 'AccessDeniedException' })],
    [
      'facts-unavailable',
      {},
      (guardDuty) => guardDuty.failNext('GetFindings', { code: 'InternalServerErrorException' }),
    ],
    [
      'detector-missing',
      {
        trust: { readBack: Object.assign(createFakeGuardDuty(), { send: async () => ({ DetectorIds: [] }) }) as never },
      },
      () => {},
    ],
  ];
  for (const [reason, options, arrange] of cases) {
    const blocker = readingBack([event], options);
    arrange(blocker.guardDuty);
    const outcome = await blocker.block(bare());
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason }]);
    expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: true }]);
    expect(deniesIn(blocker.ec2)).toEqual([]);
    expect(blocker.store.calls).toMatchObject({ putIfAbsent: 0, compareAndSet: 0 });
  }
});

it('the detector is looked up once in five minutes, and again after a failure', async () => {
  const blocker = readingBack([]);
  blocker.guardDuty.failNext('ListDetectors', { code: 'InternalServerErrorException' });
  for (let n = 0; n < 3; n++) {
    const document = sshBruteForceEvent({ id: `f-${n}`, from: `198.51.100.${n + 1}`, at: testTime });
    blocker.guardDuty.hold(document);
    await blocker.block(bare(document));
  }
  expect(blocker.guardDuty.calls['guardduty:ListDetectors']).toBe(2);
  blocker.clock.advance(minutes(5));
  await blocker.block(bare());
  expect(blocker.guardDuty.calls['guardduty:ListDetectors']).toBe(3);
});

it('the option detectorId saves the look-up', async () => {
  const world = createTestWorld();
  world.guardDuty.hold(event);
  const trust = { readBack: world.guardDuty, detectorId: fakeWorld.detectorId };
  const blocker = createTestBlocker({ trust }, world);
  const before = callsOf(blocker);
  await blocker.block(bare());
  expect(callsSince(before, callsOf(blocker))).not.toHaveProperty('guardduty:ListDetectors');
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('dry-run reads back as in earnest', async () => {
  const blocker = readingBack([], { mode: 'dry-run' });
  expect((await blocker.block(bare())).threats).toMatchObject([{ outcome: 'failed', reason: 'unverified' }]);
});

const queue = 'arn:aws:sqs:eu-west-1:111122223333:findings';

it.each([
  ['an event of EventBridge where it is listed', ['eventbridge'], { channel: 'eventbridge' }, 'blocked'],
  ['an event of EventBridge where it is not', [queue], { channel: 'eventbridge' }, 'escalated'],
  ['a record of a listed queue', [queue], { channel: 'sqs', arn: queue }, 'blocked'],
  ['a record of another queue', [queue], { channel: 'sqs', arn: `${queue}-2` }, 'escalated'],
  ['a record of a queue where only events are trusted', ['eventbridge'], { channel: 'sqs', arn: queue }, 'escalated'],
  ['a bare document, whatever is listed', ['eventbridge', queue], { channel: 'bare' }, 'escalated'],
  ['anything where nothing is listed', [], { channel: 'eventbridge' }, 'escalated'],
] as const)('trusting channels, %s: %s', async (_, channels, provenance, expected) => {
  const blocker = createTestBlocker({ trust: { channels } });
  const outcome = await blocker.block({ ...parseFinding(event), provenance });
  expect(outcome.threats).toMatchObject([{ outcome: expected }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(expected === 'blocked' ? 1 : 0);
  if (expected === 'escalated') expect(outcome.threats).toMatchObject([{ reason: 'untrusted-channel' }]);
});

it.each([
  ['listed', ['111122223333'], 'blocked'],
  ['not listed', ['444455556666'], 'refused'],
  ['none listed', [], 'refused'],
  ['allowed by a function', async (): Promise<boolean> => true, 'blocked'],
  ['refused by a function', (): boolean => false, 'refused'],
] as const)('the account of the finding is %s', async (_, accounts, expected) => {
  const blocker = createTestBlocker({ accounts });
  const outcome = await blocker.block(parseFinding(event));
  expect(outcome.threats).toMatchObject([{ outcome: expected }]);
  if (expected === 'refused') {
    expect(outcome.threats).toMatchObject([{ reason: 'account-not-listed' }]);
    // Nothing is asked about an account that is not ours.
    expect(blocker.ec2.calls).toEqual({});
  }
});

it('a function for accounts that throws writes nothing and is retried', async () => {
  const blocker = createTestBlocker({
    accounts: () => {
      throw new Error('directory down');
    },
  });
  const outcome = await blocker.block(parseFinding(event));
  expect(outcome.threats).toMatchObject([{ outcome: 'failed' }]);
  expect(outcome.steps).toMatchObject([{ retryable: true }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('a finding held for another Region gives no authority either', async () => {
  const world = createTestWorld();
  world.guardDuty.hold(sshBruteForceEvent({ id: 'there', from: attacker, at: testTime, region: 'us-east-1' }));
  const blocker = createTestBlocker({ trust: { readBack: world.guardDuty } }, world);
  const outcome = await blocker.block(bare(sshBruteForceEvent({ id: 'there', from: attacker, at: testTime })));
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unverified' }]);
});

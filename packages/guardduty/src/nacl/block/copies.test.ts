import { hours, toBatchResponse } from '@remedykit/core';
import { expect, it } from 'vitest';
import { findingMessage } from '../../messages/finding-message.ts';
import { parseFinding, parseRecords } from '../../parse/index.ts';
import { asAsff, securityHubEvent } from '../../testing/asff-events.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { blackholeTrafficEvent, portProbeEvent, sshBruteForceEvent } from '../../testing/finding-events.ts';
import { sqsEvent } from '../../testing/sqs-event.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  testTime,
} from '../../testing/test-blocker.ts';

const administrator = '444455556666';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';
const memberEvent = (options = {}) => sshBruteForceEvent({ from: '198.51.100.7', at: testTime, ...options });
/** The same event as the administrator's account emits it. */
const administratorEvent = (options = {}) => ({ ...memberEvent(options), account: administrator });

const queued = (...events: object[]) => parseRecords(sqsEvent(events as never, { queueArn, at: testTime }));
const createQueueBlocker = () => createTestBlocker({ trust: { channels: [queueArn] } });

const told = (outcomes: readonly Parameters<typeof findingMessage>[0][]): number =>
  outcomes.filter((outcome) => findingMessage(outcome) !== undefined).length;

it('G30: the account that acts is the finding’s own, whoever emitted the event', () => {
  expect(parseFinding(memberEvent())).not.toHaveProperty('copyIn');
  expect(parseFinding(administratorEvent())).toMatchObject({ accountId: fakeWorld.accountId, copyIn: administrator });
  const imported = { ...securityHubEvent([asAsff(memberEvent())]), account: administrator };
  expect(parseFinding(imported)).toMatchObject({ accountId: fakeWorld.accountId, copyIn: administrator });
});

it.each([
  ['the member’s first', [memberEvent(), administratorEvent()]],
  ['the administrator’s first', [administratorEvent(), memberEvent()]],
])('two copies in one batch lead to one decision, one write and one message: %s', async (_, events) => {
  const blocker = createQueueBlocker();
  const records = queued(...events);
  const outcomes = await blocker.block(records);
  expect(outcomes.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId));
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['blocked', 'blocked']);
  expect(told(outcomes)).toBe(1);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
  expect(blocker.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(1);
  const decisions = blocker.records.flatMap((record) => ('decider' in record ? [record.decider] : []));
  expect(decisions.filter((decider) => decider === 'nacl/threats')).toHaveLength(1);
});

it.each([
  ['the member’s first', [memberEvent(), administratorEvent()]],
  ['the administrator’s first', [administratorEvent(), memberEvent()]],
])('across calls the second copy writes nothing and tells nobody: %s', async (_, [first, second]) => {
  const world = createTestWorld();
  const options = { trust: { channels: [queueArn] } };
  expect(told(await createTestBlocker(options, world).block(queued(first ?? {})))).toBe(1);
  const blocker = createTestBlocker(options, world);
  const before = callsOf(world);
  const outcomes = await blocker.block(queued(second ?? {}));
  expect(outcomes[0]?.threats).toMatchObject([{ outcome: 'unchanged', announce: false }]);
  expect(told(outcomes)).toBe(0);
  const after = callsSince(before, callsOf(world));
  expect(Object.keys(after).filter((call) => /Entry$|compareAndSet|putIfAbsent/.test(call))).toEqual([]);
});

it.each([
  ['the member’s', memberEvent()],
  ['the administrator’s', administratorEvent()],
])(
  'a second delivery of the event that made the deny is told again, for the first may not have been: %s',
  async (_, event) => {
    const blocker = createQueueBlocker();
    await blocker.block(queued(event));
    expect(told(await blocker.block(queued(event)))).toBe(1);
  },
);

it('what is not blocked is told to one of the copies as well', async () => {
  const world = createTestWorld();
  const options = { trust: { channels: [queueArn] }, quota: 2, headroom: 0 };
  const blocker = createTestBlocker(options, world);
  const first = await blocker.block(queued(administratorEvent()));
  expect(first[0]?.threats).toMatchObject([{ outcome: 'not-blocked', announce: true }]);
  expect(told(await blocker.block(queued(memberEvent())))).toBe(0);
  expect(told(await blocker.block(queued(administratorEvent())))).toBe(1);
});

it('a copy that made the deny is found by the finding’s id: explain, and unblock by hand', async () => {
  const blocker = createQueueBlocker();
  await blocker.block(queued(administratorEvent()));
  const findingId = memberEvent().detail.id;
  expect((await blocker.explain({ findingId })).summary).toContain('198.51.100.7/32');
  const person = { reason: 'partner', requestedBy: 'a.smith', suppressFor: hours(1) };
  expect((await blocker.unblock({ findingId, ...person })).releases).toMatchObject([{ outcome: 'released' }]);
});

it('a failure is retried for every copy, and the same finding with another address is no copy', async () => {
  const blocker = createQueueBlocker();
  blocker.ec2.failNext('DescribeVpcs', { code: 'InternalError' });
  const copies = queued(memberEvent(), administratorEvent());
  expect(toBatchResponse(await blocker.block(copies)).batchItemFailures).toHaveLength(2);
  // GuardDuty replaces the remote address under the same id.
  const { id } = memberEvent().detail;
  await blocker.block(queued(memberEvent(), memberEvent({ id, from: '198.51.100.8' })));
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.7/32', '198.51.100.8/32']);
});

it('a copy through a channel that is not trusted neither takes authority from the other nor lends it', async () => {
  const blocker = createTestBlocker();
  const bare = parseFinding(memberEvent().detail);
  for (const batch of [
    [bare, parseFinding(memberEvent())],
    [parseFinding(memberEvent()), bare],
  ]) {
    const outcomes = await blocker.block(batch);
    const byChannel = outcomes.map(({ finding, threats }) => [finding?.provenance.channel, threats[0]?.reason]);
    expect(byChannel).toContainEqual(['bare', 'untrusted-channel']);
  }
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('escalations of both copies have one message key, so that live messages stay one', async () => {
  const blocker = createQueueBlocker();
  const event = blackholeTrafficEvent({ at: testTime, instanceId: false });
  const [first] = await blocker.block(queued(event));
  const [second] = await blocker.block(queued({ ...event, account: administrator }));
  if (!first || !second) throw new Error('no outcomes');
  expect(findingMessage(second)).toEqual(findingMessage(first));
});

it('every address of a probe is told of once, whoever’s copy came first', async () => {
  const blocker = createQueueBlocker();
  const event = portProbeEvent({ addresses: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }], at: testTime });
  const outcomes = await blocker.block(queued(event, { ...event, account: administrator }));
  expect(outcomes.map(({ threats }) => threats.map(({ announce }) => announce))).toEqual([
    [true, true],
    [false, false],
  ]);
});

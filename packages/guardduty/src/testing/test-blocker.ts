import { type AuditRecord, createMemoryStore, hours, type ObservedEvent, type RejectedInput } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore, type TestClock } from '@remedykit/core/testing';
import { createNaclBlocker, type NaclBlocker } from '../nacl/blocker.ts';
import type { BlockerOptions } from '../nacl/options.ts';
import { trailSink } from './audit-trail.ts';
import { createFakeEc2, type FakeEc2, type FakeEc2Options } from './fake-ec2/index.ts';
import type { EntryInForce } from './fake-ec2/views.ts';
import { createFakeGuardDuty, type FakeGuardDuty } from './fake-guardduty.ts';
import { fakeWorld } from './fake-world.ts';
import { routableDocumentationRanges } from './routable-documentation-ranges.ts';

/** When the tests of the blocker happen. */
export const testTime: Date = new Date('2026-11-24T10:00:00.000Z');

/** What several blockers of one test share: the account, the state, the time. */
export interface TestWorld {
  readonly clock: TestClock;
  readonly ec2: FakeEc2;
  readonly guardDuty: FakeGuardDuty;
  readonly store: FaultyStore;
}

export const createTestWorld = (options: FakeEc2Options = {}): TestWorld => {
  const clock = createTestClock(testTime);
  return {
    clock,
    ec2: createFakeEc2({ now: clock.now, ...options }),
    guardDuty: createFakeGuardDuty(),
    store: createFaultyStore(createMemoryStore()),
  };
};

/** A blocker composed of fakes; `channels: ['eventbridge']` is trusted, so that builders' findings are acted on. */
export interface TestBlocker extends NaclBlocker, TestWorld {
  readonly records: readonly (AuditRecord | RejectedInput)[];
  readonly observed: readonly ObservedEvent[];
  /** How long it has slept, ms; sleeping moves the clock. */
  readonly slept: () => number;
}

let made = 0;

export const createTestBlocker = (
  options: Partial<BlockerOptions> = {},
  world: TestWorld = createTestWorld(),
): TestBlocker => {
  made += 1;
  const name = `worker-${made}`;
  const records: (AuditRecord | RejectedInput)[] = [];
  const observed: ObservedEvent[] = [];
  let ids = 0;
  let slept = 0;
  const blocker = createNaclBlocker({
    mode: 'enforce',
    accounts: [fakeWorld.accountId],
    trust: { channels: ['eventbridge'] },
    allowList: ['203.0.113.250'],
    blockFor: hours(24),
    ec2: world.ec2,
    store: world.store,
    addressRanges: routableDocumentationRanges,
    functionTimeout: 30_000,
    audit: async (record) => {
      records.push(record);
      await trailSink(record);
    },
    observe: (event) => void observed.push(event),
    now: world.clock.now,
    newId: () => {
      ids += 1;
      return `${name}-${ids}`;
    },
    sleep: async (ms) => {
      slept += ms;
      world.clock.advance(ms);
    },
    random: () => 0.5,
    ...options,
  });
  const { clock, ec2, guardDuty, store } = world;
  return { ...blocker, clock, ec2, guardDuty, store, records, observed, slept: () => slept };
};

/** The deny entries of one direction of a network ACL, the default denies apart. */
export const deniesIn = (
  ec2: FakeEc2,
  { networkAclId = fakeWorld.networkAclId, egress = false }: { networkAclId?: string; egress?: boolean } = {},
): readonly EntryInForce[] => {
  const acl = ec2.networkAcls.find((one) => one.networkAclId === networkAclId);
  if (acl === undefined) throw new Error(`no network ACL ${networkAclId}`);
  return acl[egress ? 'egress' : 'ingress'].filter(
    ({ action, ruleNumber }) => action === 'deny' && ruleNumber < 32_767,
  );
};

/** Requests by action, those to the state store among them. */
export const callsOf = ({ ec2, guardDuty, store }: TestWorld): Readonly<Record<string, number>> => ({
  ...ec2.calls,
  ...guardDuty.calls,
  ...Object.fromEntries(
    Object.entries(store.calls).flatMap(([operation, count]) => (count > 0 ? [[`store:${operation}`, count]] : [])),
  ),
});

/** What was requested between two readings of `callsOf`. */
export const callsSince = (
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(after).flatMap(([action, count]) => {
      const more = count - (before[action] ?? 0);
      return more > 0 ? [[action, more]] : [];
    }),
  );

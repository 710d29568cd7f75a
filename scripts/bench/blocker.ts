import { createMemoryStore, days, hours, minutes } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { type BlockOutcome, createNaclBlocker, parseFinding, type ThreatResult } from '@remedykit/guardduty';
import {
  createFakeEc2,
  createFakeGuardDuty,
  type FindingEvent,
  fakeWorld,
  routableDocumentationRanges,
  sshBruteForceEvent,
} from '@remedykit/guardduty/testing';
import { type BurstFigures, runBurst } from './burst/index.ts';

/** AWS requests per finding, state store included; one attacker, one interface, one network ACL, one run of ports, warm. */
export interface BlockerFigures {
  readonly newIpCalls: number;
  /** Nothing new: the same sighting again, or one more at the longest hold; whichever costs more. */
  readonly refreshCalls: number;
  /** A later sighting, which holds the deny longer. */
  readonly refreshExtendCalls: number;
  /** Asking GuardDuty whether it holds the finding. */
  readonly verifyCalls: number;
  /** Facts shared by many findings, and the control documents, when none is cached. */
  readonly inventoryCalls: number;
  /** A thousand findings at once through a standard queue. */
  readonly burst: BurstFigures;
  /** The same through a FIFO queue whose message group is the network ACL: one writer each. */
  readonly burstFifo: BurstFigures;
}

type Calls = Readonly<Record<string, number>>;

const isVerify = (action: string): boolean => action === 'guardduty:GetFindings';
const sum = (calls: Calls, counts: (action: string) => boolean = () => true): number =>
  Object.entries(calls).reduce((total, [action, count]) => total + (counts(action) ? count : 0), 0);
const isWork = (action: string): boolean => !isVerify(action);

/** Runs the blocker on fakes and counts. Throws when it does not do what it is measured at. */
export const benchBlocker = async (progress: (line: string) => void): Promise<BlockerFigures> => {
  const start = new Date('2026-11-24T10:00:00.000Z');
  const clock = createTestClock(start);
  const ec2 = createFakeEc2({ now: clock.now });
  const guardDuty = createFakeGuardDuty();
  const store = createFaultyStore(createMemoryStore());
  const blocker = createNaclBlocker({
    mode: 'enforce',
    accounts: [fakeWorld.accountId],
    trust: { readBack: guardDuty },
    allowList: ['203.0.113.0/24'],
    blockFor: hours(24),
    maxBlockFor: days(2),
    ec2,
    store,
    addressRanges: routableDocumentationRanges,
    audit: () => {},
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  });
  const counted = (): Calls => ({
    ...ec2.calls,
    ...guardDuty.calls,
    ...Object.fromEntries(Object.entries(store.calls).map(([operation, count]) => [`store:${operation}`, count])),
  });

  /** Hands one finding to the blocker; its calls, and an error when it does not come to what is expected. */
  const measure = async (what: string, event: FindingEvent, expected: ThreatResult): Promise<Calls> => {
    guardDuty.hold(event);
    const before = counted();
    const outcome: BlockOutcome = await blocker.block(parseFinding(event));
    const results = outcome.threats.map((threat) => threat.outcome);
    if (results.length !== 1 || results[0] !== expected) {
      throw new Error(`${what}: expected ${expected}, got ${JSON.stringify(outcome.threats)}`);
    }
    const calls = Object.fromEntries(
      Object.entries(counted()).flatMap(([action, count]) => {
        const more = count - (before[action] ?? 0);
        return more > 0 ? [[action, more]] : [];
      }),
    );
    progress(`${what}: ${JSON.stringify(calls)}`);
    return calls;
  };
  const attack = (host: number, at: Date = clock.now()): FindingEvent =>
    sshBruteForceEvent({ from: `198.51.100.${host}`, at });

  await measure('first finding, warms the caches', attack(1), 'blocked');
  const fresh = await measure('new address', attack(2), 'blocked');
  const repeated = await measure('the same sighting again', attack(2), 'unchanged');
  clock.advance(1_000);
  const extended = await measure('a later sighting', attack(2), 'extended');

  clock.advance(minutes(5));
  const cold = await measure('new address, nothing cached', attack(3), 'blocked');

  const rule = ec2.networkAcls[0].ingress.find(({ cidr }) => cidr === '198.51.100.2/32');
  if (rule === undefined) throw new Error('The deny is not in the network ACL.');
  ec2.removeEntry(fakeWorld.networkAclId, { ruleNumber: rule.ruleNumber });
  clock.advance(minutes(1));
  await measure('a refresh after somebody removed the deny', attack(2, new Date(start.getTime() + 1_000)), 'blocked');
  if (!ec2.networkAcls[0].ingress.some(({ cidr }) => cidr === '198.51.100.2/32')) {
    throw new Error('A refresh did not put back the deny that somebody removed.');
  }
  progress('drift: a refresh noticed the deny that was gone and put it back');

  // Sightings every 12 hours, until the deny may not be held longer.
  while (clock.now().getTime() < start.getTime() + days(1)) {
    clock.advance(hours(12));
    await measure('a later sighting', attack(2), 'extended');
  }
  clock.advance(minutes(5));
  await measure('another address, warms the caches', attack(4), 'blocked');
  const longest = await measure('a later sighting at the longest hold', attack(2), 'unchanged');

  const newIpCalls = sum(fresh, isWork);
  const figures = {
    newIpCalls,
    refreshCalls: Math.max(sum(repeated), sum(longest)),
    refreshExtendCalls: sum(extended, isWork),
    verifyCalls: sum(fresh, isVerify),
    inventoryCalls: sum(cold, isWork) - newIpCalls,
  };
  for (const [key, figure] of Object.entries(figures)) {
    if (!(Number.isInteger(figure) && figure > 0)) throw new Error(`${key} could not be measured: ${figure}`);
  }
  return {
    ...figures,
    burst: await runBurst(progress, { fifo: false }),
    burstFifo: await runBurst(progress, { fifo: true }),
  };
};

import {
  createMemoryStore,
  hours,
  minutes,
  RemediationError,
  type StateStore,
  seconds,
  toBatchResponse,
} from '@remedykit/core';
import { createFaultyStore, createVirtualTime, type VirtualTime } from '@remedykit/core/testing';
import {
  type BlockOutcome,
  createNaclBlocker,
  findingMessage,
  type NaclBlocker,
  parseRecords,
} from '@remedykit/guardduty';
import {
  createFakeGuardDuty,
  type FakeEc2,
  fakeWorld,
  routableDocumentationRanges,
  sqsEvent,
} from '@remedykit/guardduty/testing';
import { countCalls, type FaultSource, withFaults } from './calls.ts';
import { type Batch, createQueue, type Queue } from './queue.ts';
import { createRandom } from './random.ts';
import { burstFindings, burstSize, createBurstWorld } from './world.ts';

/** What became of a thousand findings at once. */
export interface BurstFigures {
  readonly findings: number;
  readonly attackers: number;
  readonly concurrency: number;
  /** Attackers that are denied in their network ACL at the end, each by one entry before every allow. */
  readonly effective: number;
  /** The room that there was for them: quota less default deny, foreign rules and headroom, over all network ACLs. */
  readonly expectedEffective: number;
  readonly swapped: number;
  /** Attackers that are not denied, and of whom people were told so. */
  readonly refused: number;
  /** Attackers that are neither denied nor told of. */
  readonly lostDecisions: number;
  readonly duplicateSlots: number;
  readonly foreignRulesTouched: number;
  /** Ledger writes that met somebody else's. */
  readonly conflicts: number;
  /** AWS requests per finding, state store and retries included; inventories and read-back apart. */
  readonly callsPerFinding: number;
}

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';
const concurrency = 50;
const headroom = 2;

/** What people were told about each attacker that is not denied. */
const notDenied: ReadonlySet<string> = new Set(['not-blocked', 'ineffective', 'refused', 'escalated']);

interface Worker {
  readonly blocker: NaclBlocker;
  busy: boolean;
}

/** Runs the burst on fakes, in virtual time. Throws when the world is not as it should be. */
export const runBurst = async (
  progress: (line: string) => void,
  {
    fifo,
    seed = 1,
    faultShare = 0.02,
  }: { readonly fifo: boolean; readonly seed?: number; readonly faultShare?: number },
): Promise<BurstFigures> => {
  const name = fifo ? 'burstFifo' : 'burst';
  const start = new Date('2026-11-24T10:00:00.000Z');
  const time = createVirtualTime(start);
  const random = createRandom(seed);
  const { ec2, aclIds } = createBurstWorld(time.now);
  const guardDuty = createFakeGuardDuty();
  const foreignBefore = foreignEntries(ec2, new Set());
  const findings = burstFindings(start, random);
  for (const { event } of findings) guardDuty.hold(event);

  const faults: FaultSource = { random, share: faultShare, sleep: time.sleep };
  const counted = countCalls();
  const memory = createMemoryStore();
  const store: StateStore = withStoreFaults(memory, faults, counted.count);
  const told = new Set<string>();
  let conflicts = 0;
  let swapped = 0;
  const workers = Array.from({ length: fifo ? burstSize.acls : concurrency }, (): Worker => {
    const blocker = createNaclBlocker({
      mode: 'enforce',
      accounts: [fakeWorld.accountId],
      trust: { readBack: withFaults(guardDuty, 'guardduty', faults, counted.count) },
      allowList: ['203.0.113.0/24'],
      blockFor: hours(24),
      quota: burstSize.quota,
      headroom,
      ec2: withFaults(ec2, 'ec2', faults, counted.count),
      store,
      addressRanges: routableDocumentationRanges,
      audit: () => {},
      observe: ({ event }) => {
        if (event === 'conflict') conflicts += 1;
      },
      now: time.now,
      sleep: time.sleep,
      random,
    });
    return { blocker, busy: false };
  });

  const queue = createQueue(
    findings.map(({ event, aclId }) => ({ body: JSON.stringify(event), group: aclId })),
    { fifo, now: time.now },
  );
  const onOutcomes = (outcomes: readonly BlockOutcome[]): void => {
    for (const outcome of outcomes) {
      if (findingMessage(outcome) === undefined) continue;
      for (const { threat, outcome: result, evicted = [] } of outcome.threats as readonly EvictingThreat[]) {
        if (threat.address !== undefined && notDenied.has(result)) told.add(threat.address);
        swapped += evicted.length;
        for (const { cidr } of evicted) told.add(cidr);
      }
    }
  };
  await time.run(drain(queue, workers, time, onOutcomes));

  const attackers = [...new Set(findings.map(({ attacker }) => attacker))];
  const denied = attackers.filter((attacker) => {
    const aclId = findings.find((finding) => finding.attacker === attacker)?.aclId ?? '';
    return isDenied(ec2, aclId, attacker);
  });
  const deniedSet = new Set(denied);
  const left = attackers.filter((attacker) => !deniedSet.has(attacker));
  const ours = new Set(attackers.map((attacker) => `${attacker}/32`));
  const figures: BurstFigures = {
    findings: findings.length,
    attackers: attackers.length,
    concurrency: workers.length,
    effective: denied.length,
    expectedEffective: aclIds.length * (burstSize.quota - 1 - burstSize.foreignRules - headroom),
    swapped,
    refused: left.filter((attacker) => told.has(`${attacker}/32`)).length,
    lostDecisions: left.filter((attacker) => !told.has(`${attacker}/32`)).length,
    duplicateSlots: duplicates(ec2, ours) + (await duplicateSlots(memory)),
    foreignRulesTouched: difference(foreignBefore, foreignEntries(ec2, ours)),
    conflicts,
    callsPerFinding: round(counted.work() / findings.length),
  };
  const beside = {
    inventoryCallsPerFinding: round(counted.inventory() / findings.length),
    verifyCallsPerFinding: round(counted.verify() / findings.length),
    deadLetters: queue.deadLetters.length,
    virtualSeconds: round((time.now().getTime() - start.getTime()) / seconds(1)),
  };
  progress(`${name}: ${JSON.stringify({ ...figures, ...beside })}`);
  progress(`${name} calls: ${JSON.stringify(counted.all())}`);
  return figures;
};

/** Until the swap is part of the outcome, nothing is evicted. */
type EvictingThreat = BlockOutcome['threats'][number] & { readonly evicted?: readonly { readonly cidr: string }[] };

const round = (figure: number): number => Math.round(figure * 1_000) / 1_000;

/** Hands out batches until nothing is left; a function that dies gives its whole batch back. */
const drain = async (
  queue: Queue,
  workers: readonly Worker[],
  time: VirtualTime,
  onOutcomes: (outcomes: readonly BlockOutcome[]) => void,
): Promise<void> => {
  const handle = async (worker: Worker, batch: Batch): Promise<void> => {
    const end = time.now().getTime() + minutes(1);
    let failed = new Set(batch.messages.map(({ id }) => id));
    try {
      const event = sqsEvent(
        batch.messages.map(({ body }) => body),
        { queueArn, at: time.now() },
      );
      const Records = event.Records.map((record, at) => ({ ...record, messageId: batch.messages[at]?.id ?? '' }));
      const outcomes = await worker.blocker.block(parseRecords({ Records }), {
        remainingTimeMs: () => end - time.now().getTime(),
      });
      onOutcomes(outcomes);
      const { batchItemFailures } = toBatchResponse(outcomes);
      failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    } catch (error) {
      if (!(error instanceof RemediationError)) throw error;
    } finally {
      worker.busy = false;
      batch.finish(failed);
    }
  };
  const running = new Set<Promise<void>>();
  let broken: unknown;
  while (queue.left > 0 && broken === undefined) {
    const worker = workers.find(({ busy }) => !busy);
    const batch = worker && queue.receive();
    if (worker && batch) {
      worker.busy = true;
      const work: Promise<void> = handle(worker, batch)
        .catch((error: unknown) => {
          broken = error;
        })
        .finally(() => running.delete(work));
      running.add(work);
    } else if (running.size > 0) {
      await Promise.race([...running, time.sleep(seconds(1))]);
    } else {
      const next = queue.nextVisibleAt();
      await time.sleep(next === undefined ? seconds(1) : next - time.now().getTime());
    }
  }
  await Promise.all(running);
  if (broken !== undefined) throw broken;
};

const withStoreFaults = (store: StateStore, faults: FaultSource, count: (action: string, key: string) => void) => {
  const edge = async (): Promise<void> => {
    if (faults.random() >= faults.share / 2) return;
    throw new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'A fault of the burst.', retryable: true });
  };
  return createFaultyStore(store, {
    beforeEach: async (operation, key) => {
      count(`store:${operation}`, key);
      await faults.sleep(5 + faults.random() * 15);
      await edge();
    },
    afterEach: edge,
  });
};

const ingressOf = (ec2: FakeEc2, aclId: string) =>
  ec2.networkAcls.find(({ networkAclId }) => networkAclId === aclId)?.ingress ?? [];

const isDenied = (ec2: FakeEc2, aclId: string, attacker: string): boolean => {
  const entries = ingressOf(ec2, aclId);
  const deny = entries.find(({ cidr, action }) => cidr === `${attacker}/32` && action === 'deny');
  const allow = entries.find(({ action }) => action === 'allow');
  return deny !== undefined && (allow === undefined || deny.ruleNumber < allow.ruleNumber);
};

const foreignEntries = (ec2: FakeEc2, ours: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    ec2.networkAcls.flatMap(({ networkAclId, ingress, egress }) =>
      [...ingress, ...egress]
        .filter(({ cidr }) => !ours.has(cidr))
        .map((entry) => `${networkAclId} ${JSON.stringify(entry)}`),
    ),
  );

const difference = (a: ReadonlySet<string>, b: ReadonlySet<string>): number =>
  [...a].filter((one) => !b.has(one)).length + [...b].filter((one) => !a.has(one)).length;

const extra = (values: readonly string[]): number => values.length - new Set(values).size;

const duplicates = (ec2: FakeEc2, ours: ReadonlySet<string>): number =>
  ec2.networkAcls.reduce(
    (sum, { ingress }) => sum + extra(ingress.filter(({ cidr }) => ours.has(cidr)).map(({ cidr }) => cidr)),
    0,
  );

const duplicateSlots = async (store: StateStore): Promise<number> => {
  const { documents } = await store.list('nacl/');
  return documents.reduce((sum, { value }) => {
    const { slots } = value as unknown as { readonly slots: readonly { readonly cidr: string }[] };
    return sum + extra(slots.map(({ cidr }) => cidr));
  }, 0);
};

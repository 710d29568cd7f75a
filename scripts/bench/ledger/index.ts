import { createVirtualTime } from '@remedykit/core/testing';
import { createRandom } from '../burst/random.ts';
import { type Design, designs, type FakeAcl, type FakeTable } from './designs.ts';

/** What a design of the ledger came to in a burst on one network ACL. */
export interface DesignFigures {
  /** Requests per finding: describes, reads, writes of the table and of EC2. */
  readonly callsPerFinding: number;
  /** Items that DynamoDB would charge as written, per finding; a transaction charges each item twice. */
  readonly writtenItemsPerFinding: number;
  readonly conflicts: number;
  /** Entries of ours beyond what may be used: room that was kept for people. */
  readonly overCapacity: number;
  /** Creates that EC2 refused, for the rule number was taken. */
  readonly numberTaken: number;
  /** Effects of one new block on an idle network ACL: after each of them a worker may die. */
  readonly crashPoints: number;
}

const attackers = Array.from({ length: 40 }, (_, index) => `198.51.100.${index + 1}/32`);
const findings = attackers.flatMap((cidr) => [cidr, cidr, cidr, cidr, cidr]);
const capacity = 15;
const quota = 17;

/** How long a describe may lag behind, ms; seconds are seen in the field. */
const staleMs = 2_000;

/** A network ACL and a table that count what is asked of them. */
const createWorld = (seed: number) => {
  const time = createVirtualTime(new Date('2026-11-24T10:00:00.000Z'));
  const random = createRandom(seed);
  const counts = { calls: 0, effects: 0, items: 0, conflicts: 0, numberTaken: 0 };
  const called = async (): Promise<void> => {
    counts.calls += 1;
    await time.sleep(10 + random() * 50);
  };

  const entries = new Map<number, { readonly cidr: string; readonly at: number }>();
  const acl: FakeAcl = {
    async describe() {
      await called();
      const seen = time.now().getTime() - random() * staleMs;
      return new Map([...entries].filter(([, { at }]) => at <= seen).map(([number, { cidr }]) => [number, cidr]));
    },
    async create(ruleNumber, cidr) {
      await called();
      if (entries.has(ruleNumber)) {
        counts.numberTaken += 1;
        return false;
      }
      if (entries.size >= quota) throw new Error('NetworkAclEntryLimitExceeded');
      counts.effects += 1;
      entries.set(ruleNumber, { cidr, at: time.now().getTime() });
      return true;
    },
  };

  const rows = new Map<string, { value: unknown; version: number }>();
  const table: FakeTable = {
    async get(key) {
      await called();
      return rows.get(key);
    },
    async query(prefix) {
      await called();
      return [...rows].filter(([key]) => key.startsWith(prefix)).map(([key, { value }]) => ({ key, value }));
    },
    async write(writes) {
      await called();
      // A conditional write that fails is charged as well.
      counts.items += writes.length * (writes.length > 1 ? 2 : 1);
      if (writes.some(({ key, version }) => (rows.get(key)?.version ?? 0) !== version)) {
        counts.conflicts += 1;
        return false;
      }
      counts.effects += 1;
      for (const { key, value, version } of writes) rows.set(key, { value, version: version + 1 });
      return true;
    },
  };

  return { bench: { acl, table, time, random, capacity }, time, random, counts, entries };
};

const crashPointsOf = async (design: Design): Promise<number> => {
  const { bench, time, counts } = createWorld(1);
  await time.run(design(bench, attackers.slice(0, 1)));
  return counts.effects;
};

const runDesign = async (design: Design, seed: number): Promise<DesignFigures> => {
  const { bench, time, random, counts, entries } = createWorld(seed);
  const waiting = [...findings].map((cidr) => [random(), cidr] as const).sort(([a], [b]) => a - b);
  const queue = waiting.map(([, cidr]) => cidr);
  let limitReached = 0;
  const worker = async (): Promise<void> => {
    for (let batch = queue.splice(0, 2); batch.length > 0; batch = queue.splice(0, 2)) {
      try {
        const verdicts = await design(bench, [...new Set(batch)]);
        const again = batch.filter((cidr) => verdicts.get(cidr) === 'again');
        if (again.length > 0) await time.sleep(5_000);
        queue.push(...again);
      } catch {
        limitReached += 1;
        // The quota is reached: it has no room, as the design should have known.
      }
    }
  };
  await time.run(Promise.all(Array.from({ length: 10 }, worker)));
  const round = (figure: number): number => Math.round(figure * 100) / 100;
  return {
    callsPerFinding: round(counts.calls / findings.length),
    writtenItemsPerFinding: round(counts.items / findings.length),
    conflicts: counts.conflicts,
    overCapacity: Math.max(0, entries.size - capacity) + limitReached,
    numberTaken: counts.numberTaken,
    crashPoints: await crashPointsOf(design),
  };
};

/** The three designs of the ledger that were considered, on the same burst; the figures of ADR 0005. */
export const benchLedger = async (
  progress: (line: string) => void,
): Promise<Readonly<Record<string, DesignFigures>>> => {
  const figures: Record<string, DesignFigures> = {};
  for (const [name, design] of Object.entries(designs)) {
    figures[name] = await runDesign(design, 1);
    progress(`${name}: ${JSON.stringify(figures[name])}`);
  }
  return figures;
};

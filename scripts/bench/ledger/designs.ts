import type { VirtualTime } from '@remedykit/core/testing';

/** One direction of one network ACL in the benchmark: EC2's side, with what EC2 promises and what it does not. */
export interface FakeAcl {
  /** Rule numbers and what they deny, as they were a moment ago: a describe lags behind. */
  describe(): Promise<ReadonlyMap<number, string>>;
  /** False: the rule number is taken. Throws when the quota is reached. */
  create(ruleNumber: number, cidr: string): Promise<boolean>;
}

/** The state store of the benchmark: single documents by version, and transactions over several. */
export interface FakeTable {
  get(key: string): Promise<{ readonly value: unknown; readonly version: number } | undefined>;
  query(prefix: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
  /** All or nothing; each write says which version it expects, 0 for none. */
  write(
    items: readonly { readonly key: string; readonly value: unknown; readonly version: number }[],
  ): Promise<boolean>;
}

/** What a worker has to work with. */
export interface Bench {
  readonly acl: FakeAcl;
  readonly table: FakeTable;
  readonly time: VirtualTime;
  readonly random: () => number;
  /** How many entries of ours the network ACL may have. */
  readonly capacity: number;
}

/** Brings attackers into force; says for each whether it is denied, has no room, or has to be delivered again. */
export type Design = (
  bench: Bench,
  attackers: readonly string[],
) => Promise<ReadonlyMap<string, 'denied' | 'no-room' | 'again'>>;

type Verdict = 'denied' | 'no-room' | 'again';

interface Slot {
  readonly ruleNumber: number;
  readonly cidr: string;
  readonly status: 'claimed' | 'active';
}

const numbers = Array.from({ length: 90 }, (_, index) => index + 10);

const backOff = ({ time, random }: Bench, attempt: number): Promise<void> =>
  time.sleep(random() * Math.min(4_000, 100 * 2 ** attempt));

const maxAttempts = 12;

const freeNumbers = (taken: ReadonlySet<number>): number[] => numbers.filter((number) => !taken.has(number));

/** One document per network ACL and direction, changed by compare-and-set: claim, EC2, settle. */
export const oneDocument: Design = async (bench, attackers) => {
  const { acl, table, capacity } = bench;
  const verdicts = new Map<string, Verdict>();
  const seen = await acl.describe();
  let read = await table.get('ledger');
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const slots = (read?.value ?? []) as readonly Slot[];
    const taken = new Set([...seen.keys(), ...slots.map(({ ruleNumber }) => ruleNumber)]);
    const free = freeNumbers(taken);
    const claims: Slot[] = [];
    for (const cidr of attackers) {
      const known = slots.find((slot) => slot.cidr === cidr);
      if (known) verdicts.set(cidr, known.status === 'active' ? 'denied' : 'again');
      else if (slots.length + claims.length >= capacity) verdicts.set(cidr, 'no-room');
      else claims.push({ ruleNumber: free.shift() ?? 0, cidr, status: 'claimed' });
    }
    if (claims.length === 0) return verdicts;
    const value = [...slots, ...claims];
    if (await table.write([{ key: 'ledger', value, version: read?.version ?? 0 }])) {
      for (const { ruleNumber, cidr } of claims) await acl.create(ruleNumber, cidr);
      for (;;) {
        const now = await table.get('ledger');
        const settled = ((now?.value ?? []) as readonly Slot[]).map(
          (slot): Slot => (claims.some(({ cidr }) => cidr === slot.cidr) ? { ...slot, status: 'active' } : slot),
        );
        if (await table.write([{ key: 'ledger', value: settled, version: now?.version ?? 0 }])) break;
        await backOff(bench, attempt);
      }
      for (const { cidr } of claims) verdicts.set(cidr, 'denied');
      return verdicts;
    }
    await backOff(bench, attempt);
    read = await table.get('ledger');
  }
  for (const cidr of attackers) if (!verdicts.has(cidr)) verdicts.set(cidr, 'again');
  return verdicts;
};

/** A row per slot, one per address, and a counter, changed in transactions: claim, EC2, settle. */
export const rowPerSlot: Design = async (bench, attackers) => {
  const { acl, table, capacity } = bench;
  const verdicts = new Map<string, Verdict>();
  const seen = await acl.describe();
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const rows = await table.query('slot/');
    const counter = await table.get('count');
    const slots = rows.map(({ value }) => value as Slot);
    const free = freeNumbers(new Set([...seen.keys(), ...slots.map(({ ruleNumber }) => ruleNumber)]));
    const used = Number(counter?.value ?? 0);
    const claims: Slot[] = [];
    for (const cidr of attackers) {
      const known = slots.find((slot) => slot.cidr === cidr);
      if (known) verdicts.set(cidr, known.status === 'active' ? 'denied' : 'again');
      else if (used + claims.length >= capacity) verdicts.set(cidr, 'no-room');
      else claims.push({ ruleNumber: free.shift() ?? 0, cidr, status: 'claimed' });
    }
    if (claims.length === 0) return verdicts;
    const claimed = await table.write([
      // Without it two workers that take different rows would together exceed the capacity.
      { key: 'count', value: used + claims.length, version: counter?.version ?? 0 },
      ...claims.map((slot) => ({ key: `slot/${slot.ruleNumber}`, value: slot, version: 0 })),
      ...claims.map(({ cidr, ruleNumber }) => ({ key: `address/${cidr}`, value: ruleNumber, version: 0 })),
    ]);
    if (claimed) {
      for (const { ruleNumber, cidr } of claims) await acl.create(ruleNumber, cidr);
      await table.write(
        claims.map((slot) => ({ key: `slot/${slot.ruleNumber}`, value: { ...slot, status: 'active' }, version: 1 })),
      );
      for (const { cidr } of claims) verdicts.set(cidr, 'denied');
      return verdicts;
    }
    await backOff(bench, attempt);
  }
  for (const cidr of attackers) if (!verdicts.has(cidr)) verdicts.set(cidr, 'again');
  return verdicts;
};

/** A claim per address, and EC2 as the truth about what exists: no write afterwards. */
export const claimsOnly: Design = async (bench, attackers) => {
  const { acl, table, capacity } = bench;
  const verdicts = new Map<string, Verdict>();
  const seen = await acl.describe();
  const denied = new Set(seen.values());
  const taken = new Set(seen.keys());
  let ours = [...seen].filter(([number]) => number < 100).length;
  for (const cidr of attackers) {
    if (denied.has(cidr)) {
      verdicts.set(cidr, 'denied');
      continue;
    }
    if (ours >= capacity) {
      verdicts.set(cidr, 'no-room');
      continue;
    }
    if (!(await table.write([{ key: `claim/${cidr}`, value: 'claimed', version: 0 }]))) {
      verdicts.set(cidr, 'again');
      continue;
    }
    for (const ruleNumber of freeNumbers(taken)) {
      taken.add(ruleNumber);
      if (!(await acl.create(ruleNumber, cidr))) continue;
      ours += 1;
      verdicts.set(cidr, 'denied');
      break;
    }
  }
  return verdicts;
};

export const designs: Readonly<Record<string, Design>> = { oneDocument, rowPerSlot, claimsOnly };

import { createHash } from 'node:crypto';
import { canonicalCidr, parseCidr } from './cidr.ts';

/** A range of an inventory, and what says that it is in it. */
export interface KnownRange {
  /** Canonical. */
  readonly cidr: string;
  /** For people: `sg-0a1 rule sgr-0b2`, `partner list "acme"`; empty where the inventory says it all. */
  readonly by: string;
}

/** What an audit record keeps of an inventory: its age and its digest, never the whole. */
export interface InventoryReading {
  /** When it was read; absent for what the options hold. */
  readonly asOf?: string;
  /** The first 32 hex digits of the SHA-256 of its canonical CIDRs, sorted as text, one a line. */
  readonly digest: string;
}

/** Ranges of one inventory, to be asked about single ones. */
export interface Ranges {
  readonly size: number;
  readonly reading: InventoryReading;
  /** A range that shares an address with `cidr`; of nested ones the widest. */
  find(cidr: string): KnownRange | undefined;
  /** A range that holds all of `cidr`. */
  cover(cidr: string): KnownRange | undefined;
}

interface Span {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
  /** Canonical. */
  readonly cidr: string;
}

interface Interval extends Span {
  readonly range: KnownRange;
}

/**
 * Makes ranges searchable: thousands of them are asked in microseconds, since CIDRs are nested or apart, never crossed.
 * @throws RemediationError `CIDR_INVALID` for a range that cannot be read: it must not be taken for nobody's
 */
export const createRanges = (
  ranges: Iterable<{ readonly cidr: string; readonly by?: string }>,
  asOf?: Date,
): Ranges => {
  const known = new Map<string, Interval>();
  for (const { cidr, by = '' } of ranges) {
    const span = spanOf(cidr);
    if (!known.has(span.cidr)) known.set(span.cidr, { ...span, range: { cidr: span.cidr, by } });
  }
  const all = [...known.values()];
  const sorted = { 4: outermost(all, 4), 6: outermost(all, 6) };
  const nearest = (asked: Span): Interval | undefined => {
    const found = lastFrom(sorted[asked.family], asked.to);
    return found && found.to >= asked.from ? found : undefined;
  };
  return {
    size: known.size,
    reading: { ...(asOf ? { asOf: asOf.toISOString() } : {}), digest: digestOf(known.keys()) },
    find: (cidr) => nearest(spanOf(cidr))?.range,
    cover(cidr) {
      const asked = spanOf(cidr);
      const found = nearest(asked);
      return found && found.from <= asked.from && found.to >= asked.to ? found.range : undefined;
    },
  };
};

const digestOf = (cidrs: Iterable<string>): string =>
  createHash('sha256')
    .update([...cidrs].toSorted().join('\n'))
    .digest('hex')
    .slice(0, 32);

const spanOf = (text: string): Span => {
  const [address, bits] = parseCidr(text);
  const bytes = address.toByteArray();
  const free = BigInt(bytes.length * 8 - bits);
  let host = 0n;
  for (const byte of bytes) host = (host << 8n) | BigInt(byte);
  const from = (host >> free) << free;
  const cidr = from === host ? `${address.toString()}/${bits}` : canonicalCidr(text);
  return { family: bytes.length === 4 ? 4 : 6, from, to: from + (1n << free) - 1n, cidr };
};

/** The ranges of a family that are in no other, in order. */
const outermost = (intervals: readonly Interval[], family: 4 | 6): Interval[] => {
  const own = intervals.filter((one) => one.family === family);
  own.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to > b.to ? -1 : 1));
  const outer: Interval[] = [];
  for (const one of own) {
    const last = outer.at(-1);
    if (last === undefined || one.from > last.to) outer.push(one);
  }
  return outer;
};

/** The last interval that begins at `at` or before. */
const lastFrom = (intervals: readonly Interval[], at: bigint): Interval | undefined => {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.from ?? 0n) <= at) low = middle + 1;
    else high = middle;
  }
  return intervals[low - 1];
};

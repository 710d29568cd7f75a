import { createHash } from 'node:crypto';
import type { Beyond, Ledger } from './ledger.ts';

/** At most this many addresses are told apart; how many more there are is not known. */
export const maxBeyond = 256;

/** 48 bits: no two of so few addresses have the same one. */
const length = 8;

const digestOf = (cidr: string): string => createHash('sha256').update(cidr).digest('base64url').slice(0, length);

const digestsOf = ({ digests }: Beyond): string[] => digests.match(/.{8}/g) ?? [];

/** True for an address that is counted already. Pure. */
export const isCounted = ({ beyond }: Pick<Ledger, 'beyond'>, cidr: string): boolean =>
  beyond !== undefined && digestsOf(beyond).includes(digestOf(cidr));

/** True when no further address can be told from those that are counted. Pure. */
export const isCountedOut = ({ beyond }: Pick<Ledger, 'beyond'>): boolean => beyond?.more === true;

/** How many addresses are counted at least; exactly so many unless `more`. Pure. */
export const countOf = (beyond: Beyond | undefined): number => (beyond === undefined ? 0 : beyond.atLeast);

/**
 * What is counted with these addresses as well. It begins anew when it was begun longer ago than a block lasts: who is still
 * at it is counted again. Pure.
 */
export const withCounted = (
  beyond: Beyond | undefined,
  cidrs: readonly string[],
  at: Date,
  blockFor: number,
): Beyond | undefined => {
  const known = beyond && Date.parse(beyond.since) + blockFor > at.getTime() ? beyond : undefined;
  if (cidrs.length === 0) return known;
  const digests = new Set(known ? digestsOf(known) : []);
  const added = [...new Set(cidrs.map(digestOf))].filter((digest) => !digests.has(digest));
  const room = known?.more ? 0 : maxBeyond - digests.size;
  const kept = [...digests, ...added.slice(0, room)];
  const more = known?.more === true || added.length > room;
  return {
    since: known?.since ?? at.toISOString(),
    changedAt: new Date(Math.max(at.getTime(), known ? Date.parse(known.changedAt) : 0)).toISOString(),
    digests: kept.join(''),
    atLeast: Math.max(kept.length, known?.more ? known.atLeast : 0),
    ...(more ? { more } : {}),
  };
};

/** What is counted without these addresses, which are listed or denied from now on. Pure. */
export const withoutCounted = (beyond: Beyond | undefined, cidrs: readonly string[]): Beyond | undefined => {
  if (beyond === undefined || cidrs.length === 0) return beyond;
  const gone = new Set(cidrs.map(digestOf));
  const before = digestsOf(beyond);
  const kept = before.filter((digest) => !gone.has(digest));
  if (kept.length === before.length) return beyond;
  const atLeast = Math.max(0, beyond.atLeast - (before.length - kept.length));
  return kept.length === 0 && beyond.more !== true ? undefined : { ...beyond, digests: kept.join(''), atLeast };
};

/** The number alone, where there is no room for telling addresses apart. Pure. */
export const numberAlone = (beyond: Beyond): Beyond => ({ ...beyond, digests: '', more: true });

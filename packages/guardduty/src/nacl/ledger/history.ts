import { hours } from '@remedykit/core';
import type { PastBlock, Slot } from './ledger.ts';

/** At most this many addresses. */
const maxHistory = 64;

/** What ends within this time is one block: an address may have two entries, ms. */
const oneBlock = hours(1);

/** True for a block that ran out: what a person took out earlier was no offence. */
export const hasRunOut = ({ status, expiresAt }: Pick<Slot, 'status' | 'expiresAt'>, now: Date): boolean =>
  status !== 'claimed' && Date.parse(expiresAt) <= now.getTime();

/** The earlier blocks with one more, the latest first. Pure. */
export const withPastBlock = (history: readonly PastBlock[], cidr: string, now: Date): readonly PastBlock[] => {
  const known = history.find((one) => one.cidr === cidr);
  const isSame = known !== undefined && now.getTime() - Date.parse(known.endedAt) < oneBlock;
  const blocks = isSame ? known.blocks : (known?.blocks ?? 0) + 1;
  return [{ cidr, blocks, endedAt: now.toISOString() }, ...history.filter((one) => one.cidr !== cidr)].slice(
    0,
    maxHistory,
  );
};

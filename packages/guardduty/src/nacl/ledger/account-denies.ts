import { type Clock, countWithin, days, minutes, type StateStore } from '@remedykit/core';
import { type LedgerId, ledgerKey, ledgerPrefix } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';

/** How many new denies the ledgers of one account have had in the last day. */
export interface AccountDenies {
  /** Those of all ledgers of the account but this one, in all Regions, at most a minute old. */
  elsewhere(id: LedgerId): Promise<number>;
}

/** How old the counts may be, ms. Meanwhile each ledger may go beyond the account's limit by what it writes itself. */
const maxAge = minutes(1);

interface Counts {
  readonly at: number;
  readonly byLedger: Promise<ReadonlyMap<string, number>>;
}

/** Reads the ledgers of an account at most once a minute; concurrent callers share one reading. A failure is not kept. */
export const createAccountDenies = (store: Pick<StateStore, 'list'>, now: Clock): AccountDenies => {
  const kept = new Map<string, Counts>();
  return {
    async elsewhere(id) {
      const at = now();
      const known = kept.get(id.accountId);
      const isFresh = known !== undefined && at.getTime() >= known.at && at.getTime() - known.at < maxAge;
      const counts = isFresh ? known : { at: at.getTime(), byLedger: readCounts(store, id.accountId, at) };
      kept.set(id.accountId, counts);
      counts.byLedger.catch(() => kept.delete(id.accountId));
      let sum = 0;
      for (const [key, count] of await counts.byLedger) if (key !== ledgerKey(id)) sum += count;
      return sum;
    },
  };
};

const readCounts = async (
  store: Pick<StateStore, 'list'>,
  accountId: string,
  at: Date,
): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for (let token: string | undefined; ; ) {
    const page = await store.list(`${ledgerPrefix}${accountId}/`, token === undefined ? {} : { token });
    for (const { key, value } of page.documents) {
      try {
        counts.set(key, countWithin(parseLedger(value, key).denies, at, days(1)));
      } catch {
        // A ledger that is set aside is written no more, and must not stop the others.
      }
    }
    token = page.nextToken;
    if (token === undefined) return counts;
  }
};

import { RemediationError } from '@remedykit/core';
import type { Ledger } from '../ledger/ledger.ts';
import type { Offender } from '../options.ts';
import type { Settings } from '../settings.ts';
import type { DenyRequest, EntriesFacts } from './entries-facts.ts';

/**
 * What `repeatOffender` says about the addresses that were denied before, by CIDR, ms: facts, so that a record replays.
 * @throws RemediationError `BLOCKER_OPTION_INVALID` when it answers no duration
 */
export const gatherHolds = (
  { repeatOffender, policy }: Pick<Settings, 'repeatOffender' | 'policy'>,
  { history }: Pick<Ledger, 'history'>,
  requests: readonly DenyRequest[],
): Pick<EntriesFacts, 'holds'> => {
  if (repeatOffender === undefined) return {};
  const holds = requests.flatMap(({ cidr, findingType }): [string, number][] => {
    const past = history.find((one) => one.cidr === cidr);
    if (past === undefined) return [];
    const { blocks: earlierBlocks, endedAt } = past;
    const offender = { cidr, earlierBlocks, lastEndedAt: new Date(endedAt), findingType, blockFor: policy.blockFor };
    return [[cidr, answerOf(repeatOffender, offender)]];
  });
  return holds.length === 0 ? {} : { holds: Object.fromEntries(holds) };
};

const answerOf = (repeatOffender: NonNullable<Settings['repeatOffender']>, offender: Offender): number => {
  const ms: unknown = repeatOffender(offender);
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0) return ms;
  throw new RemediationError({
    code: 'BLOCKER_OPTION_INVALID',
    message: `createNaclBlocker: "repeatOffender" must answer milliseconds (write days(3)); for ${offender.cidr} it answered ${String(ms)}.`,
  });
};

import { createNaclBlocker, type NaclBlocker } from '@remedykit/guardduty';
import type { Parts } from './parts.ts';
import type { Settings } from './settings.ts';

/** The blocker that the three handlers share; also for a runbook that unblocks by hand. */
export const createBlocker = (
  { mode, accounts, allowList, blockFor, detectorId, scope, managementAccountId }: Settings,
  { guardDuty, notifier: _, onOutcome: __, ...parts }: Parts,
): NaclBlocker =>
  createNaclBlocker({
    mode,
    accounts,
    // Who can invoke the function writes every field of the event, so GuardDuty itself is asked.
    trust: { readBack: guardDuty, ...(detectorId === undefined ? {} : { detectorId }) },
    allowList,
    ...(allowList.length === 0 ? { acknowledgeNoAllowList: true } : {}),
    blockFor,
    ...(scope === undefined ? {} : { scope }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
    ...parts,
  });

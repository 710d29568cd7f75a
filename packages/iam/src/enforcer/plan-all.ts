import { RemediationError, summarizeError, toInstant } from '@remedykit/core';
import { forecastCase } from '../lifecycle/forecast-case.ts';
import { lookUp } from './look-up.ts';
import type { AccountForecast, CredentialForecast } from './outcome.ts';
import type { Run } from './run.ts';
import { runUsers } from './run-account.ts';
import { accountReserveMs } from './run-all.ts';

const forecastAccount = async (run: Run, accountId: string, days: number): Promise<AccountForecast> => {
  const { policy, now } = run.settings;
  try {
    const lookedUp = await lookUp(run, accountId, false);
    const { results } = await runUsers(lookedUp);
    return {
      accountId,
      users: lookedUp.inventory.users.length,
      cases: results.flatMap(({ open, outlooks }) =>
        open.flatMap(({ action: _, acting: __, ...one }) => {
          const known = outlooks.find(({ facts }) => facts.case.id === one.caseId);
          if (known === undefined) return [];
          const { facts, consequence } = known;
          return [{ ...one, consequence, days: forecastCase(facts, policy, now(), days) }];
        }),
      ),
      exempt: results.flatMap(({ user: { userId, userName }, exempt }) =>
        exempt === undefined ? [] : [{ userId, userName, ...exempt }],
      ),
      skipped: results.flatMap(({ skipped }) => skipped),
    };
  } catch (error) {
    return { accountId, users: 0, cases: [], exempt: [], skipped: [], error: summarizeError(error) };
  }
};

/** Who will be warned and acted on in every account. */
export const planAll = async (run: Run, days: number): Promise<CredentialForecast> => {
  const accounts: AccountForecast[] = [];
  let done = true;
  for (const accountId of run.settings.accounts) {
    done &&= run.remainingTimeMs() >= accountReserveMs;
    if (done) accounts.push(await forecastAccount(run, accountId, days));
  }
  return { at: toInstant(run.startedAt), days, accounts, done };
};

/**
 * Checks how far a forecast looks.
 * @throws RemediationError `IAM_PLAN_INVALID`
 */
export const checkDays = (days: unknown): number => {
  if (typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= 365) return days;
  throw new RemediationError({
    code: 'IAM_PLAN_INVALID',
    message: `plan({ days }) must be a whole number of days from 0 to 365, it was ${JSON.stringify(days)}.`,
  });
};

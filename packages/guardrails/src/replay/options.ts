import { RemediationError } from '@remedykit/core';
import type { ReplayOptions } from './create-replay.ts';

const invalid = (message: string): RemediationError => new RemediationError({ code: 'REPLAY_OPTION_INVALID', message });

/**
 * Checks the options of a replay.
 * @returns how many statements there are
 * @throws `REPLAY_OPTION_INVALID`
 */
export const checkOptions = ({ policies, accounts, organizationId, rows }: ReplayOptions): number => {
  const levels = [...(policies.serviceControlPolicies ?? []), ...(policies.resourceControlPolicies ?? [])];
  const documents = levels.flatMap((level) => level.policies);
  const statements = documents.reduce((sum, { document }) => sum + document.Statement.length, 0);
  if (statements === 0)
    throw invalid('There is no policy to replay: give serviceControlPolicies or resourceControlPolicies.');
  if (policies.serviceControlPolicies?.length === 0 || policies.resourceControlPolicies?.length === 0)
    throw invalid('A list of levels is empty: leave it out where there is no policy of the type.');
  if (accounts !== undefined && (accounts.length === 0 || accounts.some((one) => !/^\d{12}$/.test(one))))
    throw invalid('accounts must be ids of 12 digits, at least one; leave it out for all.');
  if (policies.managementAccountId !== undefined && !/^\d{12}$/.test(policies.managementAccountId))
    throw invalid('managementAccountId must be an id of 12 digits.');
  if (organizationId !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organizationId))
    throw invalid('organizationId must be an id such as o-a1b2c3d4e5.');
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows >= 0 && rows <= 10_000))
    throw invalid('rows must be a whole number up to 10,000.');
  return statements;
};

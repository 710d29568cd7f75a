import { type CredentialEnforcer, createCredentialEnforcer } from '@remedykit/iam';
import type { Parts } from './parts.ts';
import type { Settings } from './settings.ts';

/** The enforcer that the three handlers share. */
export const createEnforcer = (settings: Settings, { notifier: _, onRun: __, ...parts }: Parts): CredentialEnforcer => {
  const { mode, accounts, allowedRecipientDomains, fallbackRecipient, rolloutDate, mfa, accessKeys } = settings;
  const { minimumWarningDays, undeliverable, exemptions } = settings;
  return createCredentialEnforcer({
    mode,
    accounts,
    allowedRecipientDomains,
    fallbackRecipient,
    rolloutDate,
    mfa,
    accessKeys,
    minimumWarningDays,
    undeliverable,
    exemptions,
    limits: { maxUsersPerDay: 25, maxPercentPerDay: 5 },
    breakGlass: [],
    ownPrincipals: [],
    ...parts,
  });
};

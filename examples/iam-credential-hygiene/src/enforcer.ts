import { type CredentialEnforcer, createCredentialEnforcer } from '@remedykit/iam';
import type { Parts } from './parts.ts';
import type { Settings } from './settings.ts';

/** The enforcer that the handlers share. */
export const createEnforcer = (settings: Settings, { notifier: _, onRun: __, ...parts }: Parts): CredentialEnforcer => {
  const { mode, accounts, allowedRecipientDomains, fallbackRecipient, rolloutDate, mfa, accessKeys } = settings;
  const { minimumWarningDays, undeliverable, limits, breakGlass, ownPrincipals, exemptions } = settings;
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
    limits,
    breakGlass,
    ownPrincipals,
    exemptions,
    ...parts,
  });
};

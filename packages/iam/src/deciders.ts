import type { Decider, Deciders } from '@remedykit/core';
import { decideCredentialAction } from './actions/decide-credential-action.ts';
import { guardUser } from './actions/guard.ts';
import { decideUser } from './enforcer/decide-user.ts';
import { decideConsoleAction } from './mfa/decide-console-action.ts';
import type { MfaPolicies } from './mfa/mfa-policies.ts';
import { decidePolicyDrift, type PolicyDrift, type PolicyVersionFacts } from './mfa/policy-drift.ts';
import { decideRestore } from './restore/decide-restore.ts';

const decideDrift: Decider<PolicyVersionFacts, MfaPolicies, readonly PolicyDrift[]> = (found, expected) =>
  decidePolicyDrift(expected, found);

/**
 * The deciders of this package by the names under which audit records know them, for `replay(record, credentialDeciders)`
 * of `@remedykit/core`.
 */
export const credentialDeciders: Deciders = {
  /** Where each case of a user stands, and which mails are due. */
  'credentials/user': decideUser,
  /** Whether a credential whose time is up is deactivated. */
  'credentials/credential': decideCredentialAction,
  /** Whether a user's console access is denied, or given back. */
  'credentials/console': decideConsoleAction,
  /** Whether the two MFA policies are as they must be. */
  'credentials/policy-drift': decideDrift,
  /** Which steps of a user may be carried out. */
  'credentials/guard': guardUser,
  /** Whether a change is undone. */
  'credentials/restore': decideRestore,
};

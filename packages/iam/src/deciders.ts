import type { Deciders } from '@remedykit/core';
import { decideUser } from './enforcer/decide-user.ts';

/**
 * The deciders of this package by the names under which audit records know them, for `replay(record, credentialDeciders)`
 * of `@remedykit/core`.
 */
export const credentialDeciders: Deciders = { 'credentials/user': decideUser };

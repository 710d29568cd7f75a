import type { Deciders } from '@remedykit/core';
import { decideThreats } from '../gate/decide-threats.ts';
import { decideOverflow } from '../overflow/decide-overflow.ts';
import { decideEntries } from './entries/decide-entries.ts';
import { decideReconcile } from './reconcile/decide-reconcile.ts';
import { decideDrain, decideSweep, decideUnblock } from './release/decide-release.ts';

/**
 * The deciders of the network ACL blocker by the names in its audit records, for `replay(record, naclDeciders)`.
 */
export const naclDeciders: Deciders = {
  'nacl/threats': decideThreats,
  'nacl/entries': decideEntries,
  'nacl/overflow': decideOverflow,
  'nacl/sweep': decideSweep,
  'nacl/unblock': decideUnblock,
  'nacl/reconcile': decideReconcile,
  'nacl/drain': decideDrain,
};

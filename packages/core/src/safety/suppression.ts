import { RemediationError } from '../errors.ts';
import type { StateStore } from '../state/store.ts';
import { type Clock, systemClock, toInstant } from '../time.ts';
import { changeControl, controlKey, isCidr, type Suppression } from './control-document.ts';
import { authorFault } from './request.ts';

/** How many suppressions one control document holds. */
const maxSuppressions = 500;

const faultOf = (suppression: Suppression, now: Date): string | undefined => {
  const { cidr, until } = suppression;
  if (!isCidr(cidr))
    return `cidr must be an address with a prefix length, as in 198.51.100.7/32; it is ${JSON.stringify(cidr)}.`;
  if (!(Date.parse(until) > now.getTime()))
    return `until of ${cidr} must be an ISO 8601 instant in the future, it is ${JSON.stringify(until)}.`;
  return authorFault(suppression);
};

// Only the documented fields, whatever else the caller's object carries.
const normalize = ({ cidr, reason, requestedBy, until }: Suppression): Suppression => ({
  cidr,
  reason,
  requestedBy,
  until: toInstant(new Date(until)),
});

/**
 * Keeps ranges from being blocked, in one account or in all; workers notice within 15 seconds. A range that is suppressed
 * already takes the new reason and end. Expired ones are dropped. Returns all that are in force in the document.
 * IAM actions: those of the store's `get` and writes.
 * @throws RemediationError `SUPPRESSION_INVALID`, `SUPPRESSIONS_FULL` (more than 500; nothing was added),
 * `OPTION_INVALID` (account), `CONTROL_MALFORMED`, `SCHEMA_NEWER`, `STATE_CONFLICT` (retryable)
 */
export const addSuppressions = async (
  store: StateStore,
  suppressions: readonly Suppression[],
  { accountId, now = systemClock }: { readonly accountId?: string; readonly now?: Clock } = {},
): Promise<readonly Suppression[]> => {
  const at = now();
  for (const suppression of suppressions) {
    const fault = faultOf(suppression, at);
    if (fault !== undefined) throw new RemediationError({ code: 'SUPPRESSION_INVALID', message: fault });
  }
  const key = controlKey(accountId);
  let inForce: readonly Suppression[] = [];
  await changeControl(store, key, (document) => {
    const byCidr = new Map<string, Suppression>();
    for (const suppression of [...document.suppressions, ...suppressions])
      if (Date.parse(suppression.until) > at.getTime()) byCidr.set(suppression.cidr, normalize(suppression));
    if (byCidr.size > maxSuppressions)
      throw new RemediationError({
        code: 'SUPPRESSIONS_FULL',
        message: `The document ${key} would hold ${byCidr.size} suppressions, at most ${maxSuppressions} fit. Put lasting exceptions into the allow-list.`,
      });
    inForce = [...byCidr.values()];
    return { ...document, suppressions: inForce };
  });
  return inForce;
};

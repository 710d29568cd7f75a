import { days, RemediationError } from '@remedykit/core';
import type { CallOptions } from '../options.ts';
import type { Target } from '../outcome.ts';
import { requestFault } from '../release/request.ts';
import type { Run } from '../run.ts';

/** What a person wants to have taken over: denies in the reserved range that no ledger knows. */
export interface AdoptOptions {
  readonly requestedBy: string;
  readonly reason: string;
  /** When the adopted denies end; at most a year ahead. */
  readonly expires: Date;
  /** Default: in every network ACL that is looked at. */
  readonly networkAclIds?: readonly string[];
  /** Default: every rule number of the reserved range. */
  readonly ruleNumbers?: readonly number[];
}

/** Options of `reconcile`. */
export interface ReconcileOptions extends CallOptions {
  /** Accounts and Regions to look at besides those that have ledgers: after a lost table none has. */
  readonly targets?: readonly Target[];
  readonly adopt?: AdoptOptions;
  /** Where an earlier `reconcile` stopped. */
  readonly cursor?: string;
}

/** The options, checked. Throws `RECONCILE_OPTION_INVALID`. */
export const checkReconcileOptions = (run: Run, { targets = [], adopt }: ReconcileOptions): void => {
  for (const target of targets) {
    if (!/^\d{12}$/.test(target?.accountId) || !/^[a-z0-9-]+$/.test(target?.region ?? '')) {
      throw invalid('"targets" must hold an accountId of 12 digits and a region each');
    }
  }
  if (adopt === undefined) return;
  const fault = requestFault(adopt);
  if (fault) throw invalid(`adopt: ${fault}`);
  const ahead = adopt.expires instanceof Date ? adopt.expires.getTime() - run.now().getTime() : Number.NaN;
  if (!(ahead > 0 && ahead <= days(366)))
    throw invalid('adopt: "expires" must be a Date in the future, a year ahead at most');
};

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'RECONCILE_OPTION_INVALID', message: `reconcile: ${what}.` });

import { isRemediationError, type Stored } from '@remedykit/core';
import type { Run } from '../run.ts';
import type { ReadLedger } from './change-ledger.ts';
import { type LedgerId, ledgerPrefix } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';

/** A stored document: the ledger in it, or why it is none. */
export type FoundLedger =
  | { readonly id: LedgerId; readonly read: ReadLedger }
  | { readonly key: string; readonly problem: { readonly code: string; readonly message: string } };

/** A page of ledgers, and the token with which it was read. */
export interface LedgerPage {
  readonly token?: string;
  readonly nextToken?: string;
  readonly ledgers: readonly FoundLedger[];
}

/** All ledgers, or those whose key begins with `prefix`, page by page, from `token` on. */
export async function* ledgerPages(
  { settings }: Run,
  from?: string,
  prefix: string = ledgerPrefix,
): AsyncGenerator<LedgerPage> {
  let token = from;
  for (;;) {
    const page = await settings.store.list(prefix, token === undefined ? {} : { token });
    const { nextToken } = page;
    const ledgers = page.documents.map(foundLedger);
    yield { ...(token === undefined ? {} : { token }), ...(nextToken === undefined ? {} : { nextToken }), ledgers };
    if (nextToken === undefined) return;
    token = nextToken;
  }
}

const foundLedger = ({ key, value, version }: Stored): FoundLedger => {
  try {
    const ledger = parseLedger(value, key);
    const { accountId, region, networkAclId, direction } = ledger;
    return { id: { accountId, region, networkAclId, direction }, read: { ledger, version } };
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    return { key, problem: { code: error.code, message: error.message } };
  }
};

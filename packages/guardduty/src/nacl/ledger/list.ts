import { RemediationError } from '@remedykit/core';
import type { PortRange, Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import { type FoundLedger, ledgerPages } from './ledgers.ts';

/** One deny of ours, as the ledger has it. */
export interface ListedEntry extends Target {
  readonly networkAclId: string;
  readonly direction: 'ingress' | 'egress';
  readonly ruleNumber: number;
  readonly cidr: string;
  readonly protocol: '6' | '17' | '-1';
  readonly ports?: PortRange;
  readonly status: 'claimed' | 'active' | 'releasing';
  readonly firstBlockedAt: string;
  readonly lastSeen: string;
  readonly expiresAt: string;
  readonly hits: number;
  readonly sightings: number;
  readonly severity: number;
  readonly findingType: string;
  readonly findingIds: readonly string[];
}

/** Every deny of ours, everywhere. Throws `LEDGER_INVALID` or `LEDGER_NEWER` rather than leaving any out. */
export const listEntries = async (run: Run): Promise<ListedEntry[]> => {
  const entries: ListedEntry[] = [];
  for await (const { ledgers } of ledgerPages(run)) for (const found of ledgers) entries.push(...entriesOf(found));
  return entries;
};

const entriesOf = (found: FoundLedger): ListedEntry[] => {
  if ('problem' in found) throw new RemediationError(found.problem);
  const { accountId, region, networkAclId, direction } = found.id;
  return found.read.ledger.slots.map((slot) => {
    const { lease: _l, madeBy: _m, writtenAt: _w, spoofable: _s, replaced: _r, ...entry } = slot;
    return { accountId, region, networkAclId, direction, ...entry };
  });
};

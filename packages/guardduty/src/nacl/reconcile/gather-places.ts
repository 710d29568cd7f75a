import { pausedFor, type Reason, resolveMode } from '@remedykit/core';
import { emptyLedger, type LedgerId, ledgerKey, ledgerPrefix } from '../ledger/ledger.ts';
import { type FoundLedger, ledgerPages } from '../ledger/ledgers.ts';
import type { Target } from '../outcome.ts';
import { gatherAllAcls } from '../release/gather-all-acls.ts';
import type { Run } from '../run.ts';
import type { Compared } from './reconcile-place.ts';

/** A ledger that cannot be read: set aside, and nothing is concluded about its network ACL. */
export type BrokenLedger = Extract<FoundLedger, { problem: unknown }>;

export type Place = Compared | BrokenLedger;

/** The key of a place's ledger. */
export const keyOf = (place: Place): string => ('key' in place ? place.key : ledgerKey(place.id));

/** How the keys of an account's and Region's ledgers begin. */
export const prefixOf = ({ accountId, region }: Target): string => `${ledgerPrefix}${accountId}/${region}/`;

const inKeyOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where to look. */
export interface Targets {
  /** Accounts and Regions that have ledgers, and those that were named, in the order of their keys. */
  readonly targets: readonly Target[];
  /** Documents among the ledgers whose key names no network ACL. */
  readonly strays: readonly BrokenLedger[];
}

/** Finds out where to look. */
export const gatherTargets = async (run: Run, named: readonly Target[]): Promise<Targets> => {
  const strays: BrokenLedger[] = [];
  const targets = new Map(
    named.map(({ accountId, region }) => [prefixOf({ accountId, region }), { accountId, region }]),
  );
  for await (const { ledgers } of ledgerPages(run)) {
    for (const found of ledgers) {
      const [, accountId, region] =
        /^nacl\/(\d{12})\/([^/]+)\/./.exec('key' in found ? found.key : ledgerKey(found.id)) ?? [];
      if (accountId !== undefined && region !== undefined) {
        targets.set(prefixOf({ accountId, region }), { accountId, region });
      } else if ('key' in found) strays.push(found);
    }
  }
  return { targets: [...targets].toSorted(([a], [b]) => inKeyOrder(a, b)).map(([, target]) => target), strays };
};

/**
 * Every direction of every network ACL of an account and Region with its ledger, and the ledgers whose network ACL is
 * gone, in the order of their keys; or why the account must not be looked at. Throws what EC2 and the store throw.
 */
export const gatherPlaces = async (
  run: Run,
  target: Target,
): Promise<{ readonly places: readonly Place[] } | { readonly problem: Reason }> => {
  const { settings } = run;
  const found = new Map<string, FoundLedger>();
  for await (const { ledgers } of ledgerPages(run, undefined, prefixOf(target))) {
    for (const ledger of ledgers) found.set('key' in ledger ? ledger.key : ledgerKey(ledger.id), ledger);
  }
  const broken = [...found.values()].filter((ledger) => 'key' in ledger);
  const control = await settings.control.read(target.accountId);
  const unreadable = control.readable ? undefined : pausedFor(control, 'release', run.now());
  if (unreadable) return { problem: unreadable };
  const preview = (await resolveMode(settings.mode, target)) === 'dry-run';
  const acls = new Map(
    (await gatherAllAcls(settings.ec2(target), target.accountId)).map((acl) => [acl.NetworkAclId ?? '', acl]),
  );
  const ids = new Map<string, LedgerId>();
  for (const networkAclId of acls.keys()) {
    for (const direction of ['ingress', 'egress'] as const) {
      const id = { ...target, networkAclId, direction };
      ids.set(ledgerKey(id), id);
    }
  }
  for (const [key, ledger] of found) if (!('key' in ledger)) ids.set(key, ledger.id);
  const places = [...ids].flatMap(([key, id]): Place[] => {
    const ledger = found.get(key);
    if (ledger && 'key' in ledger) return [];
    const acl = acls.get(id.networkAclId);
    const read = ledger?.read ?? { ledger: emptyLedger(id) };
    return [{ id, read, control, preview, ...(acl ? { acl } : {}) }];
  });
  return { places: [...places, ...broken].toSorted((a, b) => inKeyOrder(keyOf(a), keyOf(b))) };
};

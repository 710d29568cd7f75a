import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { type ControlState, mapConcurrent } from '@remedykit/core';
import type { Settings } from '../nacl/settings.ts';
import type { InventoryFacts } from './inventory.ts';

/**
 * Whether the blocker works in the account that owns a network ACL and shares its VPC: it is listed, a client reaches it,
 * and it is not the management account.
 */
export const worksInOwner = async (
  { reachesAccounts, policy, isListed }: Pick<Settings, 'reachesAccounts' | 'policy' | 'isListed'>,
  ownerId: string,
): Promise<boolean> =>
  reachesAccounts && ownerId !== policy.managementAccountId && /^\d{12}$/.test(ownerId) && (await isListed(ownerId));

/** What the owner of a shared VPC knows about who must never be denied, and what people have said about its account. */
export interface OwnerFacts extends InventoryFacts {
  readonly ownerId: string;
  readonly control: ControlState;
}

/** The facts of the accounts besides the finding's own whose network ACLs would be changed. */
export const gatherOwnerFacts = async (
  settings: Settings,
  { accountId, region }: { readonly accountId: string; readonly region: string },
  acls: Iterable<NetworkAcl>,
): Promise<OwnerFacts[]> => {
  const owners = new Set([...acls].flatMap(({ OwnerId }) => (OwnerId === accountId ? [] : (OwnerId ?? []))));
  const read = await mapConcurrent([...owners], 4, async (ownerId): Promise<OwnerFacts | undefined> => {
    if (!(await worksInOwner(settings, ownerId))) return undefined;
    const known = await settings.inventory.gather({ accountId: ownerId, region });
    return { ...known, ownerId, control: await settings.control.read(ownerId) };
  });
  return read.flatMap((result) => {
    if (!result.ok) throw result.error;
    return result.value ?? [];
  });
};

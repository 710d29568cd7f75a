import type { GetManagedPrefixListEntriesCommandInput } from '@aws-sdk/client-ec2';
import { pageOf } from './describe.ts';
import { missingParameter, prefixListNotFound } from './errors.ts';
import type { World } from './state.ts';

/** The answer to GetManagedPrefixListEntries: 1 to 100 a page. */
export const getManagedPrefixListEntries = (
  world: World,
  input: GetManagedPrefixListEntriesCommandInput,
  forced: number | undefined,
): object => {
  const id = input.PrefixListId;
  if (id === undefined) throw missingParameter('prefixListId');
  const list = world.prefixLists.find((one) => one.prefixListId === id);
  if (list === undefined) throw prefixListNotFound(id);
  const rules = { forced: forced ?? 100, hasIds: false, least: 1, most: 100 };
  const { page, ...next } = pageOf('GetManagedPrefixListEntries', list.cidrs, input, rules);
  return { Entries: page.map((Cidr) => ({ Cidr, Description: '' })), ...next };
};

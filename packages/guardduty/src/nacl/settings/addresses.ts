import { isRemediationError } from '@remedykit/core';
import type { AddressRanges } from '../../gate/address-ranges.ts';
import { canonicalCidr } from '../../gate/cidr.ts';
import type { AddressLists, BlockerOptions } from '../options.ts';
import { invalid } from './checks.ts';

/** Canonical; empty only where a person acknowledged it. */
export const readAllowList = ({ allowList, acknowledgeNoAllowList }: BlockerOptions): readonly string[] => {
  if (!Array.isArray(allowList)) throw invalid('allowList', 'must be a list of addresses and CIDRs');
  if ((allowList.length === 0) !== (acknowledgeNoAllowList === true)) {
    throw allowList.length === 0
      ? invalid('allowList', 'is empty: list who must never be blocked, or say acknowledgeNoAllowList: true')
      : invalid('acknowledgeNoAllowList', 'is for an empty allowList only; this one is not empty');
  }
  return readCidrs('allowList', allowList);
};

/** Lists by name; those that are read later stay functions. */
export const readLists = (option: string, lists: AddressLists | undefined): AddressLists => {
  if (lists === undefined) return {};
  if (typeof lists !== 'object' || lists === null || Array.isArray(lists))
    throw invalid(option, 'must be an object of lists by name');
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [
      name,
      typeof list === 'function' ? list : readCidrs(`${option}.${name}`, list),
    ]),
  );
};

/** Canonical. */
export const readCidrs = (option: string, cidrs: readonly string[]): readonly string[] => {
  if (!Array.isArray(cidrs)) throw invalid(option, 'must be a list of addresses and CIDRs');
  for (const entry of cidrs)
    if (typeof entry !== 'string') throw invalid(option, `must hold text; one entry is ${String(entry)}`);
  try {
    return cidrs.map((entry: string) => canonicalCidr(entry));
  } catch (cause) {
    throw invalid(option, `has an entry that cannot be read: ${isRemediationError(cause) ? cause.message : ''}`, cause);
  }
};

/** Which special ranges count as routable. */
export const readAddressRanges = (ranges: AddressRanges): AddressRanges => {
  const routable: unknown = ranges?.routable;
  if (!Array.isArray(routable)) throw invalid('addressRanges', 'must hold a list of ranges, "routable"');
  try {
    return { routable: routable.map((range: string) => canonicalCidr(range)) };
  } catch (cause) {
    throw invalid('addressRanges', 'has a range that cannot be read', cause);
  }
};

import { days, hours } from '@remedykit/core';
import type { BlockerOptions } from '../options.ts';
import type { BlockerPolicy } from '../policy.ts';
import { invalid, milliseconds, readFlag, whole } from './checks.ts';

/** What decisions depend on. */
export const readPolicy = (options: BlockerOptions): BlockerPolicy => {
  const blockFor = milliseconds('blockFor', options.blockFor);
  const ruleNumbers = options.ruleNumbers ?? { from: 10, to: 99 };
  const quota = options.quota ?? 20;
  const headroom = options.headroom ?? 2;
  const { ports = 'attacked', ipv6PrefixLength = 64 } = options;
  whole('ruleNumbers.from', ruleNumbers.from, 1, 32_766);
  whole('ruleNumbers.to', ruleNumbers.to, ruleNumbers.from, 32_766);
  if (ruleNumbers.to - ruleNumbers.from >= 200) throw invalid('ruleNumbers', 'must span at most 200 numbers');
  if (ports !== 'attacked' && ports !== 'all') throw invalid('ports', "must be 'attacked' or 'all'");
  if (ipv6PrefixLength !== 64 && ipv6PrefixLength !== 128) throw invalid('ipv6PrefixLength', 'must be 64 or 128');
  return {
    blockFor,
    maxBlockFor: milliseconds('maxBlockFor', options.maxBlockFor ?? Math.max(days(7), blockFor), blockFor),
    maxFindingAge: milliseconds('maxFindingAge', options.maxFindingAge ?? hours(12)),
    maxSpoofableBlockFor: hours(1),
    ports,
    ipv6PrefixLength,
    ruleNumbers: { from: ruleNumbers.from, to: ruleNumbers.to },
    quota: whole('quota', quota, 1, 40),
    headroom: whole('headroom', headroom, 0, quota),
    entryWritesPerHour: whole('entryWritesPerHour', options.entryWritesPerHour ?? 30, 0, 10_000),
    newDeniesPerHour: whole('newDeniesPerHour', options.newDeniesPerHour ?? 30, 0, 10_000),
    newDeniesPerAccountAndDay: whole(
      'newDeniesPerAccountAndDay',
      options.newDeniesPerAccountAndDay ?? 500,
      0,
      1_000_000,
    ),
    trustCustomThreatLists: readFlag('trustCustomThreatLists', options.trustCustomThreatLists),
    ...readManagementAccount(options),
    trust: options.trust?.channels ?? 'read-back',
  };
};

const readManagementAccount = ({
  managementAccountId,
  acknowledgeManagementAccount,
}: BlockerOptions): Pick<BlockerPolicy, 'managementAccountId'> => {
  const acknowledged = readFlag('acknowledgeManagementAccount', acknowledgeManagementAccount);
  if (managementAccountId === undefined) {
    if (acknowledged) throw invalid('acknowledgeManagementAccount', 'needs "managementAccountId"');
    return {};
  }
  if (typeof managementAccountId !== 'string' || !/^\d{12}$/.test(managementAccountId)) {
    throw invalid('managementAccountId', `must be an account id of 12 digits, as text; it is ${managementAccountId}`);
  }
  return acknowledged ? {} : { managementAccountId };
};

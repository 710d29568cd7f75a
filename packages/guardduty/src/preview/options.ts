import {
  type Clock,
  type Duration,
  days,
  hours,
  isRemediationError,
  RemediationError,
  systemClock,
} from '@remedykit/core';
import { type AddressRanges, internetAddressRanges } from '../gate/address-ranges.ts';
import type { KnownLists } from '../gate/answers.ts';
import { type AwsRanges, createAwsRanges } from '../gate/aws-ranges/aws-ranges.ts';
import { canonicalCidr } from '../gate/cidr.ts';
import { createRanges, type Ranges } from '../gate/ranges.ts';
import type { BlockerPolicy } from '../nacl/policy.ts';

/** Options of `createPreview`: those of the blocker that need no AWS. Zero means none. */
export interface PreviewOptions {
  /** Addresses and CIDRs that are never denied. Default: none, which the report says. */
  readonly allowList?: readonly string[];
  /** Accounts whose findings are acted on. Default: every account that the findings name. */
  readonly accounts?: readonly string[];
  /** How long a deny holds after the last sighting, ms. Default 24 hours. */
  readonly blockFor?: Duration;
  /** How long a deny is extended at most, ms. Default 7 days, or `blockFor` if longer. */
  readonly maxBlockFor?: Duration;
  /** Entries per direction and family, the default deny included: 1 to 40. Default 20. */
  readonly quota?: number;
  /** Entries left free for people. Default 2. */
  readonly headroom?: number;
  /** Entries of your own that each network ACL is taken to have per direction and family. Default 1: the allow of a new one. */
  readonly ownRules?: number;
  /** AWS's own address ranges, `await awsRangesSnapshot()`. Default: none, which the report says. */
  readonly awsRanges?: AwsRanges;
  /** Which special ranges are routable after all; for tests alone. */
  readonly addressRanges?: AddressRanges;
  /** Default: the machine's clock. */
  readonly now?: Clock;
  /** How much is held in memory; for tests alone. */
  readonly limits?: Partial<PreviewLimits>;
}

/** Beyond these, findings are still judged and counted, but no longer told apart. */
export interface PreviewLimits {
  /** Denies by finding, address and place. */
  readonly sightings: number;
  /** Addresses. */
  readonly attackers: number;
  /** Subnets, or instances where no subnet is named. */
  readonly places: number;
  /** Finding types, and rows of each table of reasons. */
  readonly types: number;
  /** Findings whose copies are recognised. */
  readonly copies: number;
  /** Rows of each list of the report. */
  readonly rows: number;
}

/** The options, checked and complete. */
export interface PreviewSettings {
  readonly policy: BlockerPolicy;
  /** Who is never denied, as far as it is known without AWS. */
  readonly known: KnownLists;
  /** When AWS's ranges were published; absent: they are not known. */
  readonly awsRangesAsOf?: Date;
  /** Absent: every account. */
  readonly accounts?: ReadonlySet<string>;
  readonly ownRules: number;
  readonly addressRanges: AddressRanges;
  readonly now: Clock;
  readonly limits: PreviewLimits;
}

const defaultLimits: PreviewLimits = {
  sightings: 1_000_000,
  attackers: 300_000,
  places: 50_000,
  types: 2_000,
  copies: 1_000_000,
  rows: 1_000,
};

const invalid = (option: string, what: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'PREVIEW_OPTION_INVALID', message: `Preview: "${option}" ${what}.`, cause });

const whole = (option: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(option, `must be a whole number from ${least} to ${most}; it is ${value}`);
};

/** As the blocker has it: longer, and the end of a block would have no date that can be stored. */
const longestBlock = days(3_650);

const duration = (option: string, value: number, least: number): number => {
  if (Number.isFinite(value) && value >= least && value <= longestBlock) return value;
  throw invalid(option, `must be from ${least} to ${longestBlock} milliseconds; it is ${value}`);
};

const readAllowList = (allowList: readonly string[]): Ranges => {
  const cidrs = allowList.map((entry, index) => {
    try {
      return canonicalCidr(entry);
    } catch (cause) {
      throw invalid(
        'allowList',
        `, entry ${index + 1}: ${isRemediationError(cause) ? cause.message : 'unreadable'}`,
        cause,
      );
    }
  });
  return createRanges(cidrs.map((cidr) => ({ cidr })));
};

const readAccounts = (accounts: readonly string[]): ReadonlySet<string> => {
  const wrong = accounts.find((account) => !/^\d{12}$/.test(account));
  if (wrong !== undefined)
    throw invalid('accounts', `must hold account ids of 12 digits; one is "${wrong.slice(0, 40)}"`);
  return new Set(accounts);
};

/**
 * Checks the options before anything is read.
 * @throws RemediationError `PREVIEW_OPTION_INVALID`, naming the option, what it must be and what it was
 */
export const readPreviewOptions = (options: PreviewOptions): PreviewSettings => {
  const blockFor = duration('blockFor', options.blockFor ?? hours(24), 1);
  const quota = whole('quota', options.quota ?? 20, 1, 40);
  return {
    policy: {
      blockFor,
      maxBlockFor: duration('maxBlockFor', options.maxBlockFor ?? Math.max(days(7), blockFor), blockFor),
      maxFindingAge: hours(12),
      maxSpoofableBlockFor: hours(1),
      ports: 'attacked',
      ipv6PrefixLength: 64,
      ruleNumbers: { from: 10, to: 99 },
      quota,
      headroom: whole('headroom', options.headroom ?? 2, 0, quota),
      entryWritesPerHour: 30,
      newDeniesPerHour: 30,
      newDeniesPerAccountAndDay: 500,
      trustCustomThreatLists: false,
      trust: 'read-back',
    },
    known: {
      allowList: readAllowList(options.allowList ?? []),
      ...(options.awsRanges ? { aws: createAwsRanges(options.awsRanges) } : {}),
    },
    ...(options.awsRanges ? { awsRangesAsOf: options.awsRanges.asOf } : {}),
    ...(options.accounts ? { accounts: readAccounts(options.accounts) } : {}),
    ownRules: whole('ownRules', options.ownRules ?? 1, 0, 40),
    addressRanges: options.addressRanges ?? internetAddressRanges,
    now: options.now ?? systemClock,
    limits: { ...defaultLimits, ...options.limits },
  };
};

/** How many denies fit into one direction of a network ACL, per family. */
export const capacityOf = ({ policy, ownRules }: Pick<PreviewSettings, 'policy' | 'ownRules'>): number => {
  const { quota, headroom, ruleNumbers } = policy;
  // The default deny is one of the entries.
  return Math.min(Math.max(0, quota - headroom - 1 - ownRules), ruleNumbers.to - ruleNumbers.from + 1);
};

import type { EC2Client } from '@aws-sdk/client-ec2';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { AuditSink, Clock, Duration, ModeOption, Observe, StateStore } from '@remedykit/core';
import type { AddressRanges } from '../gate/address-ranges.ts';
import type { AwsRanges } from '../gate/aws-ranges/aws-ranges.ts';
import type { OverflowBlocker } from '../overflow/overflow-blocker.ts';
import type { AuditTrail } from './explain/explanation.ts';
import type { PortRange, Target } from './outcome.ts';

/** The part of the EC2 client that the blocker uses. */
export type Ec2 = Pick<EC2Client, 'send'>;

/** The part of the GuardDuty client that the blocker uses. */
export type GuardDuty = Pick<GuardDutyClient, 'send'>;

/** One client for everything, or the client for an account and Region. */
export type ClientOption<Client> = Client | ((target: Target) => Client);

/** What a mode function is asked about. */
export interface ModeTarget extends Target {
  /** The finding's type; absent for upkeep, which concerns no single finding. */
  readonly findingType?: string;
}

/**
 * What makes a finding trustworthy. Whoever can put a message on a queue or invoke the function writes every field of it.
 * - `readBack`: before anything is written, GuardDuty itself is asked what it holds under the finding's id. Recommended.
 *   Without `detectorId` the account's own detector is looked up. Needs guardduty:GetFindings, guardduty:ListDetectors.
 * - `channels`: `'eventbridge'` for events that a rule hands to the function, or the ARN of a queue whose policy admits
 *   only the rule.
 */
export type TrustOption =
  | { readonly readBack: ClientOption<GuardDuty>; readonly detectorId?: string; readonly channels?: never }
  | { readonly channels: readonly string[]; readonly readBack?: never };

/** Public addresses of one's own in one account and Region. */
export interface OwnAddresses {
  readonly cidrs: readonly string[];
  /** When they were read. */
  readonly asOf: Date;
}

/**
 * Lists of addresses and CIDRs by name: kept here, or read by a function, at most once in five minutes. One that cannot be
 * read ends blocking until it can.
 */
export type AddressLists = Readonly<Record<string, readonly string[] | (() => Promise<readonly string[]>)>>;

/** An address that was denied before, in one direction of one network ACL. */
export interface Offender {
  readonly cidr: string;
  /** Blocks of it that ran out. */
  readonly earlierBlocks: number;
  readonly lastEndedAt: Date;
  readonly findingType: string;
  /** What the option says, ms. */
  readonly blockFor: Duration;
}

/**
 * How far a deny reaches: the network ACLs of the attacked interfaces' subnets, or every one that serves a subnet of their
 * VPCs.
 */
export type Scope = 'subnet' | 'vpc';

/** Options of `createNaclBlocker`. What is dangerous is required; zero means none. */
export interface BlockerOptions {
  /** `'dry-run'` decides and tells, `'enforce'` acts; or a function from account, Region and finding type. */
  readonly mode: ModeOption<ModeTarget>;
  /**
   * Accounts whose findings are acted on; none is listed, none is acted on. The owner of a shared VPC has to be among them
   * for its network ACLs to be changed.
   */
  readonly accounts: readonly string[] | ((accountId: string) => boolean | Promise<boolean>);
  readonly trust: TrustOption;
  /** Addresses and CIDRs that are never denied. */
  readonly allowList: readonly string[];
  /** Required, and only allowed, with an empty `allowList`: locking out a partner is one forged packet away. */
  readonly acknowledgeNoAllowList?: true;
  /** How long a deny holds after the last sighting, ms. */
  readonly blockFor: Duration;
  readonly ec2: ClientOption<Ec2>;
  readonly store: StateStore;

  /**
   * How far a deny reaches. Default `'subnet'`: the network ACLs of the attacked subnets. `'vpc'`: every one in use in the
   * VPC, which costs a slot in each and reaches hosts that nobody attacked.
   */
  readonly scope?: Scope;
  /**
   * The management account of the organisation, 12 digits. Its findings are refused, and network ACLs that it shares are
   * left alone: service control policies do not hold there, so a role that may write there should not exist.
   */
  readonly managementAccountId?: string;
  /** Acts in the management account all the same. Only allowed with `managementAccountId`. */
  readonly acknowledgeManagementAccount?: boolean;
  /**
   * Who denies what finds no room in a network ACL, what gave way there, and what stands in one that is flooded or
   * contested: each is handed to the first that covers it.
   */
  readonly overflow?: readonly OverflowBlocker[];
  /** How long a deny is extended at most, counted from the first block, ms. Default 7 days. */
  readonly maxBlockFor?: Duration;
  /** Findings last seen longer ago are escalated, not acted on, ms. Default 12 hours. */
  readonly maxFindingAge?: Duration;
  /** What an ingress deny covers. Default `'attacked'`: the ports that were attacked and no others. */
  readonly ports?: 'attacked' | 'all';
  /** How wide an IPv6 attacker is denied. Default 64. */
  readonly ipv6PrefixLength?: 64 | 128;
  /** Rule numbers reserved for remedykit, before every allow. Default 10 to 99. */
  readonly ruleNumbers?: PortRange;
  /** Entries per direction and family that your network ACLs may have, default deny included. Default 20, AWS's own. */
  readonly quota?: number;
  /** Entries left free for people. Default 2. */
  readonly headroom?: number;
  /** Entry writes per network ACL and direction in any hour beyond which no new deny is written. Default 30. */
  readonly entryWritesPerHour?: number;
  /** New denies per network ACL and direction in any hour. Default 30. */
  readonly newDeniesPerHour?: number;
  /**
   * New denies per account in any day, over all its Regions and network ACLs. Counted from ledgers that were read at most a
   * minute ago, so it may be exceeded by what is written in that minute. Default 500.
   */
  readonly newDeniesPerAccountAndDay?: number;
  /**
   * How long the deny of an address holds that was denied before, ms; never shorter than `blockFor`, never beyond
   * `maxBlockFor`. What it answers enters the audit record. Default: as long as the first time.
   */
  readonly repeatOffender?: (offender: Offender) => Duration;
  /**
   * Whether findings of a threat list of your own (`MaliciousIPCaller.Custom`) deny: then whoever may write that list
   * chooses whom we block. Default false: they call a person.
   */
  readonly trustCustomThreatLists?: boolean;
  /** Longest time that one call may take when `remainingTimeMs` is not passed, ms. Default 15 minutes, Lambda's longest. */
  readonly functionTimeout?: Duration;
  /** Own public addresses; default: the addresses and interfaces of the account and Region, from EC2. */
  readonly ownAddresses?: (target: Target) => Promise<OwnAddresses>;
  /** How old an answer of `ownAddresses` may be, ms. Default 48 hours: daily, with one missed run. */
  readonly maxOwnAddressesAge?: Duration;
  /** AWS's own address ranges, whose services are never denied. Default: those that this version ships, of `awsRangesAsOf`. */
  readonly awsRanges?: () => Promise<AwsRanges>;
  /**
   * How old `awsRanges` may be to stand in for own addresses that cannot be had, ms. Default 7 days. Then only what is
   * neither EC2's nor in `byoipPools` is denied; your networks outside AWS have to be in `allowList`.
   */
  readonly maxAwsRangesAge?: Duration;
  /** CIDRs of your own that you brought to AWS; they are not in AWS's list of EC2's ranges. */
  readonly byoipPools?: readonly string[];
  /** Partners who are never denied, by name. */
  readonly partnerLists?: AddressLists;
  /** Proxies and CDNs in front of your hosts, by name: an attacker behind one is escalated, for its address is everybody's. */
  readonly proxyLists?: AddressLists;
  /** Which special ranges are routable after all; for tests alone. */
  readonly addressRanges?: AddressRanges;
  /**
   * Who changed a network ACL since an instant, in words for people (`role/terraform`), or undefined where that is not
   * known; CloudTrail's LookupEvents knows after some minutes. Asked when `reconcile` finds a network ACL contested.
   */
  readonly whoChanged?: (target: Target, networkAclId: string, since: Date) => Promise<string | undefined>;
  /** Reads audit records back for `explain`; without it, `explain` knows the present alone. */
  readonly auditTrail?: AuditTrail;
  /** Where audit records go. Default: one JSON line each on stdout. */
  readonly audit?: AuditSink;
  readonly observe?: Observe;
  /** Default: the machine's clock. */
  readonly now?: Clock;
  readonly newId?: () => string;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  readonly random?: () => number;
}

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds left to the caller, `() => context.getRemainingTimeInMillis()` in a Lambda function. */
  readonly remainingTimeMs?: () => number;
}

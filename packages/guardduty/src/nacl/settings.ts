import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AuditSink,
  type Clock,
  type ControlReader,
  createControlReader,
  createJsonLineSink,
  type Duration,
  days,
  hours,
  type ModeOption,
  minutes,
  type Observe,
  type StateStore,
  silent,
  systemClock,
} from '@remedykit/core';
import { type AddressRanges, internetAddressRanges } from '../gate/address-ranges.ts';
import { awsRangesSnapshot } from '../gate/aws-ranges/snapshot.ts';
import { createInventory, type Inventory } from '../gate/inventory.ts';
import { createReadBack, type ReadBack } from '../gate/read-back.ts';
import type { OverflowBlocker } from '../overflow/overflow-blocker.ts';
import { clientFor } from './client-for.ts';
import type { AuditTrail } from './explain/explanation.ts';
import { type AccountDenies, createAccountDenies } from './ledger/account-denies.ts';
import type { BlockerOptions, Ec2, ModeTarget, Scope, TrustOption } from './options.ts';
import type { Target } from './outcome.ts';
import type { BlockerPolicy } from './policy.ts';
import { readAddressRanges, readAllowList, readCidrs, readLists } from './settings/addresses.ts';
import { invalid, isClient, milliseconds } from './settings/checks.ts';
import { readPolicy } from './settings/policy.ts';
import { readAccounts, readOverflow, readScope, readTrust } from './settings/sources.ts';

/** The options, checked and complete. */
export interface Settings {
  readonly policy: BlockerPolicy;
  readonly mode: ModeOption<ModeTarget>;
  readonly isListed: (accountId: string) => Promise<boolean>;
  /** The accounts, where they were given as a list. */
  readonly listedAccounts: readonly string[];
  readonly trust: TrustOption;
  /** Canonical. */
  readonly allowList: readonly string[];
  readonly scope: Scope;
  readonly ec2: (target: Target) => Ec2;
  /** Whether there is a client for every account: one alone reaches no other account's network ACLs. */
  readonly reachesAccounts: boolean;
  readonly overflow: readonly OverflowBlocker[];
  readonly store: StateStore;
  readonly control: ControlReader;
  /** New denies of the accounts' ledgers. */
  readonly accountDenies: AccountDenies;
  readonly repeatOffender?: NonNullable<BlockerOptions['repeatOffender']>;
  readonly inventory: Inventory;
  /** Absent: authority comes from the channel. */
  readonly readBack?: ReadBack;
  readonly addressRanges: AddressRanges;
  readonly functionTimeout: Duration;
  /** After this long one request to EC2 is given up, ms. */
  readonly requestTimeoutMs: Duration;
  readonly whoChanged?: NonNullable<BlockerOptions['whoChanged']>;
  readonly auditTrail?: AuditTrail;
  readonly audit: AuditSink;
  readonly observe: Observe;
  readonly now: Clock;
  readonly newId: () => string;
  readonly sleep: (ms: Duration) => Promise<unknown>;
  readonly random: () => number;
}

const known: Record<keyof BlockerOptions, true> = {
  mode: true,
  accounts: true,
  trust: true,
  allowList: true,
  acknowledgeNoAllowList: true,
  blockFor: true,
  ec2: true,
  scope: true,
  managementAccountId: true,
  acknowledgeManagementAccount: true,
  overflow: true,
  store: true,
  maxBlockFor: true,
  maxFindingAge: true,
  ports: true,
  ipv6PrefixLength: true,
  ruleNumbers: true,
  quota: true,
  headroom: true,
  entryWritesPerHour: true,
  newDeniesPerHour: true,
  newDeniesPerAccountAndDay: true,
  repeatOffender: true,
  trustCustomThreatLists: true,
  functionTimeout: true,
  ownAddresses: true,
  maxOwnAddressesAge: true,
  awsRanges: true,
  maxAwsRangesAge: true,
  byoipPools: true,
  partnerLists: true,
  proxyLists: true,
  addressRanges: true,
  whoChanged: true,
  auditTrail: true,
  audit: true,
  observe: true,
  now: true,
  newId: true,
  sleep: true,
  random: true,
};

const functions = [
  'repeatOffender',
  'ownAddresses',
  'awsRanges',
  'whoChanged',
  'auditTrail',
  'audit',
  'observe',
  'now',
  'newId',
  'sleep',
  'random',
] as const;

/**
 * Checks the options when the blocker is created, not at the first finding.
 * @throws RemediationError `BLOCKER_OPTION_INVALID`, naming the option, what it must be and what it was
 */
export const readSettings = (options: BlockerOptions): Settings => {
  for (const name of Object.keys(options)) if (!Object.hasOwn(known, name)) throw invalid(name, 'is not an option');
  for (const name of functions) {
    const given = options[name];
    if (given !== undefined && typeof given !== 'function') throw invalid(name, 'must be a function');
  }
  const { mode, accounts, trust, store, now = systemClock } = options;
  if (mode !== 'dry-run' && mode !== 'enforce' && typeof mode !== 'function') {
    throw invalid('mode', "must be 'dry-run', 'enforce' or a function; there is no default");
  }
  if (typeof store?.compareAndSet !== 'function') throw invalid('store', 'must be a state store');
  if (!isClient(options.ec2)) throw invalid('ec2', 'must be an EC2 client or a function from target to client');
  const ec2 = clientFor(options.ec2);
  const allowList = readAllowList(options);
  return {
    policy: readPolicy(options),
    mode,
    isListed: readAccounts(accounts),
    listedAccounts: typeof accounts === 'function' ? [] : [...accounts],
    trust: readTrust(trust),
    allowList,
    scope: readScope(options.scope),
    ec2,
    reachesAccounts: typeof options.ec2 === 'function',
    overflow: readOverflow(options.overflow),
    store,
    control: createControlReader(store, { now }),
    accountDenies: createAccountDenies(store, now),
    ...(options.repeatOffender ? { repeatOffender: options.repeatOffender } : {}),
    inventory: createInventory({
      ec2,
      now,
      allowList,
      partnerLists: readLists('partnerLists', options.partnerLists),
      proxyLists: readLists('proxyLists', options.proxyLists),
      byoipPools: readCidrs('byoipPools', options.byoipPools ?? []),
      ...(options.ownAddresses ? { ownAddresses: options.ownAddresses } : {}),
      maxOwnAddressesAge: milliseconds('maxOwnAddressesAge', options.maxOwnAddressesAge ?? hours(48)),
      awsRanges: options.awsRanges ?? awsRangesSnapshot,
      maxAwsRangesAge: milliseconds('maxAwsRangesAge', options.maxAwsRangesAge ?? days(7)),
    }),
    ...(trust.readBack ? { readBack: createReadBack(trust, now) } : {}),
    addressRanges: readAddressRanges(options.addressRanges ?? internetAddressRanges),
    functionTimeout: milliseconds('functionTimeout', options.functionTimeout ?? minutes(15), 1, days(1)),
    requestTimeoutMs: 5_000,
    ...(options.whoChanged ? { whoChanged: options.whoChanged } : {}),
    ...(options.auditTrail ? { auditTrail: options.auditTrail } : {}),
    audit: options.audit ?? createJsonLineSink(),
    observe: options.observe ?? silent,
    now,
    newId: options.newId ?? randomUUID,
    sleep: options.sleep ?? wait,
    random: options.random ?? Math.random,
  };
};

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
  isRemediationError,
  type ModeOption,
  minutes,
  type Observe,
  RemediationError,
  type StateStore,
  silent,
  systemClock,
} from '@remedykit/core';
import { type AddressRanges, internetAddressRanges } from '../gate/address-ranges.ts';
import { awsRangesSnapshot } from '../gate/aws-ranges/snapshot.ts';
import { canonicalCidr } from '../gate/cidr.ts';
import { createInventory, type Inventory } from '../gate/inventory.ts';
import { createReadBack, type ReadBack } from '../gate/read-back.ts';
import type { OverflowBlocker } from '../overflow/overflow-blocker.ts';
import { clientFor } from './client-for.ts';
import type { AuditTrail } from './explain/explanation.ts';
import { type AccountDenies, createAccountDenies } from './ledger/account-denies.ts';
import type { AddressLists, BlockerOptions, Ec2, ModeTarget, Scope, TrustOption } from './options.ts';
import type { Target } from './outcome.ts';
import type { BlockerPolicy } from './policy.ts';

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

/** Longer, and the end of a block would have no date that can be stored. */
const longestBlock = days(3_650);

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

const invalid = (option: string, what: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'BLOCKER_OPTION_INVALID', message: `createNaclBlocker: "${option}" ${what}.`, cause });

const readPolicy = (options: BlockerOptions): BlockerPolicy => {
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

const readScope = (scope: Scope = 'subnet'): Scope => {
  if (scope === 'subnet' || scope === 'vpc') return scope;
  throw invalid('scope', "must be 'subnet' or 'vpc'");
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

const readOverflow = (overflow: readonly OverflowBlocker[] = []): readonly OverflowBlocker[] => {
  if (!Array.isArray(overflow)) throw invalid('overflow', 'must be a list of overflow blockers');
  const names = new Set<string>();
  for (const blocker of overflow as readonly OverflowBlocker[]) {
    if (typeof blocker?.covers !== 'function' || typeof blocker.block !== 'function') {
      throw invalid('overflow', 'must hold overflow blockers: a name, and the functions "covers" and "block"');
    }
    if (typeof blocker.name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,39}$/.test(blocker.name)) {
      throw invalid('overflow', `must hold names of 1 to 40 of a-z, 0-9 and "-"; one is ${String(blocker.name)}`);
    }
    if (names.has(blocker.name)) throw invalid('overflow', `holds two blockers named ${blocker.name}`);
    names.add(blocker.name);
  }
  return [...overflow];
};

/** A client of the SDK, a fake of it, or the function from target to client. */
const isClient = (client: unknown): boolean =>
  typeof client === 'function' ||
  (typeof client === 'object' && client !== null && 'send' in client && typeof client.send === 'function');

const milliseconds = (option: string, value: number, least = 1, most = longestBlock): number => {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw invalid(option, `must be from ${least} to ${most} milliseconds (write hours(24)); it is ${value}`);
};

const whole = (option: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(option, `must be a whole number from ${least} to ${most}; it is ${value}`);
};

const readFlag = (option: string, value: boolean | undefined): boolean => {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw invalid(option, `must be true or false; it is ${String(value)}`);
};

const readAccounts = (accounts: BlockerOptions['accounts']): Settings['isListed'] => {
  if (typeof accounts === 'function') return async (accountId) => (await accounts(accountId)) === true;
  if (!Array.isArray(accounts)) throw invalid('accounts', 'must be a list of account ids or a function');
  for (const account of accounts) {
    if (typeof account !== 'string' || !/^\d{12}$/.test(account))
      throw invalid('accounts', `must hold account ids of 12 digits, as text; one is ${account}`);
  }
  const listed = new Set<string>(accounts);
  return async (accountId) => listed.has(accountId);
};

const readTrust = (trust: TrustOption): TrustOption => {
  const { readBack, channels } = trust ?? {};
  if ((readBack === undefined) === (channels === undefined)) {
    throw invalid('trust', 'must hold either "readBack" (recommended) or "channels"');
  }
  for (const name of Object.keys(trust)) {
    if (name !== 'readBack' && name !== 'detectorId' && name !== 'channels')
      throw invalid(`trust.${name}`, 'is not an option');
  }
  const detectorId = 'detectorId' in trust ? trust.detectorId : undefined;
  if (readBack !== undefined && !isClient(readBack)) {
    throw invalid('trust.readBack', 'must be a GuardDuty client or a function from target to client');
  }
  if (detectorId !== undefined && (readBack === undefined || typeof detectorId !== 'string' || detectorId === '')) {
    throw invalid('trust.detectorId', 'must be the id of the detector that "readBack" asks');
  }
  if (channels !== undefined && !Array.isArray(channels)) throw invalid('trust.channels', 'must be a list');
  for (const channel of channels ?? []) {
    if (
      typeof channel !== 'string' ||
      (channel !== 'eventbridge' && !/^arn:[^:]+:(sqs|sns):[^:]+:\d{12}:.+$/.test(channel))
    ) {
      throw invalid('trust.channels', `must hold 'eventbridge' or ARNs of queues and topics; one is "${channel}"`);
    }
  }
  return trust;
};

const readAllowList = ({ allowList, acknowledgeNoAllowList }: BlockerOptions): readonly string[] => {
  if (!Array.isArray(allowList)) throw invalid('allowList', 'must be a list of addresses and CIDRs');
  if ((allowList.length === 0) !== (acknowledgeNoAllowList === true)) {
    throw allowList.length === 0
      ? invalid('allowList', 'is empty: list who must never be blocked, or say acknowledgeNoAllowList: true')
      : invalid('acknowledgeNoAllowList', 'is for an empty allowList only; this one is not empty');
  }
  return readCidrs('allowList', allowList);
};

const readLists = (option: string, lists: AddressLists | undefined): AddressLists => {
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

const readCidrs = (option: string, cidrs: readonly string[]): readonly string[] => {
  if (!Array.isArray(cidrs)) throw invalid(option, 'must be a list of addresses and CIDRs');
  for (const entry of cidrs)
    if (typeof entry !== 'string') throw invalid(option, `must hold text; one entry is ${String(entry)}`);
  try {
    return cidrs.map((entry: string) => canonicalCidr(entry));
  } catch (cause) {
    throw invalid(option, `has an entry that cannot be read: ${isRemediationError(cause) ? cause.message : ''}`, cause);
  }
};

const readAddressRanges = (ranges: AddressRanges): AddressRanges => {
  const routable: unknown = ranges?.routable;
  if (!Array.isArray(routable)) throw invalid('addressRanges', 'must hold a list of ranges, "routable"');
  try {
    return { routable: routable.map((range: string) => canonicalCidr(range)) };
  } catch (cause) {
    throw invalid('addressRanges', 'has a range that cannot be read', cause);
  }
};

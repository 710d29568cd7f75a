import { setTimeout as wait } from 'node:timers/promises';
import type { NetworkFirewallClient } from '@aws-sdk/client-network-firewall';
import { RemediationError } from '@remedykit/core';
import { clientFor } from '../../nacl/client-for.ts';
import type { ClientOption } from '../../nacl/options.ts';
import type { Target } from '../../nacl/outcome.ts';
import type { OverflowTarget, OverflowThreat } from '../overflow-blocker.ts';

/** The part of the Network Firewall client that is used. */
export type NetworkFirewall = Pick<NetworkFirewallClient, 'send'>;

/** Options of `createNetworkFirewallOverflow`. */
export interface NetworkFirewallOptions {
  /** One client for everything, or the client for the account and Region of a rule group. */
  readonly client: ClientOption<NetworkFirewall>;
  /**
   * ARNs of stateful rule groups that hold nothing but what remedykit puts in; created with `newRuleGroup()`. A sweep and a
   * release go through all of them.
   */
  readonly ruleGroups: readonly string[];
  /**
   * The rule group before a target; `undefined`: there is none. Default: the one of the target's own account and Region. A
   * group of another account (central inspection) needs this option, and so do several in one account and Region.
   */
  readonly ruleGroupFor?: (target: OverflowTarget) => string | undefined;
  /** Whether the traffic of a threat to a target passes that firewall. Default: of every target with a rule group. */
  readonly covers?: (threat: OverflowThreat, target: OverflowTarget) => boolean;
  /** Default `network-firewall`. */
  readonly name?: string;
  /** How often a change is tried when others change the group or AWS throttles. Default 6. */
  readonly attempts?: number;
  /** Longest time of one request, ms. Default 5,000. */
  readonly requestTimeoutMs?: number;
  readonly now?: () => Date;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

/** The options, read. */
export interface FirewallSettings {
  readonly name: string;
  readonly clientFor: (target: Target) => NetworkFirewall;
  readonly ruleGroups: readonly string[];
  readonly groupOf: (target: OverflowTarget) => string | undefined;
  readonly covers: (threat: OverflowThreat, target: OverflowTarget) => boolean;
  readonly targetOf: (arn: string) => Target;
  readonly attempts: number;
  readonly requestTimeoutMs: number;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly random: () => number;
}

const groupArn = /^arn:[a-z0-9-]+:network-firewall:([a-z0-9-]+):(\d{12}):stateful-rulegroup\/[A-Za-z0-9-]{1,128}$/;

/** The account and Region of a rule group. */
export const targetOfGroup = (arn: string): Target => {
  const [, region, accountId] = (typeof arn === 'string' && groupArn.exec(arn)) || [];
  if (region !== undefined && accountId !== undefined) return { accountId, region };
  throw invalid(
    'ruleGroups',
    `must hold ARNs of stateful rule groups (arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/name); one is ${String(arn)}`,
  );
};

const invalid = (option: string, what: string): RemediationError =>
  new RemediationError({
    code: 'BLOCKER_OPTION_INVALID',
    message: `createNetworkFirewallOverflow: "${option}" ${what}.`,
  });

const placeOf = ({ accountId, region }: Target): string => `${accountId}/${region}`;

/**
 * Reads the options.
 * @throws RemediationError `BLOCKER_OPTION_INVALID`
 */
export const readFirewallOptions = (options: NetworkFirewallOptions): FirewallSettings => {
  const { client, ruleGroups, ruleGroupFor, covers = () => true, name = 'network-firewall' } = options;
  const { attempts = 6, requestTimeoutMs = 5_000 } = options;
  const { now = () => new Date(), sleep = wait, random = Math.random } = options;
  if (client === undefined || client === null)
    throw invalid('client', 'must be a client, or a function that gives one');
  if (!Array.isArray(ruleGroups) || ruleGroups.length === 0) throw invalid('ruleGroups', 'must hold at least one ARN');
  const groups: readonly string[] = [...new Set<string>(ruleGroups)];
  const byPlace = new Map(groups.map((arn) => [placeOf(targetOfGroup(arn)), arn]));
  if (ruleGroupFor === undefined && byPlace.size < groups.length) {
    throw invalid('ruleGroups', 'holds several of one account and Region; say with "ruleGroupFor" which is whose');
  }
  if (!Number.isInteger(attempts) || attempts < 1) throw invalid('attempts', `must be at least 1; it is ${attempts}`);
  if (!(requestTimeoutMs > 0 && Number.isFinite(requestTimeoutMs))) {
    throw invalid('requestTimeoutMs', `must be milliseconds above 0; it is ${requestTimeoutMs}`);
  }
  const groupOf = (target: OverflowTarget): string | undefined => {
    const arn = ruleGroupFor ? ruleGroupFor(target) : byPlace.get(placeOf(target));
    // A deny in a group that no sweep visits would never end.
    if (arn === undefined || groups.includes(arn)) return arn;
    throw invalid('ruleGroupFor', `gave ${arn}, which "ruleGroups" does not list`);
  };
  return {
    name,
    clientFor: clientFor<NetworkFirewall>(client),
    ruleGroups: groups,
    groupOf,
    covers,
    targetOf: targetOfGroup,
    attempts,
    requestTimeoutMs,
    now,
    sleep,
    random,
  };
};

import { isRemediationError, type Reason, summarizeError } from '@remedykit/core';
import { canonicalCidr, familyOf, overlaps } from '../../gate/cidr.ts';
import type {
  OverflowBlocker,
  OverflowCall,
  OverflowEnd,
  OverflowProblem,
  OverflowRequest,
  OverflowResult,
  OverflowSweep,
} from '../overflow-blocker.ts';
import { changeGroup, saysNoRoom } from './change-group.ts';
import { decideDeny, decideEnds } from './decide-rules.ts';
import { type FirewallSettings, type NetworkFirewallOptions, readFirewallOptions } from './options.ts';
import type { HeldDeny } from './rules.ts';

/** Denies in rule groups of AWS Network Firewall what has no place in a network ACL. */
export interface NetworkFirewallOverflow extends OverflowBlocker {
  sweep(call: Parameters<NonNullable<OverflowBlocker['sweep']>>[0]): Promise<OverflowSweep>;
  /**
   * Takes the denies of an address or CIDR out of all rule groups now, those of networks that contain it as well.
   * @throws RemediationError `CIDR_INVALID`
   */
  release(address: string, call?: OverflowCall): Promise<OverflowSweep>;
}

/** One change of a group at a time in this process: the token would refuse the others. */
type InTurn = <T>(arn: string, work: () => Promise<T>) => Promise<T>;

/**
 * An overflow blocker in front of networks whose traffic AWS Network Firewall inspects: one stateful drop rule for each deny,
 * in a rule group that holds nothing else. The rule itself carries its end, so nothing but the group has to be kept. Rules
 * that others wrote are never changed or removed: a group with one of them is left alone and said (`foreign`).
 *
 * It denies only what a route leads through that firewall and its policy hands to the stateful engine, and nothing that a
 * rule with precedence passes. A change is in force within seconds. IAM actions: `networkFirewallPermissions`.
 * @throws RemediationError `BLOCKER_OPTION_INVALID`
 * @example
 * ```ts
 * import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall';
 * import { createNetworkFirewallOverflow } from '@remedykit/guardduty/network-firewall';
 * export const firewall = createNetworkFirewallOverflow({
 *   client: new NetworkFirewallClient(),
 *   ruleGroups: ['arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/remedykit'],
 *   covers: (_threat, { vpcId }) => vpcId === 'vpc-0a11ce00000000001',
 * });
 * ```
 */
export const createNetworkFirewallOverflow = (options: NetworkFirewallOptions): NetworkFirewallOverflow => {
  const settings = readFirewallOptions(options);
  const turns = new Map<string, Promise<unknown>>();
  const inTurn: InTurn = (arn, work) => {
    const mine = (turns.get(arn) ?? Promise.resolve()).then(work);
    turns.set(
      arn,
      mine.catch(() => undefined),
    );
    return mine;
  };
  const endIn = (
    remainingTimeMs: () => number,
    isOver: (deny: HeldDeny) => boolean,
    heldBack?: (arn: string) => Promise<Reason | undefined>,
  ) => endAll({ settings, inTurn, remainingTimeMs, isOver, ...(heldBack ? { heldBack } : {}) });
  return {
    name: settings.name,
    covers: (threat, target) => settings.groupOf(target) !== undefined && settings.covers(threat, target) === true,
    block: (request, call) => deny(settings, inTurn, request, call),
    sweep: ({ now, remainingTimeMs, heldBack }) =>
      endIn(
        remainingTimeMs,
        ({ expiresAt }) => Date.parse(expiresAt) <= now.getTime(),
        (arn) => heldBack(settings.targetOf(arn)),
      ),
    release: async (address, { remainingTimeMs } = { remainingTimeMs: () => Number.POSITIVE_INFINITY }) => {
      const cidr = canonicalCidr(address);
      return endIn(remainingTimeMs, (held) => overlaps(held.cidr, cidr));
    },
  };
};

const deny = async (
  settings: FirewallSettings,
  inTurn: InTurn,
  { threat, target, expiresAt }: OverflowRequest,
  { remainingTimeMs }: OverflowCall,
): Promise<OverflowResult> => {
  const arn = settings.groupOf(target);
  if (arn === undefined) {
    return { status: 'not-blocked', because: `There is no rule group for ${target.accountId}/${target.region}.` };
  }
  const { cidr, egress, protocol, ports } = threat;
  const wanted = { cidr: canonicalCidr(cidr), egress, protocol, ...(ports ? { ports } : {}), expiresAt };
  try {
    const { decision, answerLost, requestIds } = await inTurn(arn, () =>
      changeGroup({ settings, arn, remainingTimeMs }, (facts) => decideDeny(facts, wanted, settings.now())),
    );
    if (decision.kind === 'foreign' || decision.kind === 'no-room') {
      return { status: 'not-blocked', because: `${decision.because} (${arn})` };
    }
    const isNew = decision.kind === 'write' ? !decision.wasHeld : answerLost;
    const because = `The rule group ${arn} ${isNew ? 'drops' : 'dropped already'} ${egress ? 'what goes to' : 'what comes from'} ${cidr}.`;
    return { status: isNew ? 'blocked' : 'already-blocked', because, requestIds };
  } catch (error) {
    if (!saysNoRoom(error)) throw error;
    return { status: 'not-blocked', because: `no-room: ${summarizeError(error).message}` };
  }
};

interface Ends {
  readonly settings: FirewallSettings;
  readonly inTurn: InTurn;
  readonly remainingTimeMs: () => number;
  readonly isOver: (deny: HeldDeny) => boolean;
  readonly heldBack?: (arn: string) => Promise<Reason | undefined>;
}

/** Goes through all groups, one after another; one that fails costs no other anything. */
const endAll = async (ends: Ends): Promise<OverflowSweep> => {
  const ended: OverflowEnd[] = [];
  const failed: OverflowProblem[] = [];
  for (const arn of ends.settings.ruleGroups) {
    try {
      const result = await endGroup(ends, arn);
      ended.push(...result.ended);
      failed.push(...result.failed);
    } catch (error) {
      const { message: because } = summarizeError(error);
      const retryable = !isRemediationError(error) || error.retryable;
      failed.push({ subject: arn, reason: 'overflow-failed', because, retryable });
    }
  }
  return { ended, failed };
};

const endGroup = async ({ settings, inTurn, remainingTimeMs, isOver, heldBack }: Ends, arn: string) => {
  let held: Reason | undefined;
  if (heldBack) held = await heldBack(arn);
  const { decision } = await inTurn(arn, () =>
    changeGroup({ settings, arn, remainingTimeMs }, (facts) => {
      const decided = decideEnds(facts, isOver);
      return held && decided.kind === 'write' ? ({ kind: 'held-back' } as const) : decided;
    }),
  );
  if (decision.kind === 'foreign') {
    return { ended: [], failed: [{ subject: arn, reason: 'foreign', because: decision.because, retryable: false }] };
  }
  if (decision.kind === 'held-back' && held) {
    return { ended: [], failed: [{ subject: arn, ...held, retryable: false, heldBack: true as const }] };
  }
  if (decision.kind !== 'write') return { ended: [], failed: [] };
  const ended = decision.ended.map(
    ({ cidr, egress, protocol, ports, expiresAt }): OverflowEnd => ({
      subject: arn,
      threat: { cidr, family: familyOf(cidr), egress, protocol, ...(ports ? { ports } : {}) },
      expiresAt,
    }),
  );
  return { ended, failed: [] };
};

import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { gatherGateFacts } from '../../gate/gather-gate-facts.ts';
import type { GateFacts } from '../../gate/judge-cidr.ts';
import { aclFacts } from '../entries/acl.ts';

import { failureOf } from '../failure.ts';
import type { Ledger, LedgerId } from '../ledger/ledger.ts';
import type { Target } from '../outcome.ts';
import type { Run } from '../run.ts';
import { isUnderLease } from './decide-slot.ts';
import { gatherAllAcls } from './gather-all-acls.ts';
import type { Tended } from './walk-ledgers.ts';

/** Asks the gate again about what a ledger denies; what cannot be had is alerted and releases nothing. */
export type SweepGate = (
  id: LedgerId,
  ledger: Ledger,
) => Promise<{ readonly gate?: GateFacts; readonly alerts: Tended['alerts'] }>;

/** The gate for one sweep: inventories and network ACLs of one account and Region are read once. */
export const createSweepGate = (run: Run): SweepGate => {
  const listings = new Map<string, Promise<Listing>>();
  const listAcls = (target: Target): Promise<Listing> => {
    const key = `${target.accountId}/${target.region}`;
    const known = listings.get(key) ?? listing(run, target);
    listings.set(key, known);
    return known;
  };
  return async (id, { slots }) => {
    const now = run.now();
    const held = slots.filter((slot) => !isUnderLease(slot, now) && Date.parse(slot.expiresAt) > now.getTime());
    if (held.length === 0) return { alerts: [] };
    const { accountId, region, networkAclId, direction } = id;
    const target = { accountId, region };
    const { acls, problem } = await listAcls(target);
    const acl = acls.get(networkAclId);
    const entries = acl && aclFacts(acl, direction === 'egress').entries;
    const cidrs = [...new Set(held.map(({ cidr }) => cidr))];
    try {
      const gate = await gatherGateFacts(run.settings, target, cidrs, entries && { networkAclId, entries });
      const missing = gate.problem ?? problem;
      return { gate, alerts: missing === undefined ? [] : [unavailable(target, missing)] };
    } catch (error) {
      const missing = failureOf(error).because;
      return { gate: { inventories: {}, answers: {}, problem: missing }, alerts: [unavailable(target, missing)] };
    }
  };
};

interface Listing {
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  readonly problem?: string;
}

const listing = async ({ settings }: Run, target: Target): Promise<Listing> => {
  try {
    const acls = await gatherAllAcls(settings.ec2(target), target.accountId);
    return { acls: new Map(acls.map((acl) => [acl.NetworkAclId ?? '', acl])) };
  } catch (error) {
    return { acls: new Map(), problem: failureOf(error).because };
  }
};

const unavailable = ({ accountId, region }: Target, problem: string): Tended['alerts'][number] => ({
  reason: 'facts-unavailable',
  because: `Whether what is denied would still be denied today could not be established in full, so nothing is released on what is missing: ${problem}`,
  subject: `${accountId}/${region}`,
});

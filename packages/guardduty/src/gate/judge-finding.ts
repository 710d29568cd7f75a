import { type ControlState, summarizeError, suppressionsAt } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import type { Target } from '../nacl/outcome.ts';
import type { Run } from '../nacl/run.ts';
import { threatsOf } from '../threats/extract.ts';
import { specialRange } from './address-ranges.ts';
import { firstOverlap } from './cidr.ts';
import {
  type AddressAnswers,
  type Authority,
  decideThreats,
  denyCidr,
  type ThreatsFacts,
  type ThreatsPlan,
} from './decide-threats.ts';
import type { InventoryFacts } from './inventory.ts';

/** One finding with the decision about it. */
export interface JudgedFinding {
  readonly facts: ThreatsFacts;
  readonly plan: ThreatsPlan;
  readonly at: Date;
}

/** What is known about the finding before it is judged. */
export interface Testimony {
  readonly finding: Finding;
  readonly authority: Authority;
  readonly onlyInEvent: ThreatsFacts['onlyInEvent'];
  readonly control: ControlState;
}

/** The account and Region that a finding is about. */
export const targetOf = ({ accountId, region }: Finding): Target => ({ accountId, region });

/** Gathers who must never be denied, as answers about this finding's addresses, and decides. */
export const judgeFinding = async (run: Run, testimony: Testimony): Promise<JudgedFinding> => {
  const { settings } = run;
  const { finding, authority, onlyInEvent } = testimony;
  const accountListed = await settings.isListed(finding.accountId);
  const threats = threatsOf(finding, settings.policy);
  const addresses = threats.flatMap((threat) =>
    threat.address !== undefined && threat.verdict === 'block' ? [threat] : [],
  );
  let inventory: InventoryFacts | undefined;
  let inventoryProblem: string | undefined;
  // Asking AWS about an account that is not ours, or for nothing to block, is of no use.
  if (accountListed && addresses.length > 0) {
    try {
      inventory = await settings.inventory.gather(targetOf(finding));
    } catch (error) {
      const { code, message } = summarizeError(error);
      inventoryProblem = `${code}: ${message}`;
    }
  }
  const at = run.now();
  const answers: Record<string, AddressAnswers> = {};
  if (inventory) {
    for (const threat of addresses) {
      answers[threat.address] = answersFor(
        denyCidr(threat, settings.policy),
        threat.address,
        inventory,
        testimony,
        run,
        at,
      );
    }
  }
  const facts: ThreatsFacts = {
    finding: withoutText(finding),
    accountListed,
    authority,
    onlyInEvent,
    answers,
    ...(inventory ? { inventoryAsOf: inventory.asOf.toISOString() } : {}),
    ...(inventoryProblem === undefined ? {} : { inventoryProblem }),
  };
  return { facts, plan: decideThreats(facts, settings.policy, at), at };
};

/** Title and description decide nothing and are other people's words: they stay out of the audit trail. */
const withoutText = ({ title: _title, description: _description, ...finding }: Finding): Finding => finding;

const answersFor = (
  cidr: string,
  host: string,
  inventory: InventoryFacts,
  { control }: Testimony,
  { settings }: Run,
  at: Date,
): AddressAnswers => {
  const special = specialRange(host, settings.addressRanges);
  const allowListed = firstOverlap(cidr, settings.allowList);
  const vpcCidr = firstOverlap(cidr, inventory.vpcCidrs);
  const ownAddress = firstOverlap(cidr, inventory.ownAddresses);
  const suppression = suppressionsAt(control, at).find((candidate) => firstOverlap(cidr, [candidate.cidr]));
  return {
    ...(special === undefined ? {} : { specialRange: special }),
    ...(allowListed === undefined ? {} : { allowListed }),
    ...(vpcCidr === undefined ? {} : { vpcCidr }),
    ...(ownAddress === undefined ? {} : { ownAddress }),
    ...(suppression === undefined
      ? {}
      : { suppressed: { cidr: suppression.cidr, until: suppression.until, requestedBy: suppression.requestedBy } }),
  };
};

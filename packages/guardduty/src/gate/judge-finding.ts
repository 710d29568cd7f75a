import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { type ControlState, suppressionsAt } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { aclFacts } from '../nacl/entries/acl.ts';
import type { Target } from '../nacl/outcome.ts';
import type { Run } from '../nacl/run.ts';
import { threatsOf } from '../threats/extract.ts';
import type { AddressThreat } from '../threats/threat.ts';
import { type AddressAnswers, answersFor, readingsOf } from './answers.ts';
import { attempt } from './attempt.ts';
import { firstOverlap } from './cidr.ts';
import {
  type Authority,
  decideThreats,
  denyCidr,
  judgeWhole,
  type ThreatsFacts,
  type ThreatsPlan,
} from './decide-threats.ts';
import { protectionOf } from './judge-cidr.ts';
import { gatherOwnerFacts } from './owners.ts';
import { createRanges, type InventoryReading, type KnownRange } from './ranges.ts';
import { trustedByAcl } from './trust/explicit-trust.ts';

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
  /** The network ACLs that a deny in these subnets would change, by any key; shared with whoever places the denies. */
  readonly acls: (target: Target, subnetIds: readonly string[]) => Promise<ReadonlyMap<string, NetworkAcl>>;
}

/** The account and Region that a finding is about. */
export const targetOf = ({ accountId, region }: Finding): Target => ({ accountId, region });

/** Gathers who must never be denied, as answers about this finding's addresses, and decides. */
export const judgeFinding = async (run: Run, testimony: Testimony): Promise<JudgedFinding> => {
  const { settings } = run;
  const { finding, authority, onlyInEvent } = testimony;
  const accountListed = await settings.isListed(finding.accountId);
  const threats = threatsOf(finding, settings.policy).flatMap((threat) =>
    threat.address !== undefined && threat.verdict === 'block' ? [threat] : [],
  );
  const settled = judgeWhole({ finding, accountListed, authority }, settings.policy, run.now()) !== undefined;
  // Asking AWS about an account that is not ours, or for nothing to block, is of no use.
  const gathered = !settled && threats.length > 0 ? await gatherAnswers(run, testimony, threats) : { answers: {} };
  const at = run.now();
  const facts: ThreatsFacts = {
    finding: withoutText(finding),
    accountListed,
    authority,
    onlyInEvent,
    ...gathered,
  };
  return { facts, plan: decideThreats(facts, settings.policy, at), at };
};

/** Title and description decide nothing and are other people's words: they stay out of the audit trail. */
const withoutText = ({ title: _title, description: _description, ...finding }: Finding): Finding => finding;

type Gathered = Pick<ThreatsFacts, 'answers' | 'inventories' | 'inventoryProblem' | 'ownAddressesProblem'>;

const gatherAnswers = async (
  { settings, now }: Run,
  { finding, control, acls }: Testimony,
  threats: readonly AddressThreat[],
): Promise<Gathered> => {
  const { lists, problem, ...own } = await settings.inventory.gather(targetOf(finding));
  const answers: Record<string, AddressAnswers> = {};
  const trustReadings: Record<string, InventoryReading> = {};
  let inventoryProblem = problem;
  let { ownAddressesProblem } = own;
  for (const threat of threats) {
    const cidr = denyCidr(threat, settings.policy);
    const controls = [control];
    const asked = { cidr, host: threat.address };
    let known = answersFor(asked, lists, settings.addressRanges);
    const open = protectionOf(known, threat.direction) === undefined && known.mayBeOurs === undefined;
    const instanceId = finding.instance?.instanceId;
    // Who is refused anyway needs no look at the rules of the host; without a host there is no place for a deny.
    if (open && inventoryProblem === undefined && instanceId !== undefined) {
      const guards = await attempt(settings.inventory.guards(targetOf(finding), instanceId, threat));
      if (guards.value) {
        const before = await acls(targetOf(finding), guards.value.subnetIds);
        const trusted = createRanges(
          [...guards.value.trusted, ...trustedByAcls([...before.values()])],
          guards.value.asOf,
        );
        known = answersFor(asked, { ...lists, trusted }, settings.addressRanges);
        trustReadings[`trusted/${threat.address}`] = trusted.reading;
        // Who shares the VPC has a say: the deny would stand in its network ACL.
        for (const owner of await gatherOwnerFacts(settings, finding, before.values())) {
          known = { ...answersFor(asked, owner.lists, settings.addressRanges), ...known };
          for (const [name, reading] of Object.entries(readingsOf(owner.lists))) {
            trustReadings[`${owner.ownerId}/${name}`] = reading;
          }
          inventoryProblem ??= owner.problem;
          ownAddressesProblem ??= owner.ownAddressesProblem;
          controls.push(owner.control);
        }
      }
      inventoryProblem ??= guards.problem;
    }
    const suppressions = controls.flatMap((one) => suppressionsAt(one, now()));
    const suppression = suppressions.find((candidate) => firstOverlap(cidr, [candidate.cidr]));
    answers[threat.address] = {
      // An address that several parts of a finding name has the answers about each of them.
      ...answers[threat.address],
      ...known,
      ...(suppression === undefined
        ? {}
        : { suppressed: { cidr: suppression.cidr, until: suppression.until, requestedBy: suppression.requestedBy } }),
    };
  }
  return {
    answers,
    inventories: { ...readingsOf(lists), ...trustReadings },
    ...(inventoryProblem === undefined ? {} : { inventoryProblem }),
    ...(ownAddressesProblem === undefined ? {} : { ownAddressesProblem }),
  };
};

const trustedByAcls = (acls: readonly NetworkAcl[]): KnownRange[] =>
  acls.flatMap((acl) =>
    [false, true].flatMap((egress) => {
      const { networkAclId, entries } = aclFacts(acl, egress);
      return trustedByAcl(networkAclId, entries);
    }),
  );

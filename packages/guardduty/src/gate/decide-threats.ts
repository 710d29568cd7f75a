import { addTo, type Plan, type Reason, type RefusedStep, type Step, toInstant } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { portOf } from '../finding-types.ts';
import type { PortRange } from '../nacl/outcome.ts';
import { type BlockerPolicy, maxClockSkew } from '../nacl/policy.ts';
import { threatsOf } from '../threats/extract.ts';
import type { AddressThreat, Threat } from '../threats/threat.ts';
import type { AddressAnswers } from './answers.ts';
import { widen } from './cidr.ts';
import { protectionOf } from './judge-cidr.ts';
import { attackedRuns } from './port-runs.ts';
import type { InventoryReading } from './ranges.ts';

export type { AddressAnswers } from './answers.ts';

/** Whether the finding may be acted on at all. */
export type Authority =
  /** The channel is trusted, or GuardDuty holds the finding. */
  | 'granted'
  /** Only a plan is asked for. */
  | 'not-needed'
  /** GuardDuty has not been asked yet: a first look, nothing is written on it. */
  | 'pending'
  /** GuardDuty does not hold the finding. */
  | 'missing'
  /** It came through a channel that is not trusted. */
  | 'untrusted-channel';

/** What `nacl/threats` decides on. */
export interface ThreatsFacts {
  readonly finding: Finding;
  readonly accountListed: boolean;
  readonly authority: Authority;
  /** Threats of the event that GuardDuty does not hold under this finding id. */
  readonly onlyInEvent: readonly { readonly threat: AddressThreat; readonly reason: 'unverified' | 'superseded' }[];
  /** Age and digest of each inventory that was asked, by name. */
  readonly inventories?: Readonly<Record<string, InventoryReading>>;
  /** What could not be had; then nothing is denied. */
  readonly inventoryProblem?: string;
  /** Own addresses could not be had; where `mayBeOurs` is no answer, the address is not ours all the same. */
  readonly ownAddressesProblem?: string;
  /** By `address` of the threat. */
  readonly answers: Readonly<Record<string, AddressAnswers>>;
}

/** A deny that is wanted, before it is known where there is room. */
export interface DenyStep extends Step {
  readonly action: 'deny';
  readonly egress: boolean;
  readonly cidr: string;
  readonly protocol: '6' | '17' | '-1';
  /** Empty: all ports. */
  readonly runs: readonly PortRange[];
  /** Attacked ports beyond the two runs; said, not denied. */
  readonly omittedRuns: readonly PortRange[];
  readonly expiresAt: string;
  readonly spoofable: boolean;
}

/** What the gate says about one threat. */
export interface JudgedThreat extends Reason {
  readonly threat: Threat;
  readonly verdict: 'deny' | 'refused' | 'not-blocked' | 'escalated' | 'ignored' | 'failed';
  /** Steps of the plan that carry it out. */
  readonly stepIds: readonly string[];
}

/** The plan of `nacl/threats`. */
export interface ThreatsPlan extends Plan<DenyStep> {
  readonly judged: readonly JudgedThreat[];
  /** Whether a person must look, whatever is blocked. */
  readonly escalate: boolean;
}

type Judged = Omit<JudgedThreat, 'stepIds'>;

/**
 * Decides which addresses of one finding are to be denied, in which direction, on which ports and until when. Pure.
 * When in doubt nothing is denied and a person is asked.
 */
export const decideThreats = (facts: ThreatsFacts, policy: BlockerPolicy, now: Date): ThreatsPlan => {
  const { finding } = facts;
  const wholeFinding = judgeWhole(facts, policy, now);
  const steps: DenyStep[] = [];
  const judged: JudgedThreat[] = [];
  for (const threat of threatsOf(finding, policy)) {
    const verdict =
      wholeFinding && !isQuiet(threat, wholeFinding)
        ? { threat, ...wholeFinding }
        : judgeThreat(threat, facts, policy, now);
    if (verdict.verdict !== 'deny' || threat.address === undefined) {
      judged.push({ ...verdict, stepIds: [] });
      continue;
    }
    const denies = denySteps(threat, finding, policy);
    steps.push(...denies);
    judged.push(
      denies.length > 0
        ? { ...verdict, stepIds: denies.map(({ id }) => id) }
        : {
            threat,
            verdict: 'escalated',
            reason: 'no-port',
            because: 'The evidence could be forged and names no port; denying all ports on it could cut off a partner.',
            stepIds: [],
          },
    );
  }
  for (const { threat, reason } of facts.onlyInEvent) {
    judged.push({ threat, verdict: 'not-blocked', reason, because: onlyInEventBecause[reason], stepIds: [] });
  }
  const noPage = finding.sample || finding.archived;
  const escalate =
    !noPage &&
    judged.some(({ threat, verdict }) => threat.escalate || verdict === 'escalated' || verdict === 'not-blocked');
  const refused: readonly RefusedStep<DenyStep>[] = [];
  return { steps, refused, judged, escalate };
};

/** A type on which nothing is done calls nobody either, whatever is wrong with the finding. */
const isQuiet = (threat: Threat, { verdict }: Pick<Judged, 'verdict'>): boolean =>
  threat.verdict === 'ignore' && !threat.escalate && verdict !== 'refused';

const onlyInEventBecause = {
  unverified:
    'The event names this address, but GuardDuty does not hold it under this finding: the event may be forged.',
  superseded: 'GuardDuty holds a newer sighting under this finding, with another address.',
} as const;

/** What settles the finding as a whole, whoever its addresses belong to. Pure. */
export const judgeWhole = (
  { finding, accountListed, authority }: Pick<ThreatsFacts, 'finding' | 'accountListed' | 'authority'>,
  policy: BlockerPolicy,
  now: Date,
): Omit<Judged, 'threat'> | undefined => {
  if (finding.sample) return refused('sample', 'A sample finding; its addresses are made up.');
  if (finding.archived)
    return refused('archived', 'The finding is archived: somebody decided that it needs no action.');
  if (finding.accountId === policy.managementAccountId) {
    return refused(
      'management-account',
      `Account ${finding.accountId} is the management account; nothing is written there without acknowledgeManagementAccount.`,
    );
  }
  if (!accountListed) return refused('account-not-listed', `Account ${finding.accountId} is not in "accounts".`);
  if (authority === 'untrusted-channel') {
    return escalated('untrusted-channel', 'The finding came through a channel that "trust" does not list.');
  }
  if (authority === 'missing') {
    return failed('unverified', 'GuardDuty does not hold this finding (yet): the event may be forged.');
  }
  const stale = staleness(finding, policy, now);
  if (stale) return escalated('stale', stale);
  return undefined;
};

const unknown = (problem: string): string => `Who must never be blocked could not be established: ${problem}`;

const refused = (reason: string, because: string) => ({ verdict: 'refused', reason, because }) as const;
const escalated = (reason: string, because: string) => ({ verdict: 'escalated', reason, because }) as const;
const failed = (reason: string, because: string) => ({ verdict: 'failed', reason, because }) as const;

const staleness = (finding: Finding, policy: BlockerPolicy, now: Date): string | undefined => {
  const seen = sightingOf(finding);
  if (seen === undefined) return 'The finding says neither when it was last seen nor when it was updated.';
  const age = now.getTime() - Date.parse(seen);
  if (Number.isNaN(age)) return `When the finding was last seen cannot be read ("${seen.slice(0, 40)}").`;
  if (age < -maxClockSkew) return `The finding was last seen in the future (${seen}).`;
  if (age > policy.maxFindingAge) return `The finding was last seen at ${seen}, too long ago to act on.`;
  if (age >= policy.blockFor) return overBy(seen);
  return undefined;
};

const overBy = (seen: string): string => `A block counted from ${seen} would have ended already.`;

/** How long a deny for a threat holds after the sighting, milliseconds. */
const holdFor = ({ spoofable }: AddressThreat, policy: BlockerPolicy): number =>
  spoofable ? Math.min(policy.blockFor, policy.maxSpoofableBlockFor) : policy.blockFor;

/** When the finding was last seen: `eventLastSeen`, else `updatedAt`; as a stored instant where it can be read. */
export const sightingOf = ({ eventLastSeen, updatedAt }: Finding): string | undefined => {
  const seen = eventLastSeen ?? updatedAt;
  return seen === undefined || Number.isNaN(Date.parse(seen)) ? seen : toInstant(new Date(seen));
};

const judgeThreat = (threat: Threat, facts: ThreatsFacts, policy: BlockerPolicy, now: Date): Judged => {
  if (threat.address === undefined || threat.verdict === 'ignore') {
    const verdict = threat.escalate ? 'escalated' : 'ignored';
    return { threat, verdict, reason: threat.reason, because: threat.because };
  }
  const answers = facts.answers[threat.address];
  const protection = answers && protectionOf(answers, threat.direction);
  if (protection) return { threat, ...protection };
  if (facts.inventoryProblem !== undefined) {
    return { threat, ...failed('facts-unavailable', unknown(facts.inventoryProblem)) };
  }
  if (answers === undefined) {
    return { threat, ...failed('facts-unavailable', 'Nothing is known about who this address belongs to.') };
  }
  if (answers.mayBeOurs !== undefined) {
    const { cidr, by } = answers.mayBeOurs;
    const because = `${unknown(facts.ownAddressesProblem ?? '')} The address is in ${cidr} of ${by}, so it may be ours.`;
    return { threat, ...failed('facts-unavailable', because) };
  }
  const seen = sightingOf(facts.finding) ?? '';
  // Evidence that could be forged holds for a shorter time than the finding as a whole.
  if (now.getTime() - Date.parse(seen) >= holdFor(threat, policy))
    return { threat, ...escalated('stale', overBy(seen)) };
  return { threat, verdict: 'deny', reason: threat.reason, because: threat.because };
};

const denySteps = (threat: AddressThreat, finding: Finding, policy: BlockerPolicy): DenyStep[] => {
  const cidr = denyCidr(threat, policy);
  const seen = sightingOf(finding) ?? '';
  const directions = threat.direction === 'both' ? [false, true] : [threat.direction === 'egress'];
  return directions.flatMap((egress): DenyStep[] => {
    const ports = egress ? attackedRuns(threat, 'all') : attackedRuns(threat, policy.ports, portOf(finding.type));
    if (ports === undefined) return [];
    return [
      {
        id: `${finding.id}/${threat.address}/${egress ? 'egress' : 'ingress'}`,
        action: 'deny',
        reason: threat.reason,
        because: threat.because,
        precondition: { eventLastSeen: seen },
        egress,
        cidr,
        ...ports,
        expiresAt: addTo(seen, holdFor(threat, policy)),
        spoofable: threat.spoofable,
      },
    ];
  });
};

/** How wide the deny for a threat is: the host for IPv4, its network for IPv6. */
export const denyCidr = (threat: AddressThreat, policy: Pick<BlockerPolicy, 'ipv6PrefixLength'>): string =>
  threat.family === 4 ? threat.address : widen(threat.address, policy.ipv6PrefixLength);

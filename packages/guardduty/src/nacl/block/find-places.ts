import type { NetworkAcl } from '@aws-sdk/client-ec2';
import type { DenyStep } from '../../gate/decide-threats.ts';
import { sightingOf } from '../../gate/decide-threats.ts';
import { targetOf } from '../../gate/judge-finding.ts';
import { decideEntries } from '../entries/decide-entries.ts';
import type { DenyRequest } from '../entries/entries-facts.ts';
import { gatherHolds } from '../entries/offenders.ts';
import { intervalsSeen } from '../entries/rank.ts';
import { guardFacts } from '../guard-facts.ts';
import { newLease, type Run } from '../run.ts';
import type { PlacedDeny } from './placed-deny.ts';
import type { Place, PlaceReader } from './places.ts';
import { namedInterfaces, subnetsToDeny } from './reach.ts';
import type { PlacesFound, Work } from './work.ts';

const nowhere: PlacesFound = {
  places: [],
  noPlace: new Map(),
  wantsWrite: false,
  wantsNewEntry: false,
  confirmed: false,
};

/**
 * Finds the network ACLs for the denies of a finding: by the subnets that the finding names (`named`, which may be out of
 * date and serves for a look), or by the live interfaces of the instance (`live`, needed before an entry is made).
 */
export const findPlaces = async (
  run: Run,
  reader: PlaceReader,
  work: Omit<Work, 'found'>,
  by: 'named' | 'live',
): Promise<PlacesFound> => {
  const { finding, judged } = work;
  const { steps, judged: threats } = judged.plan;
  if (steps.length === 0) return nowhere;
  const instanceId = finding.instance?.instanceId;
  if (instanceId === undefined) {
    return noPlaces(steps, 'no-instance', 'The finding names no instance, so there is no network ACL to change.');
  }
  const named = by === 'named' ? namedInterfaces(finding) : [];
  const live = named.length === 0;
  const interfaces = live ? await reader.interfaces(targetOf(finding), instanceId) : named;
  if (interfaces.length === 0) {
    const because = `Instance ${instanceId} has no network interface (any more) in account ${finding.accountId}, ${finding.region}.`;
    return noPlaces(steps, 'no-live-interface', because);
  }
  const found: { place: Place; request: DenyRequest }[] = [];
  const noPlace = new Map<string, readonly PlacedDeny[]>();
  let incomplete = false;
  for (const step of steps) {
    const threat = threats.find(({ stepIds }) => stepIds.includes(step.id))?.threat;
    if (threat?.address === undefined) continue;
    const subnetIds = subnetsToDeny(threat, interfaces);
    const acls = await reader.acls(targetOf(finding), subnetIds);
    const without = subnetIds.filter((subnetId) => !acls.has(subnetId));
    incomplete ||= without.length > 0;
    // A subnet that the finding names may be gone; one with a live interface is there, and its attacker is not denied.
    if (live && without.length > 0) noPlace.set(step.id, without.map(noAcl));
    for (const acl of uniqueAcls(acls)) {
      if (acl.OwnerId !== finding.accountId) noPlace.set(step.id, [...(noPlace.get(step.id) ?? []), sharedVpc(acl)]);
      else {
        const place = await reader.place(targetOf(finding), acl, step.egress);
        found.push({ place, request: denyRequest(step, work) });
      }
    }
  }
  const wants = wanted(run, work, found);
  const wantsWrite = wants.write || incomplete;
  return {
    places: found,
    noPlace,
    wantsWrite,
    wantsNewEntry: wants.newEntry || incomplete,
    confirmed: live && by === 'live',
  };
};

const uniqueAcls = (acls: ReadonlyMap<string, NetworkAcl>): NetworkAcl[] => [
  ...new Map([...acls.values()].map((acl) => [acl.NetworkAclId, acl])).values(),
];

const noPlaces = (steps: readonly DenyStep[], reason: string, because: string): PlacesFound => ({
  ...nowhere,
  noPlace: new Map(steps.map(({ id }) => [id, [{ kind: 'no-place', reason, because }]])),
});

const noAcl = (subnetId: string): PlacedDeny => ({
  kind: 'no-place',
  reason: 'no-place',
  because: `EC2 shows no network ACL for ${subnetId}, so nothing is denied there.`,
});

const sharedVpc = ({ NetworkAclId, OwnerId }: NetworkAcl): PlacedDeny => ({
  kind: 'no-place',
  reason: 'shared-vpc',
  because: `The network ACL ${NetworkAclId} belongs to account ${OwnerId}, which shares the VPC; only its owner may change it.`,
});

const denyRequest = (step: DenyStep, { finding }: Omit<Work, 'found'>): DenyRequest => ({
  denyId: step.id,
  findingId: finding.id,
  findingType: finding.type,
  // Analysts may change it in Security Hub, so there it never ranks.
  severity: finding.origin === 'securityhub' ? 0 : finding.severity,
  lastSeen: sightingOf(finding) ?? '',
  cidr: step.cidr,
  protocol: step.protocol,
  runs: step.runs,
  expiresAt: step.expiresAt,
  sightings: intervalsSeen(finding.count, finding.eventFirstSeen, finding.eventLastSeen),
  spoofable: step.spoofable,
  confirmed: true,
});

/**
 * What would be written if it were decided now; a look, nothing is kept. What the guard refuses counts: a forged finding
 * is forged in a pause as well.
 */
const wanted = (
  run: Run,
  work: Omit<Work, 'found'>,
  found: PlacesFound['places'],
): { readonly write: boolean; readonly newEntry: boolean } => {
  const now = run.now();
  const placements = found.flatMap(({ place, request }) => {
    const facts = {
      ledger: place.read.ledger,
      entries: place.acl.entries,
      requests: [request],
      guard: guardFacts(work, now),
      lease: newLease(run, 'look'),
      ...gatherHolds(run.settings, place.read.ledger, [request]),
    };
    return decideEntries(facts, run.settings.policy, now);
  });
  const steps = placements.flatMap((plan) => [...plan.steps, ...plan.refused.map(({ step }) => step)]);
  return { write: steps.length > 0, newEntry: steps.some(({ action }) => action !== 'update-slot') };
};

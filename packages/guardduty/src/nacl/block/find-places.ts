import { mapConcurrent, resolveMode } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import type { DenyStep } from '../../gate/decide-threats.ts';
import { sightingOf } from '../../gate/decide-threats.ts';
import { targetOf } from '../../gate/judge-finding.ts';
import { wantsOverflow } from '../../overflow/candidates.ts';
import { decideEntries } from '../entries/decide-entries.ts';
import type { DenyRequest } from '../entries/entries-facts.ts';
import { gatherHolds } from '../entries/offenders.ts';
import { intervalsSeen } from '../entries/rank.ts';
import { guardFacts } from '../guard-facts.ts';
import { newLease, type Run } from '../run.ts';
import { type OwnedAcl, ownedAcls } from './owned-acls.ts';
import type { PlacedDeny } from './placed-deny.ts';
import type { Place, PlaceReader } from './places.ts';
import { namedInterfaces, subnetsToDeny } from './reach.ts';
import type { Owner, PlacesFound, PlaceWanted, Work } from './work.ts';

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
  const found: PlaceWanted[] = [];
  const noPlace = new Map<string, readonly PlacedDeny[]>();
  let incomplete = false;
  for (const step of steps) {
    const threat = threats.find(({ stepIds }) => stepIds.includes(step.id))?.threat;
    if (threat?.address === undefined) continue;
    const subnetIds = subnetsToDeny(threat, interfaces);
    const { acls, without, notOurs } = await ownedAcls(run, reader, finding, subnetIds, interfaces);
    incomplete ||= without.length > 0;
    // A subnet that the finding names may be gone; one with a live interface is there, and its attacker is not denied.
    const nowhereFor = [...(live ? without.map(noAcl) : []), ...notOurs];
    if (nowhereFor.length > 0) noPlace.set(step.id, nowhereFor);
    const request = denyRequest(step, work);
    const placed = await mapConcurrent(acls, 4, (acl) => placeIn(run, reader, work, acl, step, request));
    for (const result of placed) {
      if (!result.ok) throw result.error;
      found.push(result.value);
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

const placeIn = async (
  run: Run,
  reader: PlaceReader,
  { finding }: Omit<Work, 'found'>,
  { owner, acl }: OwnedAcl,
  step: DenyStep,
  request: DenyRequest,
): Promise<PlaceWanted> => {
  const place: Place = await reader.place(owner, acl, step.egress);
  if (owner.accountId === finding.accountId) return { place, request };
  return { place, request, owner: await ownerSays(run, owner.accountId, finding) };
};

/** A pause and the mode of the account that owns the network ACL hold as well as those of the finding's own. */
const ownerSays = async ({ settings }: Run, accountId: string, { region, type }: Finding): Promise<Owner> => ({
  control: await settings.control.read(accountId),
  preview: (await resolveMode(settings.mode, { accountId, region, findingType: type })) === 'dry-run',
});

const noPlaces = (steps: readonly DenyStep[], reason: string, because: string): PlacesFound => ({
  ...nowhere,
  noPlace: new Map(steps.map(({ id }) => [id, [{ kind: 'no-place', reason, because }]])),
});

const noAcl = (subnetId: string): PlacedDeny => ({
  kind: 'no-place',
  reason: 'no-place',
  because: `EC2 shows no network ACL for ${subnetId}, so nothing is denied there.`,
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
  ...(finding.copyIn === undefined ? {} : { copyIn: finding.copyIn }),
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
  const plans = found.map(({ place, request }) => {
    const facts = {
      ledger: place.read.ledger,
      entries: place.acl.entries,
      requests: [request],
      guard: guardFacts(work, now),
      lease: newLease(run, 'look'),
      ...gatherHolds(run.settings, place.read.ledger, [request]),
    };
    const plan = decideEntries(facts, run.settings.policy, now);
    return { plan, overflows: wantsOverflow(run.settings.overflow, place, request, plan) };
  });
  const steps = plans.flatMap(({ plan }) => [...plan.steps, ...plan.refused.map(({ step }) => step)]);
  const overflows = plans.some((one) => one.overflows);
  return {
    write: overflows || steps.length > 0,
    newEntry: overflows || steps.some(({ action }) => action !== 'update-slot'),
  };
};

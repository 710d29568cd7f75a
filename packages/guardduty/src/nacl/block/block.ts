import { type ControlState, isRemediationError, mapConcurrent, resolveMode } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import type { Authority, ThreatsFacts } from '../../gate/decide-threats.ts';
import { judgeFinding, type Testimony, targetOf } from '../../gate/judge-finding.ts';
import { type HeldFinding, onlyInEvent } from '../../gate/read-back.ts';
import { groupBy } from '../../group-by.ts';
import { handOver } from '../../overflow/hand-over.ts';
import { threatsOf } from '../../threats/extract.ts';
import { failureOf } from '../failure.ts';
import { guardFacts } from '../guard-facts.ts';
import type { BlockOutcome } from '../outcome.ts';
import { type Run, record } from '../run.ts';
import { blockOutcome } from './block-outcome.ts';
import { copyOf, leadersAmong } from './copies.ts';
import { failedOutcome, rejectRecord } from './failed-outcome.ts';
import { findPlaces } from './find-places.ts';
import { type DenyAt, placeDenies } from './place-denies.ts';
import type { PlacedDeny } from './placed-deny.ts';
import { createPlaceReader, type PlaceReader } from './places.ts';
import { aclsInScope } from './scope.ts';
import { namedInterfaces } from './subnets-to-deny.ts';
import type { BlockItem, Work } from './work.ts';

/**
 * Blocks what a batch of findings names. First a look that writes nothing: most findings are sightings of what is denied
 * already. What would be written is then confirmed by GuardDuty and by the live interfaces, and written, ledger by ledger.
 * One outcome per item, in order; an item that fails takes no other with it.
 */
export const blockAll = async (run: Run, items: readonly BlockItem[]): Promise<BlockOutcome[]> => {
  const reader = createPlaceReader(run);
  const outcomes = new Map<number, BlockOutcome>();
  const leaders = leadersAmong(items, (finding) => (run.planOnly ? 'not-needed' : authorityOf(run, finding)));
  await readAclsTogether(run, reader, items);
  const works: Work[] = [];
  const looks = await mapConcurrent(items, 5, async (item, index) => {
    if (leaders.has(index)) return undefined;
    return item.finding === undefined ? rejectRecord(run, item) : look(run, reader, item, item.finding, index);
  });
  looks.forEach((result, index) => {
    if (!result.ok) throw result.error;
    if (result.value === undefined) return;
    if ('kind' in result.value) outcomes.set(index, result.value);
    else works.push(result.value);
  });
  const confirmed: Work[] = [];
  for (const group of groupBy(works, ({ finding }) => targetKey(finding)).values()) {
    for (const { looked, work, error } of await confirm(run, reader, group)) {
      if (work) confirmed.push(work);
      else outcomes.set(looked.index, failedOutcome(looked, failureOf(error)));
    }
  }
  const denies = confirmed.flatMap((work) => deniesOf(work, run.now()));
  const placed = await handOver(run, denies, await placeDenies(run, denies));
  for (const work of confirmed) outcomes.set(work.index, await finish(run, work, placed));
  return items.flatMap((item, index) => {
    const leader = leaders.get(index);
    const outcome = outcomes.get(leader ?? index);
    return outcome && leader !== undefined ? copyOf(outcome, item) : (outcome ?? []);
  });
};

/** Reads the network ACLs for which a batch will ask in one request per account and Region. */
const readAclsTogether = async (run: Run, reader: PlaceReader, items: readonly BlockItem[]): Promise<void> => {
  const { policy, isListed } = run.settings;
  const findings = items.flatMap(({ finding }) =>
    finding !== undefined &&
    (run.planOnly || authorityOf(run, finding) !== 'untrusted-channel') &&
    threatsOf(finding, policy).some(({ verdict }) => verdict === 'block')
      ? [finding]
      : [],
  );
  for (const group of groupBy(findings, targetKey).values()) {
    const [first, second] = group;
    if (first === undefined || second === undefined) continue;
    // Whatever the option throws is told of each finding, when it is judged.
    if (!(await isListed(first.accountId).catch(() => false))) continue;
    const interfaces = group.flatMap(namedInterfaces);
    const subnetIds = interfaces.map(({ subnetId }) => subnetId);
    if (run.settings.scope === 'subnet') await reader.expectAcls(targetOf(first), subnetIds);
    else {
      const vpcIds = interfaces.flatMap(({ vpcId }) => vpcId ?? []);
      await reader.expectAclsOfVpcs(targetOf(first), vpcIds);
    }
  }
};

const targetKey = ({ accountId, region }: Finding): string => `${accountId}/${region}`;

const look = async (
  run: Run,
  reader: PlaceReader,
  { recordId }: BlockItem,
  finding: Finding,
  index: number,
): Promise<Work | BlockOutcome> => {
  const id = recordId === undefined ? {} : { recordId };
  let preview = run.planOnly;
  try {
    const target = { ...targetOf(finding), findingType: finding.type };
    preview ||= (await resolveMode(run.settings.mode, target)) === 'dry-run';
    return await lookAt(run, reader, { index, ...id, preview, finding });
  } catch (error) {
    return failedOutcome({ ...id, finding, preview }, failureOf(error));
  }
};

const lookAt = async (
  run: Run,
  reader: PlaceReader,
  item: Pick<Work, 'index' | 'recordId' | 'preview' | 'finding'>,
): Promise<Work> => {
  const { settings } = run;
  const { finding } = item;
  const control = await settings.control.read(finding.accountId);
  const authority = run.planOnly ? 'not-needed' : authorityOf(run, finding);
  const acls = aclsFor(run, reader, finding);
  const judged = await judgeFinding(run, { finding, authority, onlyInEvent: [], control, acls });
  const work = { ...item, control, judged };
  return { ...work, found: await findPlaces(run, reader, work, 'named') };
};

/** The network ACLs that the denies of a finding would change. */
const aclsFor =
  ({ settings }: Run, reader: PlaceReader, finding: Finding): Testimony['acls'] =>
  async (target, subnetIds) => {
    const { acls } = await aclsInScope(reader, settings.scope, target, subnetIds, namedInterfaces(finding));
    return new Map(acls.map((acl) => [acl.NetworkAclId ?? '', acl]));
  };

const authorityOf = ({ settings }: Run, { provenance }: Finding): Authority => {
  if (settings.trust.readBack) return 'pending';
  const { channels = [] } = settings.trust;
  const channel = 'arn' in provenance ? provenance.arn : provenance.channel;
  return channel !== 'bare' && channels.includes(channel) ? 'granted' : 'untrusted-channel';
};

interface Confirmed {
  readonly looked: Work;
  readonly work?: Work;
  readonly error?: unknown;
}

/** Asks GuardDuty and the live interfaces about everything in one account and Region that would lead to a write. */
const confirm = async (run: Run, reader: PlaceReader, works: readonly Work[]): Promise<Confirmed[]> => {
  const { settings } = run;
  const [first] = works;
  if (first === undefined) return [];
  const toWrite = works.filter(({ found }) => found.wantsWrite);
  let held: ReadonlyMap<string, HeldFinding> | undefined;
  let readBackError: unknown;
  const asked = toWrite.filter(({ judged }) => judged.facts.authority === 'pending');
  if (settings.readBack && asked.length > 0) {
    try {
      held = await settings.readBack.gather(
        targetOf(first.finding),
        asked.map(({ finding }) => finding),
      );
    } catch (error) {
      readBackError = error;
    }
  }
  const instanceIds = toWrite.flatMap(({ finding, found }) =>
    found.wantsNewEntry ? (finding.instance?.instanceId ?? []) : [],
  );
  if (instanceIds.length > 1) await reader.expectInterfaces(targetOf(first.finding), instanceIds);
  const results = await mapConcurrent(works, 5, async (work): Promise<Work> => {
    if (!work.found.wantsWrite) return work;
    const pending = work.judged.facts.authority === 'pending';
    if (pending && held === undefined) throw readBackError;
    const known = pending && held ? await withHeld(run, reader, work, held.get(work.finding.id)) : work;
    return known.found.wantsNewEntry
      ? { ...known, found: await findPlaces(run, reader, known, 'live') }
      : confirmedPlaces(known);
  });
  return results.map((result, at): Confirmed => {
    const looked = works[at] ?? first;
    return result.ok ? { looked, work: result.value } : { looked, error: result.error };
  });
};

/** From here on what GuardDuty holds is acted on, not what the event says. */
const withHeld = async (run: Run, reader: PlaceReader, work: Work, held: HeldFinding | undefined): Promise<Work> => {
  if (isRemediationError(held)) throw held;
  const { copyIn } = work.finding;
  const finding = held ? { ...held, ...(copyIn === undefined ? {} : { copyIn }) } : work.finding;
  const authority: Authority = held ? 'granted' : 'missing';
  const unheld: ThreatsFacts['onlyInEvent'] = held ? onlyInEvent(work.finding, held, run.settings.policy) : [];
  const { control } = work;
  const acls = aclsFor(run, reader, finding);
  const judged = await judgeFinding(run, { finding, authority, onlyInEvent: unheld, control, acls });
  const known = { ...work, finding, judged };
  return { ...known, found: await findPlaces(run, reader, known, 'named') };
};

const confirmedPlaces = (work: Work): Work => ({ ...work, found: { ...work.found, confirmed: true } });

const denyKey = ({ index }: Work, stepId: string): string => `${index}/${stepId}`;

const deniesOf = (work: Work, now: Date): DenyAt[] =>
  work.found.places.map(({ place, request, owner }) => {
    const preview = work.preview || owner?.preview === true;
    const control = owner ? bothControls(work.control, owner.control) : work.control;
    return {
      place,
      request: { ...request, denyId: denyKey(work, request.denyId), confirmed: work.found.confirmed },
      preview,
      guard: guardFacts({ control, preview }, now),
    };
  });

/** What people have said about either account holds; one that cannot be read stops everything. */
const bothControls = (one: ControlState, other: ControlState): ControlState => {
  if (!one.readable) return one;
  if (!other.readable) return other;
  const { pauses, suppressions } = other;
  return {
    readable: true,
    pauses: [...one.pauses, ...pauses],
    suppressions: [...one.suppressions, ...suppressions],
  };
};

const finish = async (
  run: Run,
  work: Work,
  placed: ReadonlyMap<string, readonly PlacedDeny[]>,
): Promise<BlockOutcome> => {
  const { recordId, finding, preview, judged, found } = work;
  const { facts, plan, at } = judged;
  const denies = new Map<string, readonly PlacedDeny[]>(
    plan.steps.map(({ id }) => [id, [...(placed.get(denyKey(work, id)) ?? []), ...(found.noPlace.get(id) ?? [])]]),
  );
  const outcome = blockOutcome({ ...(recordId === undefined ? {} : { recordId }), finding, preview, plan, denies });
  await record(run, {
    decider: 'nacl/threats',
    facts,
    plan,
    at,
    outcomes: outcome.steps,
    findingId: finding.id,
    ...(recordId === undefined ? {} : { recordId }),
  });
  return outcome;
};

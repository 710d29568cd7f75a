import type { AclEntry } from '../entries/acl.ts';
import { inRange } from '../entries/acl.ts';
import type { NoteStep, UpdateSlotStep } from '../entries/entry-plan.ts';
import { type Ledger, type Match, type Notice, orphansPrefix as prefix, type Slot, shortId } from '../ledger/ledger.ts';
import { releasedLately } from '../ledger/released.ts';
import type { PortRange } from '../outcome.ts';
import { consistencyWindow } from '../policy.ts';
import type { Decided } from '../release/decide-slot.ts';
import type { UpkeepChange } from '../release/upkeep-plan.ts';
import type { Adoption, Orphan } from './reconcile-plan.ts';

/**
 * The denies of the reserved range under whose number the ledger has no slot. One that was taken out a moment ago is none:
 * EC2 may still show it. Pure.
 */
export const findOrphans = (
  entries: readonly AclEntry[],
  { slots, history, notices }: Pick<Ledger, 'slots' | 'history' | 'notices'>,
  range: PortRange,
  now: Date,
): AclEntry[] => {
  const ours = new Set(slots.map(({ ruleNumber }) => ruleNumber));
  const isRecent = (at: string): boolean => now.getTime() - Date.parse(at) <= consistencyWindow;
  const leaving = new Set(history.flatMap(({ cidr, endedAt }) => (isRecent(endedAt) ? [cidr] : [])));
  const released = releasedLately(notices, now);
  return entries.filter(
    ({ action, ruleNumber, cidr }) =>
      action === 'deny' &&
      inRange(ruleNumber, range) &&
      !ours.has(ruleNumber) &&
      !leaving.has(cidr) &&
      !released.has(ruleNumber),
  );
};

/** The protocol of an entry that a slot can stand for; a slot knows TCP, UDP and all. */
const slotProtocol = ({ protocol }: AclEntry): Match['protocol'] | undefined =>
  protocol === '6' || protocol === '17' || protocol === '-1' ? protocol : undefined;

/** The slot that an orphan becomes; undefined where nobody asked for this one, or no slot could stand for it. Pure. */
export const adopt = (
  entry: AclEntry,
  adoption: Adoption | undefined,
  now: Date,
): Decided<UpkeepChange & { readonly result: 'adopt' }> | undefined => {
  const protocol = slotProtocol(entry);
  const { ruleNumber, cidr, ports } = entry;
  if (adoption === undefined || protocol === undefined) return undefined;
  if (adoption.ruleNumbers !== undefined && !adoption.ruleNumbers.includes(ruleNumber)) return undefined;
  const at = now.toISOString();
  const slot: Slot = {
    ruleNumber,
    cidr,
    protocol,
    ...(ports ? { ports } : {}),
    status: 'active',
    findingIds: [],
    findingType: 'adopted',
    severity: 0,
    hits: 0,
    sightings: 0,
    spoofable: false,
    firstBlockedAt: at,
    lastSeen: at,
    madeBy: { findingId: shortId(`adopted/${adoption.requestedBy}`), lastSeen: at },
    writtenAt: at,
    expiresAt: adoption.expiresAt,
  };
  const step: UpdateSlotStep = {
    id: `adopt/${ruleNumber}`,
    action: 'update-slot',
    reason: 'adopted',
    because: `${adoption.requestedBy} took it over until ${adoption.expiresAt}: ${adoption.reason}`,
    precondition: { ruleNumber, cidr, action: 'deny' },
    slot,
  };
  return { release: { slot, result: 'adopt', reason: step.reason, because: step.because, stepId: step.id }, step };
};

/** Which orphans are news, and the step that keeps what was told, if that changes. Pure. */
export const tellOrphans = (
  orphans: readonly AclEntry[],
  told: readonly Notice[],
  toldNow: readonly number[],
  now: Date,
): { readonly orphans: readonly Orphan[]; readonly step?: NoteStep } => {
  const before = told.find(({ about }) => about.startsWith(prefix))?.about ?? `${prefix}${none}`;
  const known = new Set([...numbersOf(before.slice(prefix.length)), ...toldNow]);
  const about = `${prefix}${textOf(orphans.map(({ ruleNumber }) => ruleNumber))}`;
  const found = orphans.map((entry): Orphan => ({ entry, news: !known.has(entry.ruleNumber) }));
  if (about === before) return { orphans: found };
  const step: NoteStep = {
    id: 'note/orphans',
    action: 'note',
    reason: 'orphan',
    because: 'The reserved range has denies that the ledger does not know; people are told of each once.',
    precondition: null,
    notice: { about, at: now.toISOString() },
  };
  return { orphans: found, step };
};

const none = 'none';

/** `10-12,15`: bounded, whatever the range. */
const textOf = (numbers: readonly number[]): string => {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',') || none;
};

const numbersOf = (text: string): number[] =>
  text.split(',').flatMap((run) => {
    const [from = Number.NaN, to = from] = run.split('-').map(Number);
    // What is not a short run of numbers was not written here.
    if (!(to - from >= 0 && to - from < 1_000)) return [];
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });

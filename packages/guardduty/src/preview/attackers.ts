import { fairly } from './fairly.ts';
import { createInterner } from './interner.ts';
import { noOutcomes, outcomesByWeight, outweighs } from './outcomes.ts';
import type { AttackerRow, PreviewOutcome, PreviewReport } from './report.ts';

interface Attacker {
  readonly cidr: string;
  country?: string;
  outcome: PreviewOutcome;
  reason?: string;
  findings: number;
  lastFinding: number;
  readonly types: string[];
  firstSeen: number;
  lastSeen: number;
  severity: number;
  deniedMs: number;
  places: number;
  lastPlace: number;
  withoutRoom: number;
}

/** What one finding says about one address. */
export interface Evidence {
  readonly cidr: string;
  readonly country?: string;
  readonly finding: number;
  readonly type: string;
  readonly at: number;
  readonly severity: number;
}

/** Everybody whom the threat table wants denied. */
export interface Attackers {
  /** Takes a finding about an address; undefined when there is no room for one more address. */
  seen(evidence: Evidence): number | undefined;
  /** What it came to this time. */
  came(attacker: number, outcome: PreviewOutcome, reason: string): void;
  /** Whether it was denied in a place; places come one after another. */
  placed(attacker: number, place: number, held: boolean, reason: string): void;
  /** One deny of this address held this long. */
  held(cidr: string, ms: number): void;
  rows(most: number): PreviewReport['attackers'];
  countries(most: number): PreviewReport['countries'];
}

/** How many types of one address are kept, and how many of them named. */
const maxTypes = 50;
const namedTypes = 3;

const noteOutcome = (found: Attacker, outcome: PreviewOutcome, reason: string): void => {
  if (outweighs(found.outcome, outcome)) return;
  if (outcome === 'blocked') delete found.reason;
  else if (found.outcome !== outcome || found.reason === undefined) found.reason = reason;
  found.outcome = outcome;
};

/** Nobody yet, and `most` addresses at most. */
export const createAttackers = (most: number): Attackers => {
  const attackers = createInterner<Attacker>(most);
  const { values } = attackers;
  return {
    seen({ cidr, country, finding, type, at, severity }) {
      const index = attackers.indexOf(cidr, () => newAttacker(cidr, at));
      const found = index === undefined ? undefined : values[index];
      if (found === undefined) return undefined;
      if (found.lastFinding !== finding) found.findings += 1;
      found.lastFinding = finding;
      if (country !== undefined) found.country = country;
      if (found.types.length < maxTypes && !found.types.includes(type)) found.types.push(type);
      found.firstSeen = Math.min(found.firstSeen, at);
      found.lastSeen = Math.max(found.lastSeen, at);
      found.severity = Math.max(found.severity, severity);
      return index;
    },
    came(attacker, outcome, reason) {
      const found = values[attacker];
      if (found) noteOutcome(found, outcome, reason);
    },
    placed(attacker, place, held, reason) {
      const found = values[attacker];
      if (!found) return;
      noteOutcome(found, held ? 'blocked' : 'not-blocked', reason);
      if (!held) found.withoutRoom += 1;
      else if (found.lastPlace !== place) {
        found.places += 1;
        found.lastPlace = place;
      }
    },
    held(cidr, ms) {
      const found = attackers.find(cidr);
      if (found) found.deniedMs = Math.max(found.deniedMs, ms);
    },
    rows: (rowsMost) => listAttackers(values, rowsMost),
    countries: (rowsMost) => listCountries(values, rowsMost),
  };
};

const newAttacker = (cidr: string, at: number): Attacker => ({
  cidr,
  outcome: 'ignored',
  findings: 0,
  lastFinding: -1,
  types: [],
  firstSeen: at,
  lastSeen: at,
  severity: 0,
  deniedMs: 0,
  places: 0,
  lastPlace: -1,
  withoutRoom: 0,
});

const rowOf = ({ lastFinding: _, lastPlace: __, types, firstSeen, lastSeen, ...same }: Attacker): AttackerRow => ({
  ...same,
  types: types.slice(0, namedTypes),
  moreTypes: Math.max(0, types.length - namedTypes),
  firstSeen: new Date(firstSeen).toISOString(),
  lastSeen: new Date(lastSeen).toISOString(),
});

const listAttackers = (all: readonly Attacker[], most: number): PreviewReport['attackers'] => {
  const byOutcome = noOutcomes();
  for (const { outcome } of all) byOutcome[outcome] += 1;
  const weight = ({ outcome }: Attacker): number => outcomesByWeight.indexOf(outcome);
  const sorted = all.toSorted(
    (a, b) => weight(a) - weight(b) || b.findings - a.findings || b.deniedMs - a.deniedMs || (a.cidr < b.cidr ? -1 : 1),
  );
  const denied = Float64Array.from(all.flatMap(({ deniedMs }) => (deniedMs > 0 ? [deniedMs] : []))).sort();
  return {
    total: all.length,
    byOutcome,
    medianDeniedMs: denied[Math.floor(denied.length / 2)] ?? 0,
    longestDeniedMs: denied.at(-1) ?? 0,
    rows: fairly(sorted, most).map(rowOf),
    omitted: Math.max(0, all.length - most),
  };
};

const listCountries = (all: readonly Attacker[], most: number): PreviewReport['countries'] => {
  const byCountry = new Map<string, { attackers: number; blocked: number }>();
  for (const { country = 'not named', outcome } of all) {
    const counts = byCountry.get(country) ?? { attackers: 0, blocked: 0 };
    counts.attackers += 1;
    if (outcome === 'blocked') counts.blocked += 1;
    byCountry.set(country, counts);
  }
  const rows = [...byCountry]
    .map(([country, counts]) => ({ country, ...counts }))
    .sort((a, b) => b.attackers - a.attackers || (a.country < b.country ? -1 : 1));
  return { rows: rows.slice(0, most), omitted: Math.max(0, rows.length - most) };
};

import type { DenyRequest } from '../nacl/entries/entries-facts.ts';
import { indices, numbers } from './columns.ts';
import type { Sighting } from './simulate-lane.ts';

/** A deny that the gate wants, apart from who wants it when and where. */
export type WantedDeny = Pick<DenyRequest, 'cidr' | 'protocol' | 'runs' | 'spoofable'>;

/** One wanted deny in one place; the references are indices. */
export interface StoredSighting {
  readonly at: number;
  readonly expiresAt: number;
  readonly lane: number;
  readonly deny: number;
  readonly attacker: number;
  readonly finding: number;
  readonly severity: number;
  /** Publishing intervals in which the finding was seen. */
  readonly sightings: number;
}

/** What the references lead to. */
export interface References {
  deny(index: number): WantedDeny;
  finding(index: number): { readonly id: string; readonly type: string };
}

/** A sighting with where it came from. */
export interface LaneSighting extends Sighting {
  readonly attacker: number;
  readonly finding: number;
}

/** All wanted denies, in about 45 bytes each. */
export interface SightingStore {
  readonly length: number;
  add(sighting: StoredSighting): void;
  /** Lane by lane, and each in order of time. */
  lanes(references: References): Generator<{ readonly lane: number; readonly sightings: Iterable<LaneSighting> }>;
}

/** An empty store. */
export const createSightingStore = (): SightingStore => {
  const at = numbers();
  const expiresAt = numbers();
  const severity = numbers();
  const [lane, deny, attacker, finding, seen] = [indices(), indices(), indices(), indices(), indices()];

  function* read(order: Uint32Array, from: number, to: number, references: References): Generator<LaneSighting> {
    for (const index of order.subarray(from, to)) {
      const { id, type } = references.finding(finding.at(index));
      yield {
        at: at.at(index),
        attacker: attacker.at(index),
        finding: finding.at(index),
        request: {
          denyId: id,
          findingId: id,
          findingType: type,
          severity: severity.at(index),
          lastSeen: new Date(at.at(index)).toISOString(),
          expiresAt: new Date(expiresAt.at(index)).toISOString(),
          sightings: seen.at(index),
          confirmed: true,
          ...references.deny(deny.at(index)),
        },
      };
    }
  }

  return {
    get length() {
      return at.length;
    },
    add(sighting) {
      at.push(sighting.at);
      expiresAt.push(sighting.expiresAt);
      severity.push(sighting.severity);
      lane.push(sighting.lane);
      deny.push(sighting.deny);
      attacker.push(sighting.attacker);
      finding.push(sighting.finding);
      seen.push(sighting.sightings);
    },
    *lanes(references) {
      const order = Uint32Array.from({ length: at.length }, (_, index) => index);
      order.sort((a, b) => lane.at(a) - lane.at(b) || at.at(a) - at.at(b) || a - b);
      for (let from = 0, to = 0; from < order.length; from = to) {
        const current = lane.at(order[from] ?? 0);
        while (to < order.length && lane.at(order[to] ?? 0) === current) to += 1;
        yield { lane: current, sightings: read(order, from, to, references) };
      }
    },
  };
};

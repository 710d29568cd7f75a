import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AddressThreat } from '../threats/threat.ts';
import { attackedRuns } from './port-runs.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const attackedPorts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 })), {
    selector: ([port]) => port,
  })
  .map((ports) => ports.map(([port, hits]) => ({ port, hits })).sort((a, b) => a.port - b.port));

const threats = fc
  .record({
    protocol: fc.constantFrom('tcp', 'udp', 'any'),
    spoofable: fc.boolean(),
    attackedPorts: fc.oneof(
      attackedPorts,
      fc.constant([
        { port: 65_534, hits: 1 },
        { port: 65_535, hits: 9 },
      ]),
    ),
  })
  .map(
    (chosen): AddressThreat => ({
      address: '198.51.100.7/32',
      family: 4,
      direction: 'ingress',
      verdict: 'block',
      escalate: false,
      reason: 'brute-force',
      because: '',
      alreadyBlocked: false,
      localEnds: [],
      ...chosen,
    }),
  );

const portsOf = (runs: readonly { from: number; to: number }[]): number[] =>
  runs.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, more) => from + more));

it('denies only attacked ports, each once, in two runs at most that no third was attacked more than', () => {
  fc.assert(
    fc.property(
      threats,
      fc.constantFrom<'attacked' | 'all'>('attacked', 'all'),
      fc.constantFrom(22, undefined),
      (threat, ports, own) => {
        const denied = attackedRuns(threat, ports, own);
        const named = threat.attackedPorts.map(({ port }) => port);
        if (denied === undefined) {
          expect(threat.spoofable).toBe(true);
          return;
        }
        if (denied.runs.length === 0) {
          expect(threat.spoofable).toBe(false);
          expect(ports === 'all' || (named.length === 0 && own === undefined)).toBe(true);
          expect(denied).toEqual({ protocol: '-1', runs: [], omittedRuns: [] });
          return;
        }
        expect(denied.protocol).not.toBe('-1');
        expect(denied.runs.length).toBeLessThanOrEqual(2);
        const expected = named.length > 0 ? named : [own];
        expect(portsOf([...denied.runs, ...denied.omittedRuns]).sort((a, b) => a - b)).toEqual(expected);
        const hits = (run: { from: number; to: number }) =>
          threat.attackedPorts
            .filter(({ port }) => port >= run.from && port <= run.to)
            .reduce((sum, each) => sum + each.hits, 0);
        const least = Math.min(...denied.runs.map(hits));
        for (const omitted of denied.omittedRuns) expect(hits(omitted)).toBeLessThanOrEqual(least);
      },
    ),
    { numRuns },
  );
});

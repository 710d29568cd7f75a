import { expect, it } from 'vitest';
import type { AddressThreat } from '../threats/threat.ts';
import { attackedRuns } from './port-runs.ts';

const threat = (changes: Partial<AddressThreat> = {}): AddressThreat => ({
  address: '198.51.100.7/32',
  family: 4,
  direction: 'ingress',
  verdict: 'block',
  escalate: false,
  reason: 'brute-force',
  because: '',
  protocol: 'tcp',
  attackedPorts: [],
  spoofable: false,
  alreadyBlocked: false,
  localEnds: [],
  ...changes,
});
const ports = (...numbers: number[]) => numbers.map((port) => ({ port, hits: 1 }));

it('denies the port that the type is about where the finding names none', () => {
  const runs = [{ from: 22, to: 22 }];
  expect(attackedRuns(threat(), 'attacked', 22)).toEqual({ protocol: '6', runs, omittedRuns: [] });
  expect(attackedRuns(threat({ spoofable: true }), 'attacked', 22)).toEqual({ protocol: '6', runs, omittedRuns: [] });
});

it('denies the port that was attacked, whatever the type is about', () => {
  expect(attackedRuns(threat({ attackedPorts: ports(2222) }), 'attacked', 22)?.runs).toEqual([
    { from: 2222, to: 2222 },
  ]);
});

it('finds runs in whatever order the ports are named, and of runs attacked alike denies the lower', () => {
  const attacked = threat({ attackedPorts: ports(443, 81, 22, 80, 3306, 23) });
  expect(attackedRuns(attacked, 'attacked')).toEqual({
    protocol: '6',
    runs: [
      { from: 22, to: 23 },
      { from: 80, to: 81 },
    ],
    omittedRuns: [
      { from: 443, to: 443 },
      { from: 3306, to: 3306 },
    ],
  });
});

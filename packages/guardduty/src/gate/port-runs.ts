import type { PortRange } from '../nacl/outcome.ts';
import type { AddressThreat } from '../threats/threat.ts';

/** At most this many entries per address. */
const maxRuns = 2;

/** Which ports an entry denies. */
export interface DeniedPorts {
  readonly protocol: '6' | '17' | '-1';
  readonly runs: readonly PortRange[];
  readonly omittedRuns: readonly PortRange[];
}

/**
 * Contiguous runs of the attacked ports, the two most attacked; never a port that was not attacked, since carrier NAT puts
 * customers behind the attacker's address. Where the finding names no port, the one that its type is about. All ports where
 * asked for or where there is none, but never on evidence that could be forged: then undefined.
 */
export const attackedRuns = (
  threat: AddressThreat,
  ports: 'attacked' | 'all',
  portOfType?: number,
): DeniedPorts | undefined => {
  const none = threat.attackedPorts.length === 0;
  const named = none && portOfType !== undefined ? [{ port: portOfType, hits: 1 }] : threat.attackedPorts;
  const protocol = protocolOf(threat);
  if (named.length === 0 || protocol === undefined || (ports === 'all' && !threat.spoofable)) {
    return threat.spoofable ? undefined : { protocol: '-1', runs: [], omittedRuns: [] };
  }
  // Of equally attacked ones those with lower numbers, which come first.
  const runs = contiguous(named).toSorted((a, b) => b.hits - a.hits);
  const plain = runs.map(({ from, to }) => ({ from, to }));
  return { protocol, runs: plain.slice(0, maxRuns), omittedRuns: plain.slice(maxRuns) };
};

/** Evidence without a named protocol that could not be forged is TCP: nothing else proves its sender. */
const protocolOf = ({ protocol, spoofable }: AddressThreat): '6' | '17' | undefined => {
  if (protocol === 'udp') return '17';
  return protocol === 'tcp' || !spoofable ? '6' : undefined;
};

const contiguous = (ports: AddressThreat['attackedPorts']): (PortRange & { hits: number })[] => {
  const runs: (PortRange & { hits: number })[] = [];
  for (const { port, hits } of ports.toSorted((a, b) => a.port - b.port)) {
    const last = runs.at(-1);
    if (last && port <= last.to + 1) runs[runs.length - 1] = { from: last.from, to: port, hits: last.hits + hits };
    else runs.push({ from: port, to: port, hits });
  }
  return runs;
};

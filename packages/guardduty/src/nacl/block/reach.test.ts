import { describe, expect, it } from 'vitest';
import { sshBruteForce } from '../../testing/findings.ts';
import { extractThreats } from '../../threats/extract.ts';
import type { AddressThreat } from '../../threats/threat.ts';
import { type ReachedInterface, subnetsToDeny } from './reach.ts';

const threatAt = (...localEnds: AddressThreat['localEnds']): AddressThreat => {
  const [threat] = extractThreats(sshBruteForce());
  if (threat?.address === undefined) throw new Error('the finding names an address');
  return { ...threat, localEnds };
};

const interfaces: readonly ReachedInterface[] = [
  { networkInterfaceId: 'eni-1', subnetId: 'subnet-1', addresses: ['10.0.1.10', '2001:db8:1::10'] },
  { networkInterfaceId: 'eni-2', subnetId: 'subnet-2', addresses: ['10.0.2.10', '2001:db8:2::10'] },
  { networkInterfaceId: 'eni-3', subnetId: 'subnet-2', addresses: ['10.0.2.11'] },
];

describe('subnetsToDeny', () => {
  it.each<[string, AddressThreat['localEnds'], string[]]>([
    ['its id', [{ networkInterfaceId: 'eni-2' }], ['subnet-2']],
    ['its IPv4 address', [{ ipv4: '10.0.1.10', port: 22 }], ['subnet-1']],
    ['its IPv6 address', [{ ipv6: '2001:db8:2::10' }], ['subnet-2']],
    ['its IPv6 address in another spelling', [{ ipv6: '2001:DB8:2:0:0::10' }], ['subnet-2']],
  ])('G17, G18: takes the subnet of the interface that the finding names by %s', (_, ends, subnets) => {
    expect(subnetsToDeny(threatAt(...ends), interfaces)).toEqual(subnets);
  });

  it('G18: takes the subnets of all attacked interfaces, each once', () => {
    const ends = [{ ipv4: '10.0.2.11' }, { ipv6: '2001:db8:1:0::10' }, { ipv4: '10.0.2.10' }];
    expect(subnetsToDeny(threatAt(...ends), interfaces)).toEqual(['subnet-1', 'subnet-2']);
  });

  it.each<[string, AddressThreat['localEnds']]>([
    ['names none', []],
    ['names a port only', [{ port: 22 }]],
    ['names one that is gone', [{ networkInterfaceId: 'eni-9', ipv4: '10.0.9.9' }]],
    ['names an address that only looks like one of ours', [{ ipv4: '10.0.1.1' }]],
    ['names what is no address', [{ ipv6: 'none' }]],
  ])('G18: takes every subnet of the instance where the finding %s', (_, ends) => {
    expect(subnetsToDeny(threatAt(...ends), interfaces)).toEqual(['subnet-1', 'subnet-2']);
  });

  it('has none where there is no interface', () => {
    expect(subnetsToDeny(threatAt({ ipv4: '10.0.1.10' }), [])).toEqual([]);
  });
});

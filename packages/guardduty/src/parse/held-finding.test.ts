import { describe, expect, it } from 'vitest';
import { foldKeys } from './fold.ts';
import { parseHeldFinding } from './held-finding.ts';

const held = {
  AccountId: '111122223333',
  Region: 'eu-west-1',
  Id: 'f1',
  Type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  Severity: 2,
  UpdatedAt: '2026-11-24T09:35:00.000Z',
  Resource: { InstanceDetails: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Ipv6Addresses: [] }] } },
  Service: {
    Archived: true,
    ResourceRole: 'TARGET',
    EventLastSeen: '2026-11-24T09:30:00Z',
    AdditionalInfo: { Value: '{"sample":true}', Type: 'default' },
    Action: {
      ActionType: 'NETWORK_CONNECTION',
      NetworkConnectionAction: {
        ConnectionDirection: 'INBOUND',
        LocalPortDetails: { Port: 22 },
        RemoteIpDetails: { IpAddressV4: '198.51.100.7' },
      },
    },
  },
};

const provenance = { channel: 'sqs', arn: 'arn:aws:sqs:eu-west-1:111122223333:q' } as const;

describe('parseHeldFinding', () => {
  it('reads an element of GetFindings like the event of the same finding', () => {
    expect(parseHeldFinding(held, provenance)).toMatchObject({
      id: 'f1',
      archived: true,
      sample: true,
      eventLastSeen: '2026-11-24T09:30:00.000Z',
      instance: { interfaces: [{ networkInterfaceId: 'eni-1' }] },
      action: { direction: 'INBOUND', local: { port: 22 }, remote: { ipv4: '198.51.100.7' } },
      provenance,
    });
  });

  it('reads every source address of a Kubernetes call', () => {
    const action = { KubernetesApiCallAction: { SourceIps: ['198.51.100.7', '198.51.100.8'] } };
    expect(parseHeldFinding({ ...held, Service: { Action: action } }, provenance).action).toEqual({
      kind: 'kubernetes-api-call',
      remotes: [{ ipv4: '198.51.100.7' }, { ipv4: '198.51.100.8' }],
    });
  });

  it.each([null, 'text', [], {}, { ...held, Severity: 'HIGH' }])('gives a coded error for %j', (finding) => {
    expect(() => parseHeldFinding(finding, provenance)).toThrow(expect.objectContaining({ code: 'FINDING_MALFORMED' }));
  });
});

describe('foldKeys', () => {
  it('pollutes nothing', () => {
    const folded = foldKeys(JSON.parse('{"__proto__":{"Admin":true},"Constructor":{"Prototype":{"Admin":true}}}'));
    expect({}).not.toHaveProperty('admin');
    expect(Object.getPrototypeOf(folded)).toBe(Object.prototype);
    expect(JSON.stringify(folded)).toBe('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
  });

  it('refuses two keys that become one', () => {
    expect(() => foldKeys({ Type: 'a', type: 'b' })).toThrow(expect.objectContaining({ code: 'FINDING_MALFORMED' }));
  });

  it('refuses what nests deeper than a finding can', () => {
    const nest = (depth: number): unknown => JSON.parse(`${'{"A":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(foldKeys(nest(64))).toBeDefined();
    expect(() => foldKeys(nest(65))).toThrow(/deeper than 64/);
    expect(() => foldKeys(nest(5_000))).toThrow(/deeper than 64/);
  });
});

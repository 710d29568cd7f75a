import { describe, expect, it } from 'vitest';
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

  it('names a field as the document spells it', () => {
    const broken = { ...held, Severity: 'HIGH', Service: { Action: { AwsApiCallAction: [] } } };
    expect(() => parseHeldFinding(broken, provenance)).toThrow(
      /: Severity is a string, .*; Service\.Action\.AwsApiCallAction is a list, expected an object/,
    );
  });

  it('refuses a field under two names: which one counts would be a guess', () => {
    expect(() => parseHeldFinding({ ...held, type: 'Recon:EC2/Portscan' }, provenance)).toThrow(
      /type is a string, expected one of type and Type/,
    );
  });

  it('looks at no field that it does not read, however deep', () => {
    const deep: unknown = JSON.parse(`${'{"A":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    expect(parseHeldFinding({ ...held, Other: deep, __Proto__: deep }, provenance)).toHaveProperty('id', 'f1');
  });

  it('takes nothing that is inherited', () => {
    const inherited: unknown = JSON.parse('{"__proto__":{"Id":"f1","Admin":true}}');
    expect(() => parseHeldFinding(inherited, provenance)).toThrow(/id is missing/);
    expect({}).not.toHaveProperty('Admin');
  });

  it.each([null, 'text', [], {}, { ...held, Severity: 'HIGH' }])('gives a coded error for %j', (finding) => {
    expect(() => parseHeldFinding(finding, provenance)).toThrow(expect.objectContaining({ code: 'FINDING_MALFORMED' }));
  });
});

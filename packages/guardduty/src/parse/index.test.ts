import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { extractThreats } from '../threats/extract.ts';
import { parseFinding } from './index.ts';

type Document = Record<string, unknown>;

const service = (changes: Document = {}): Document => ({
  serviceName: 'guardduty',
  detectorId: 'd1',
  action: {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      connectionDirection: 'INBOUND',
      protocol: 'TCP',
      blocked: false,
      localPortDetails: { port: 22, portName: 'SSH' },
      localIpDetails: { ipAddressV4: '10.0.0.5' },
      localNetworkInterface: 'eni-0a1',
      remoteIpDetails: { ipAddressV4: '198.51.100.7', organization: { asn: -1 }, country: 'France' },
      remotePortDetails: { port: 32_938 },
    },
  },
  resourceRole: 'TARGET',
  additionalInfo: {},
  archived: false,
  count: 3,
  eventFirstSeen: '2026-11-24T09:00:00.000Z',
  eventLastSeen: '2026-11-24T09:30:00Z',
  ...changes,
});

const bare = (changes: Document = {}): Document => ({
  schemaVersion: '2.0',
  accountId: '111122223333',
  region: 'eu-west-1',
  id: 'f1',
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  severity: 2,
  createdAt: '2026-11-24T09:05:00.000Z',
  updatedAt: '2026-11-24T09:35:00.000Z',
  title: 'Somebody guesses passwords',
  description: 'of <b>i-0b2</b>',
  resource: {
    resourceType: 'Instance',
    instanceDetails: {
      instanceId: 'i-0b2',
      networkInterfaces: [
        {
          networkInterfaceId: 'eni-0a1',
          subnetId: 'subnet-1',
          vpcId: 'vpc-1',
          privateIpAddress: '10.0.0.5',
          privateIpAddresses: [{ privateIpAddress: '10.0.0.5' }, { privateIpAddress: '10.0.0.6' }],
          ipv6Addresses: ['2001:db8::5'],
        },
      ],
    },
  },
  service: service(),
  ...changes,
});

const event = (detail: unknown, changes: Document = {}): Document => ({
  version: '0',
  id: 'e1',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: '444455556666',
  region: 'eu-west-1',
  resources: [],
  detail,
  ...changes,
});

const withAction = (action: unknown): Document => bare({ service: service({ action }) });

const errorOf = (input: unknown): { code: string; message: string } => {
  try {
    parseFinding(input);
  } catch (error) {
    if (isRemediationError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('parsed');
};

describe('parseFinding', () => {
  it('G22: takes a camelCase EventBridge event whole', () => {
    expect(parseFinding(event(bare()))).toEqual({
      copyIn: '444455556666',
      id: 'f1',
      type: 'UnauthorizedAccess:EC2/SSHBruteForce',
      accountId: '111122223333',
      region: 'eu-west-1',
      partition: 'aws',
      severity: 2,
      title: { untrusted: 'Somebody guesses passwords' },
      description: { untrusted: 'of <b>i-0b2</b>' },
      createdAt: '2026-11-24T09:05:00.000Z',
      updatedAt: '2026-11-24T09:35:00.000Z',
      eventFirstSeen: '2026-11-24T09:00:00.000Z',
      eventLastSeen: '2026-11-24T09:30:00.000Z',
      count: 3,
      sample: false,
      archived: false,
      resourceType: 'Instance',
      resourceRole: 'TARGET',
      instance: {
        instanceId: 'i-0b2',
        interfaces: [
          {
            networkInterfaceId: 'eni-0a1',
            subnetId: 'subnet-1',
            vpcId: 'vpc-1',
            privateIpv4: ['10.0.0.5', '10.0.0.6'],
            ipv6: ['2001:db8::5'],
          },
        ],
      },
      action: {
        kind: 'network-connection',
        direction: 'INBOUND',
        protocol: 'TCP',
        blocked: false,
        local: { port: 22, ipv4: '10.0.0.5', networkInterfaceId: 'eni-0a1' },
        remote: { ipv4: '198.51.100.7', country: 'France' },
        remotePort: 32_938,
      },
      detectorId: 'd1',
      provenance: { channel: 'eventbridge' },
    });
  });

  it('takes account and Region from the finding, never from the envelope', () => {
    const { accountId, region } = parseFinding(event(bare({ region: 'eu-west-2' })));
    expect({ accountId, region }).toEqual({ accountId: '111122223333', region: 'eu-west-2' });
  });

  it('marks a finding without envelope as bare', () => {
    expect(parseFinding(bare()).provenance).toEqual({ channel: 'bare' });
  });

  it('G22: throws a coded error that no retry mends when a finding cannot be read', () => {
    expect(() => parseFinding(event({ ...bare(), id: undefined }))).toThrow(
      expect.objectContaining({ code: 'FINDING_MALFORMED', retryable: false }),
    );
  });

  it.each([undefined, 'my.app', 'aws.securityhub', 7])('refuses an event whose source is %j', (source) => {
    const { code, message } = errorOf(event(bare(), { source }));
    expect(code).toBe('FINDING_SOURCE_FOREIGN');
    expect(message).not.toContain('my.app');
  });

  it('refuses an event of GuardDuty without detail-type', () => {
    expect(errorOf(event(bare(), { 'detail-type': undefined }))).toEqual({
      code: 'FINDING_MALFORMED',
      message: expect.stringContaining('detail-type is missing'),
    });
  });

  it('G20: every probe detail yields its address', () => {
    const probe = (port: number, ipAddressV4: string) => ({
      localPortDetails: { port },
      localIpDetails: { ipAddressV4: '10.0.0.5' },
      remoteIpDetails: { ipAddressV4 },
    });
    const details = [probe(80, '198.51.100.7'), probe(443, '198.51.100.8')];
    const parsed = parseFinding(
      withAction({ actionType: 'PORT_PROBE', portProbeAction: { blocked: false, portProbeDetails: details } }),
    );
    expect(parsed.action).toEqual({
      kind: 'port-probe',
      blocked: false,
      probes: [
        { local: { port: 80, ipv4: '10.0.0.5' }, remote: { ipv4: '198.51.100.7' } },
        { local: { port: 443, ipv4: '10.0.0.5' }, remote: { ipv4: '198.51.100.8' } },
      ],
    });
    const single = withAction({ actionType: 'PORT_PROBE', portProbeAction: { portProbeDetails: details[0] } });
    expect(parseFinding(single).action).toMatchObject({ probes: [{ remote: { ipv4: '198.51.100.7' } }] });
  });

  const remoteIpDetails = { ipAddressV4: '198.51.100.7', ipAddressV6: '2001:db8::7' };
  const remote = { ipv4: '198.51.100.7', ipv6: '2001:db8::7' };

  it.each([
    ['AWS_API_CALL', { awsApiCallAction: { remoteIpDetails } }, { kind: 'aws-api-call', remotes: [remote] }],
    [
      'RDS_LOGIN_ATTEMPT',
      { rdsLoginAttemptAction: { remoteIpDetails } },
      { kind: 'rds-login-attempt', remotes: [remote] },
    ],
    ['RDS_LOGIN_ATTEMPT', { rdsLoginAttemptAction: {} }, { kind: 'rds-login-attempt', remotes: [] }],
    [
      'KUBERNETES_API_CALL',
      { kubernetesApiCallAction: { remoteIpDetails, sourceIPs: ['198.51.100.8', '2001:db8::8'] } },
      { kind: 'kubernetes-api-call', remotes: [remote, { ipv4: '198.51.100.8' }, { ipv6: '2001:db8::8' }] },
    ],
    [
      'KUBERNETES_API_CALL',
      { kubernetesApiCallAction: { sourceIps: '198.51.100.8' } },
      { kind: 'kubernetes-api-call', remotes: [{ ipv4: '198.51.100.8' }] },
    ],
    [
      'DNS_REQUEST',
      { dnsRequestAction: { domain: 'a.example', blocked: 'True' } },
      { kind: 'dns-request', blocked: true },
    ],
  ])('G20: every address of %s %j', (actionType, action, expected) => {
    expect(parseFinding(withAction({ actionType, ...action })).action).toEqual(expected);
    expect(parseFinding(withAction(action)).action).toEqual(expected);
  });

  it.each([
    [
      'an unknown kind',
      { actionType: 'NEW', newAction: {}, remoteIpDetails },
      { actionType: 'NEW', remotes: [remote] },
    ],
    ['a kind that is not there', { actionType: 'PORT_PROBE' }, { actionType: 'PORT_PROBE' }],
    [
      'a kind that another one contradicts',
      { actionType: 'PORT_PROBE', awsApiCallAction: { remoteIpDetails } },
      { actionType: 'PORT_PROBE', remotes: [remote] },
    ],
    [
      'two kinds without a word which',
      { dnsRequestAction: {}, rdsLoginAttemptAction: { remoteIpDetails } },
      { actionType: '', remotes: [remote] },
    ],
    ['addresses without a kind', { remoteIpDetails }, { actionType: '', remotes: [remote] }],
  ])('G20: %s is another action, with every address found', (_, action, expected) => {
    expect(parseFinding(withAction(action)).action).toEqual({ kind: 'other', ...expected });
  });

  it.each([undefined, null, {}, { actionType: null }])('has no action where the document has %j', (action) => {
    expect(parseFinding(withAction(action))).not.toHaveProperty('action');
  });

  it.each([undefined, null])('parses without service (%j)', (nothing) => {
    const parsed = parseFinding(bare({ service: nothing, resource: nothing }));
    expect(parsed).toMatchObject({ id: 'f1', archived: false, sample: false });
    expect(parsed).not.toHaveProperty('resourceRole');
  });

  it('reads the service where a log pipeline named it finding', () => {
    const parsed = parseFinding(bare({ service: undefined, finding: service({ archived: 'True' }) }));
    expect(parsed).toMatchObject({ archived: true, action: { kind: 'network-connection' } });
  });

  it('G21: an address of IPv6 alone comes through to the threat', () => {
    const action = {
      actionType: 'NETWORK_CONNECTION',
      networkConnectionAction: {
        connectionDirection: 'INBOUND',
        remoteIpDetails: { ipAddressV4: '', ipAddressV6: '2001:db8::7' },
      },
    };
    expect(extractThreats(parseFinding(withAction(action)))).toMatchObject([
      { address: '2001:db8::7/128', family: 6, verdict: 'block' },
    ]);
  });

  it.each([
    [{ severity: '9' }, { severity: 9 }],
    [{ severity: 8.7 }, { severity: 8.7 }],
    [{ service: service({ archived: 'true', count: '12' }) }, { archived: true, count: 12 }],
    [{ service: service({ resourceRole: 'SOURCE' }) }, { resourceRole: 'SOURCE' }],
    [{ type: 'Recon:EC2 PortProbeUnprotectedPort' }, { type: 'Recon:EC2 PortProbeUnprotectedPort' }],
    [{ region: 'cn-north-1' }, { partition: 'aws-cn' }],
    [{ region: 'us-gov-west-1' }, { partition: 'aws-us-gov' }],
    [{ region: 'eusc-de-east-1' }, { partition: 'aws-eusc' }],
    [{ region: 'eu-west-1', partition: 'aws-cn' }, { partition: 'aws-cn' }],
    [{ region: 'eu-west-1', partition: 'x/y' }, { partition: 'aws' }],
  ])('reads %j', (changes, expected) => {
    expect(parseFinding(bare(changes))).toMatchObject(expected);
  });

  it.each([
    [{ connectionDirection: 'outbound' }, { direction: 'OUTBOUND' }],
    [{ connectionDirection: null }, { direction: 'UNKNOWN' }],
    [{ connectionDirection: 'SIDEWAYS' }, { direction: 'UNKNOWN' }],
    [{ protocol: 17 }, { protocol: 'UDP' }],
    [{ protocol: 'tcp' }, { protocol: 'TCP' }],
    [{ blocked: 'true' }, { blocked: true }],
    [{ localPortDetails: { port: '3389' } }, { local: { port: 3389 } }],
  ])('reads a connection with %j', (changes, expected) => {
    expect(parseFinding(withAction({ networkConnectionAction: changes })).action).toMatchObject(expected);
  });

  it.each([
    ['flagged', { service: service({ additionalInfo: { sample: true } }) }],
    ['flagged as text', { service: service({ additionalInfo: { sample: 'True' } }) }],
    ['flagged in the value', { service: service({ additionalInfo: { value: '{"sample":true}' } }) }],
    ['flagged in additionalInfo as text', { service: service({ additionalInfo: '{"sample":true}' }) }],
    ['titled', { title: '[SAMPLE] Somebody guesses passwords' }],
    ['described', { description: '[SAMPLE] of i-0b2' }],
  ])('G23: knows a sample finding: %s', (_, changes) => {
    expect(parseFinding(bare(changes)).sample).toBe(true);
  });

  it.each([{ value: '{' }, { value: 'null' }, { sample: false }, { sample: 'no' }, null, 'sample', []])(
    'takes %j for no sample',
    (additionalInfo) => {
      expect(parseFinding(bare({ service: service({ additionalInfo }) })).sample).toBe(false);
    },
  );

  it.each([
    [{ id: undefined }, 'detail.id is missing'],
    [{ id: '' }, 'detail.id is a string'],
    [{ type: 7 }, 'detail.type is a number'],
    [{ type: 'T'.repeat(101) }, 'detail.type is a string, expected a string of 1 to 100 characters'],
    [{ accountId: 111122223333 }, 'detail.accountId is a number, expected a string of 12 digits'],
    [{ accountId: '1111' }, 'detail.accountId is a string'],
    [{ region: 'attacker.example/' }, 'detail.region is a string'],
    [{ severity: 'HIGH' }, 'detail.severity is a string, expected a number from 0 to 10'],
    [{ severity: { label: 'HIGH' } }, 'detail.severity is an object'],
    [{ severity: 11 }, 'detail.severity is a number'],
    [{ service: 'guardduty' }, 'detail.service is a string, expected an object'],
    [{ service: service({ archived: 'perhaps' }) }, 'detail.service.archived is a string'],
    [{ service: service({ resourceRole: 1 }) }, 'detail.service.resourceRole is a number'],
    [
      { service: service({ action: { networkConnectionAction: { remoteIpDetails: { ipAddressV4: 1 } } } }) },
      'detail.service.action.networkConnectionAction.remoteIpDetails.ipAddressV4 is a number',
    ],
    [
      {
        service: service({
          action: { portProbeAction: { portProbeDetails: [{ localPortDetails: { port: 70_000 } }] } },
        }),
      },
      'detail.service.action.portProbeAction.portProbeDetails.0.localPortDetails.port is a number',
    ],
    [
      { resource: { instanceDetails: { networkInterfaces: [{ subnetId: [] }] } } },
      'detail.resource.instanceDetails.networkInterfaces.0.subnetId is a list',
    ],
  ])('names path and kind of what it cannot read, never the value: %j', (changes, expected) => {
    const { code, message } = errorOf(event(bare(changes)));
    expect(code).toBe('FINDING_MALFORMED');
    expect(message).toContain(expected);
    expect(message).toContain('an EventBridge event');
    expect(message).not.toMatch(/HIGH|attacker|perhaps|70000|111122223333/);
  });

  it('names up to three fields and counts the others', () => {
    expect(errorOf(bare({ id: null, accountId: null, region: null, severity: null })).message).toMatch(
      /^Cannot read the finding in a bare GuardDuty finding: id is null.*; accountId is null.*; region is null.*; and 1 more\.$/,
    );
  });

  it('lets be what is only shown', () => {
    const parsed = parseFinding(bare({ title: 7, partition: {}, service: service({ count: 'many', detectorId: [] }) }));
    expect(parsed).toMatchObject({ id: 'f1', partition: 'aws' });
    expect(Object.keys(parsed)).not.toEqual(expect.arrayContaining(['title']));
    expect(Object.keys(parsed)).not.toEqual(expect.arrayContaining(['count']));
  });

  it('does not take what is inherited for a field', () => {
    const inherited = JSON.parse('{"__proto__":{"id":"f1"},"constructor":{"x":1},"toString":"x"}');
    expect(errorOf({ ...bare(), ...inherited, id: undefined }).code).toBe('FINDING_MALFORMED');
    expect({}).not.toHaveProperty('x');
  });
});

import { describe, expect, it } from 'vitest';
import type { FindingAction } from '../finding.ts';
import { parseFinding, parseRecords } from '../parse/index.ts';
import { fakeWorld } from './fake-world.ts';
import { portProbeEvent, sshBruteForceEvent } from './finding-events.ts';
import {
  blackholeTraffic,
  dropPoint,
  portProbe,
  rdpBruteForce,
  sshBruteForce,
  torIpCaller,
  xorDdos,
} from './findings.ts';
import { sqsEvent } from './sqs-event.ts';

const connectionOf = (action: FindingAction | undefined) => {
  if (action?.kind !== 'network-connection') throw new Error('not a network connection');
  return action;
};

describe('finding builders', () => {
  it.each([
    [sshBruteForce, 'UnauthorizedAccess:EC2/SSHBruteForce', 'INBOUND', 22],
    [rdpBruteForce, 'UnauthorizedAccess:EC2/RDPBruteForce', 'INBOUND', 3389],
    [torIpCaller, 'UnauthorizedAccess:EC2/TorIPCaller', 'INBOUND', 80],
    [blackholeTraffic, 'Trojan:EC2/BlackholeTraffic', 'OUTBOUND', 80],
    [xorDdos, 'Backdoor:EC2/XORDDOS', 'OUTBOUND', 80],
    [dropPoint, 'Trojan:EC2/DropPoint', 'OUTBOUND', 80],
  ] as const)('give a finding as its event would be parsed: %s is %s', (build, type, direction, port) => {
    const finding = build({ from: '203.0.113.200', ipv6: '2001:db8::200', localNetworkInterface: 'eni-1', count: 3 });
    expect(finding).toMatchObject({
      type,
      accountId: fakeWorld.accountId,
      region: fakeWorld.region,
      partition: 'aws',
      detectorId: fakeWorld.detectorId,
      count: 3,
      sample: false,
      archived: false,
      resourceType: 'Instance',
      resourceRole: 'TARGET',
      provenance: { channel: 'eventbridge' },
    });
    expect(finding.instance).toEqual({
      instanceId: fakeWorld.instanceId,
      interfaces: [
        {
          networkInterfaceId: fakeWorld.networkInterfaceId,
          subnetId: fakeWorld.subnetId,
          vpcId: fakeWorld.vpcId,
          privateIpv4: [fakeWorld.privateIp],
          ipv6: [],
        },
      ],
    });
    const action = connectionOf(finding.action);
    expect(action).toMatchObject({
      direction,
      protocol: 'TCP',
      blocked: false,
      remote: { ipv4: '203.0.113.200', ipv6: '2001:db8::200' },
    });
    expect(action.local.networkInterfaceId).toBe('eni-1');
    expect(direction === 'INBOUND' ? action.local.port : action.remotePort).toBe(port);
  });

  it('name every host of a port probe with its port, or with none', () => {
    const addresses = [
      { address: '198.51.100.1' },
      { address: '198.51.100.2', port: 8080 },
      { address: '2001:db8::3', port: null },
    ];
    const { action } = portProbe({ addresses });
    expect(action?.kind === 'port-probe' && action.probes.map(({ local, remote }) => [local.port, remote])).toEqual([
      [22, { ipv4: '198.51.100.1', country: 'Iceland' }],
      [8080, { ipv4: '198.51.100.2', country: 'Iceland' }],
      [undefined, { ipv6: '2001:db8::3', country: 'Iceland' }],
    ]);
  });

  it('let our instance be the attacker', () => {
    const finding = sshBruteForce({ to: '203.0.113.5' });
    expect(finding.resourceRole).toBe('ACTOR');
    expect(connectionOf(finding.action)).toMatchObject({ direction: 'OUTBOUND', remotePort: 22 });
  });

  it('let the test say the rest', () => {
    const at = new Date('2026-11-24T10:00:00.000Z');
    const finding = torIpCaller({
      at,
      firstSeen: new Date('2026-11-24T09:00:00.000Z'),
      id: 'f'.repeat(32),
      severity: 9,
      role: 'SOURCE',
      direction: 'UNKNOWN',
      protocol: 'UDP',
      blocked: true,
      sample: true,
      archived: true,
      accountId: '444455556666',
      region: 'us-gov-west-1',
      instanceId: false,
    });
    expect(finding).toMatchObject({
      id: 'f'.repeat(32),
      severity: 9,
      resourceRole: 'SOURCE',
      sample: true,
      archived: true,
      accountId: '444455556666',
      region: 'us-gov-west-1',
      partition: 'aws-us-gov',
      createdAt: '2026-11-24T09:00:00.000Z',
      updatedAt: at.toISOString(),
      eventFirstSeen: '2026-11-24T09:00:00.000Z',
      eventLastSeen: at.toISOString(),
    });
    expect(connectionOf(finding.action)).toMatchObject({ direction: 'UNKNOWN', protocol: 'UDP', blocked: true });
    expect(finding.instance).toBeUndefined();
  });

  it('are fresh by default', () => {
    const before = Date.now();
    const lastSeen = Date.parse(sshBruteForce().eventLastSeen ?? '');
    expect(lastSeen).toBeGreaterThanOrEqual(before);
    expect(lastSeen).toBeLessThanOrEqual(Date.now());
  });

  it('keep the id while the same is seen again, and no longer', () => {
    const seen = sshBruteForce({ at: new Date(0) });
    expect(sshBruteForce({ at: new Date(1000), severity: 8, count: 99 }).id).toBe(seen.id);
    expect(seen.id).toMatch(/^[0-9a-f]{32}$/);
    expect(sshBruteForce({ from: '198.51.100.8' }).id).not.toBe(seen.id);
    expect(rdpBruteForce().id).not.toBe(seen.id);
    expect(sshBruteForce({ accountId: '444455556666' }).id).not.toBe(seen.id);
    expect(sshBruteForceEvent({ at: new Date(1000) }).id).not.toBe(sshBruteForceEvent({ at: new Date(0) }).id);
  });

  it('refuse what cannot be meant', () => {
    expect(() => sshBruteForce({ from: '198.51.100.7', to: '203.0.113.5' })).toThrow('`from` or `to`, not both');
    expect(() => portProbe({ addresses: [], port: 22 })).toThrow('not both');
  });
});

describe('sqsEvent', () => {
  const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:findings';

  it('carries one record for each document, malformed text among them', () => {
    const event = sqsEvent([sshBruteForceEvent(), '{ broken', portProbeEvent()], { queueArn });
    const records = parseRecords(event);
    expect(records.map(({ finding, error }) => finding?.type ?? error?.code)).toEqual([
      'UnauthorizedAccess:EC2/SSHBruteForce',
      'FINDING_NOT_JSON',
      'Recon:EC2/PortProbeUnprotectedPort',
    ]);
    expect(records[0]?.finding?.provenance).toEqual({ channel: 'sqs', arn: queueArn });
    expect(new Set(records.map((record) => record.recordId)).size).toBe(3);
    expect(event.Records[0]).toMatchObject({ eventSource: 'aws:sqs', awsRegion: 'eu-central-1' });
  });

  it('gives the same document at another place another message id', () => {
    const document = sshBruteForceEvent();
    const [first, second] = sqsEvent([document, document], { queueArn }).Records;
    expect(first?.messageId).not.toBe(second?.messageId);
    expect(sqsEvent([document], { queueArn }).Records[0]?.messageId).toBe(first?.messageId);
  });
});

it('a builder without its envelope is a bare finding, which carries no authority', () => {
  expect(parseFinding(sshBruteForceEvent().detail).provenance).toEqual({ channel: 'bare' });
});

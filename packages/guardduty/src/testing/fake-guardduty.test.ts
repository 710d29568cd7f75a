import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetFindingsCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { describe, expect, it } from 'vitest';
import { parseHeldFinding } from '../parse/held-finding.ts';
import { createFakeGuardDuty } from './fake-guardduty.ts';
import { fakeWorld } from './fake-world.ts';
import { blackholeTrafficEvent, portProbeEvent, sshBruteForceEvent } from './finding-events.ts';
import { sshBruteForce } from './findings.ts';

const DetectorId = fakeWorld.detectorId;
const get = (...FindingIds: string[]) => new GetFindingsCommand({ DetectorId, FindingIds });

/** What the real client makes of the documents when GuardDuty answers with them. */
const throughSdk = async (documents: readonly object[]) => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ findings: documents }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new GuardDutyClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    return (await client.send(get('any'))).Findings;
  } finally {
    client.destroy();
    server.close();
  }
};

describe('the fake GuardDuty', () => {
  it('answers as the SDK does for the same documents', async () => {
    const events = [
      sshBruteForceEvent({ sample: true, localNetworkInterface: 'eni-1' }),
      portProbeEvent({ addresses: [{ address: '198.51.100.1' }, { address: '2001:db8::3', port: null }] }),
      blackholeTrafficEvent({ ipv6: '2001:db8::66' }),
    ];
    const documents = events.map((event) => event.detail);
    const fake = createFakeGuardDuty({ findings: events });
    const { Findings } = await fake.send(get(...documents.map(({ id }) => id)));
    expect(Findings).toEqual(await throughSdk(documents));
    expect(Findings?.[0]?.Service?.EventLastSeen).toBe(documents[0]?.service.eventLastSeen);
    expect(Findings?.[0]?.Resource?.InstanceDetails?.NetworkInterfaces?.[0]?.SubnetId).toBe(fakeWorld.subnetId);
  });

  it('renames and leaves alone what the SDK does', async () => {
    const document = {
      id: 'a',
      service: {
        action: { kubernetesApiCallAction: { sourceIPs: ['198.51.100.1'] } },
        detection: { anomaly: { profiles: { userBehavior: { apisSeen: [{ profileType: 'FREQUENCY' }] } } } },
      },
    };
    const { Findings } = await createFakeGuardDuty({ findings: [document] }).send(get('a'));
    expect(Findings?.[0]?.Service).toEqual({
      Action: { KubernetesApiCallAction: { SourceIps: ['198.51.100.1'] } },
      Detection: { Anomaly: { Profiles: { userBehavior: { apisSeen: [{ profileType: 'FREQUENCY' }] } } } },
    });
  });

  it('gives free-form additional information as JSON text, as the API does', async () => {
    const document = { id: 'a', service: { additionalInfo: { sample: true } } };
    const { Findings } = await createFakeGuardDuty({ findings: [document] }).send(get('a'));
    expect(Findings?.[0]?.Service?.AdditionalInfo).toEqual({ Value: '{"sample":true}', Type: 'default' });
  });

  it('answers what a read-back parses into the same finding', async () => {
    const at = new Date();
    const event = sshBruteForceEvent({ at });
    const { Findings } = await createFakeGuardDuty({ findings: [event] }).send(get(event.detail.id));
    expect(parseHeldFinding(Findings?.[0], { channel: 'eventbridge' })).toEqual(sshBruteForce({ at }));
  });

  it('leaves out ids that it does not hold, and gives an id once', async () => {
    const fake = createFakeGuardDuty({ findings: [sshBruteForceEvent({ id: 'a' })] });
    const { Findings } = await fake.send(get('a', 'b', 'a'));
    expect(Findings?.map((one) => one.Id)).toEqual(['a']);
    fake.forget('a');
    expect((await fake.send(get('a'))).Findings).toEqual([]);
  });

  it('shows a finding as it is held now', async () => {
    const fake = createFakeGuardDuty();
    const event = sshBruteForceEvent({ id: 'a', from: '198.51.100.1' });
    fake.hold(event.detail);
    fake.hold(sshBruteForceEvent({ id: 'a', from: '198.51.100.2' }));
    fake.archive('a');
    const { Findings } = await fake.send(get('a'));
    expect(Findings?.[0]?.Service?.Archived).toBe(true);
    const action = Findings?.[0]?.Service?.Action?.NetworkConnectionAction;
    expect(action?.RemoteIpDetails?.IpAddressV4).toBe('198.51.100.2');
    expect(event.detail.service.archived).toBe(false);
    expect(() => fake.archive('b')).toThrow('does not hold the finding b');
    expect(() => fake.hold({ type: 'X' })).toThrow('has none');
  });

  it('refuses another detector and more than 50 ids', async () => {
    const fake = createFakeGuardDuty({ detectorId: 'd1' });
    await expect(fake.send(get('a'))).rejects.toMatchObject({
      name: 'BadRequestException',
      $metadata: { httpStatusCode: 400 },
    });
    const ids = (count: number) =>
      new GetFindingsCommand({ DetectorId: 'd1', FindingIds: Array.from({ length: count }, (_, n) => `${n}`) });
    await expect(fake.send(ids(51))).rejects.toHaveProperty('name', 'BadRequestException');
    await expect(fake.send(ids(50))).resolves.toHaveProperty('Findings', []);
  });

  it('lists its detector and counts calls', async () => {
    const fake = createFakeGuardDuty({ detectorId: 'd1' });
    expect((await fake.send(new ListDetectorsCommand({}))).DetectorIds).toEqual(['d1']);
    fake.failNext('GetFindings', { code: 'InternalServerErrorException' });
    await expect(fake.send(get('a'))).rejects.toMatchObject({ $fault: 'server' });
    expect(fake.calls).toEqual({ 'guardduty:ListDetectors': 1, 'guardduty:GetFindings': 1 });
  });
});

// Runs in an empty project that installed the packed packages; see ../test-compat.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const entries = JSON.parse(readFileSync(new URL('./entries.json', import.meta.url), 'utf8'));

const event = {
  version: '0',
  id: '6b5a1b9e-0000-4000-8000-000000000001',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: '111122223333',
  time: '2026-11-24T10:05:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: {
    schemaVersion: '2.0',
    accountId: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    id: '0123456789abcdef0123456789abcdef',
    arn: 'arn:aws:guardduty:eu-west-1:111122223333:detector/fedcba9876543210fedcba9876543210/finding/0123456789abcdef0123456789abcdef',
    type: 'UnauthorizedAccess:EC2/SSHBruteForce',
    severity: 2,
    title: '198.51.100.7 is performing SSH brute force attacks against i-0123456789abcdef0.',
    description: '198.51.100.7 is performing SSH brute force attacks against i-0123456789abcdef0.',
    createdAt: '2026-11-24T10:00:00.000Z',
    updatedAt: '2026-11-24T10:05:00.000Z',
    resource: {
      resourceType: 'Instance',
      instanceDetails: {
        instanceId: 'i-0123456789abcdef0',
        networkInterfaces: [
          {
            networkInterfaceId: 'eni-0123456789abcdef0',
            subnetId: 'subnet-0123456789abcdef0',
            vpcId: 'vpc-0123456789abcdef0',
            privateIpAddress: '10.0.0.10',
            privateIpAddresses: [{ privateIpAddress: '10.0.0.10' }],
            ipv6Addresses: [],
            securityGroups: [],
          },
        ],
      },
    },
    service: {
      serviceName: 'guardduty',
      detectorId: 'fedcba9876543210fedcba9876543210',
      archived: false,
      count: 4,
      eventFirstSeen: '2026-11-24T09:55:00Z',
      eventLastSeen: '2026-11-24T10:04:00Z',
      resourceRole: 'TARGET',
      additionalInfo: {},
      action: {
        actionType: 'NETWORK_CONNECTION',
        networkConnectionAction: {
          blocked: false,
          connectionDirection: 'INBOUND',
          protocol: 'TCP',
          localPortDetails: { port: 22, portName: 'SSH' },
          remotePortDetails: { port: 40000, portName: 'Unknown' },
          remoteIpDetails: { ipAddressV4: '198.51.100.7' },
        },
      },
    },
  },
};

test('this is the Node that was asked for', () => {
  assert.ok(process.env.REMEDYKIT_NODE, 'REMEDYKIT_NODE is not set');
  assert.ok(process.version.startsWith(process.env.REMEDYKIT_NODE), `runs on ${process.version}`);
});

for (const entry of entries) {
  test(`import ${entry}`, async () => {
    assert.notEqual(Object.keys(await import(entry)).length, 0, 'exports nothing');
  });
}

test('a finding becomes a threat', async () => {
  const { extractThreats, parseFinding } = await import('@remedykit/guardduty');
  const finding = parseFinding(event);
  assert.equal(finding.type, 'UnauthorizedAccess:EC2/SSHBruteForce');
  assert.deepEqual(
    extractThreats(finding).map(({ address, verdict }) => ({ address, verdict })),
    [{ address: '198.51.100.7/32', verdict: 'block' }],
  );
});

test('what is no finding is a coded error of the one error type', async () => {
  const { isRemediationError } = await import('@remedykit/core');
  const { parseFinding } = await import('@remedykit/guardduty');
  assert.throws(() => parseFinding({ hello: 'world' }), isRemediationError);
});

test('a store keeps a document', async () => {
  const { createMemoryStore } = await import('@remedykit/core');
  const store = createMemoryStore();
  const written = await store.putIfAbsent('smoke/one', { schema: 1 });
  assert.equal(written.ok, true);
  assert.deepEqual((await store.get('smoke/one'))?.value, { schema: 1 });
  assert.equal((await store.putIfAbsent('smoke/one', { schema: 1 })).ok, false);
});

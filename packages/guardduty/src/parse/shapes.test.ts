import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { extractThreats } from '../threats/extract.ts';
import { parseFinding, parseFindings } from './index.ts';

type Document = Readonly<Record<string, unknown>>;

const finding = (changes: Document = {}): Document => ({
  id: 'f1',
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  accountId: '111122223333',
  region: 'eu-west-1',
  severity: 2,
  ...changes,
});
const withService = (service: Document, changes: Document = {}): Document => finding({ service, ...changes });
const addressesOf = (parsed: Finding): string[] => extractThreats(parsed).flatMap(({ address }) => address ?? []);
const verdictsOf = (document: unknown): string[] =>
  extractThreats(parseFinding(document)).map(({ verdict }) => verdict);

const both = { ipAddressV4: '198.51.100.7', ipAddressV6: '2001:db8::7' };
const messageOf = (document: unknown): string => {
  try {
    parseFinding(document);
  } catch (error) {
    if (isRemediationError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'parsed';
};

describe('shapes of real finding documents', () => {
  it.each([
    ['NETWORK_CONNECTION', { networkConnectionAction: { remoteIpDetails: both } }],
    ['PORT_PROBE', { portProbeAction: { portProbeDetails: [{ remoteIpDetails: both }] } }],
    ['AWS_API_CALL', { awsApiCallAction: { remoteIpDetails: both } }],
    ['KUBERNETES_API_CALL', { kubernetesApiCallAction: { remoteIpDetails: both } }],
    ['RDS_LOGIN_ATTEMPT', { rdsLoginAttemptAction: { remoteIpDetails: both } }],
  ])('G20, G21: IPv4 and IPv6 in one RemoteIpDetails of %s are both addresses', (actionType, action) => {
    const parsed = parseFinding(withService({ action: { actionType, ...action } }));
    expect(addressesOf(parsed).sort()).toEqual(['198.51.100.7/32', '2001:db8::7/128']);
  });

  it.each([undefined, {}])('a runtime finding with action %j parses, without addresses', (action) => {
    const parsed = parseFinding(
      withService({ action, runtimeDetails: { process: { name: 'x' } } }, { type: 'Execution:Runtime/ReverseShell' }),
    );
    expect(parsed).not.toHaveProperty('action');
    expect(addressesOf(parsed)).toEqual([]);
  });

  it.each([
    ['NETWORK_CONNECTION', { networkConnectionAction: { remoteIpDetails: both } }, 2],
    ['DNS_REQUEST', { dnsRequestAction: { domain: 'a.example' } }, 0],
  ])('a runtime finding with a %s has its addresses', (actionType, action, count) => {
    const document = withService({ action: { actionType, ...action } }, { type: 'Backdoor:Runtime/C&CActivity.B' });
    expect(addressesOf(parseFinding(document))).toHaveLength(count);
  });

  it.each(['Execution:EC2/MaliciousFile', 'Execution:ECS/SuspiciousFile'])(
    'malware (%s) with neither action nor role parses',
    (type) => {
      const parsed = parseFinding(
        withService({ ebsVolumeScanDetails: { scanId: 's' }, featureName: 'EbsVolumeScan' }, { type }),
      );
      expect(parsed).not.toHaveProperty('action');
      expect(parsed).not.toHaveProperty('resourceRole');
    },
  );

  const sequence = {
    sequence: { endpoints: [{ ip: '198.51.100.7' }, { ip: '2001:db8::7' }, { ip: '198.51.100.7' }, {}] },
  };

  it('G20: an attack sequence has the addresses of its endpoints, each once', () => {
    const document = withService({ detection: sequence }, { type: 'AttackSequence:IAM/CompromisedCredentials' });
    expect(parseFinding(document).action).toEqual({
      kind: 'attack-sequence',
      remotes: [{ ipv4: '198.51.100.7' }, { ipv6: '2001:db8::7' }],
    });
    expect(addressesOf(parseFinding(document))).toEqual(['198.51.100.7/32', '2001:db8::7/128']);
    expect(verdictsOf(document)).not.toContain('block');
  });

  it('an attack sequence in PascalCase, with dates separated by a space and a masked account, names the account', () => {
    const document = {
      Id: 'f1',
      Type: 'AttackSequence:EKS/CompromisedCluster',
      AccountId: '********8494',
      Region: 'us-east-1',
      Severity: 9,
      CreatedAt: '2025-10-14 03:10:43',
      Service: { Detection: { Sequence: { Endpoints: [{ Ip: '198.51.100.7' }] } } },
    };
    expect(messageOf(document)).toMatch(
      /^FINDING_MALFORMED: .*: AccountId is a string, expected a string of 12 digits/,
    );
    const parsed = parseFinding({ ...document, AccountId: '111122223333' });
    expect(parsed).toMatchObject({
      createdAt: '2025-10-14T03:10:43.000Z',
      action: { remotes: [{ ipv4: '198.51.100.7' }] },
    });
  });

  it('an action that contradicts a !DNS type gives its addresses, and the type the verdict', () => {
    const action = { actionType: 'NETWORK_CONNECTION', networkConnectionAction: { remoteIpDetails: both } };
    const document = withService({ action, resourceRole: 'TARGET' }, { type: 'Trojan:EC2/DropPoint!DNS' });
    expect(addressesOf(parseFinding(document))).toHaveLength(2);
    expect(verdictsOf(document)).not.toContain('block');
  });

  it.each([
    ['asn as a number', { organization: { asn: 64_496 } }],
    ['asn -1', { organization: { asn: -1 } }],
    ['the country as a string', { country: 'Iceland' }],
  ])('%s is no obstacle', (_, details) => {
    const remoteIpDetails = { ...both, ...details };
    expect(addressesOf(parseFinding(withService({ action: { awsApiCallAction: { remoteIpDetails } } })))).toHaveLength(
      2,
    );
  });

  it('0.0.0.0 is an address that comes through for the gate to refuse', () => {
    const action = { awsApiCallAction: { remoteIpDetails: { ipAddressV4: '0.0.0.0' } } };
    expect(addressesOf(parseFinding(withService({ action })))).toEqual(['0.0.0.0/32']);
  });

  it.each([
    [{ severity: 'HIGH' }, 'severity is a string'],
    [{ severity: { label: 'HIGH' } }, 'severity is an object'],
    [{ accountId: undefined, account_id: '111122223333' }, 'accountId is missing'],
    [{ accountId: 11_122_223_333 }, 'accountId is a number'],
    [{ 'service.archived': true }, 'service is flattened into keys'],
    [{ service_resourceRole: 'TARGET' }, 'service is flattened into keys'],
  ])('%j gives a coded error with the path', (changes, message) => {
    expect(messageOf(finding(changes))).toContain(
      `FINDING_MALFORMED: Cannot read the finding in a bare GuardDuty finding: ${message}`,
    );
  });

  it.each(['Recon:EC2 PortProbeUnprotectedPort', 'NoSlash', '3rdParty:EC2/x', 'Tactic:Service/New'])(
    'the unknown type %s parses and never blocks',
    (type) => {
      const action = {
        actionType: 'NETWORK_CONNECTION',
        networkConnectionAction: { connectionDirection: 'INBOUND', remoteIpDetails: both },
      };
      const document = withService({ action, resourceRole: 'TARGET' }, { type });
      expect(parseFinding(document).type).toBe(type);
      expect(verdictsOf(document)).not.toContain('block');
    },
  );

  it.each([
    [1_764_000_000.5, '2025-11-24T16:00:00.500Z'],
    ['2026-11-24T09:05:00', '2026-11-24T09:05:00.000Z'],
    ['2026-11-31T09:05:00.000Z', undefined],
    ['2026-10-31T09:05:00.000Z', '2026-10-31T09:05:00.000Z'],
    [null, undefined],
  ])('createdAt %j is normalised', (createdAt, expected) => {
    expect(parseFinding(finding({ createdAt })).createdAt).toBe(expected);
  });

  it('sourceIPs and SourceIps are the same field', () => {
    const pascal = { Id: 'f1', Type: 'T', AccountId: '111122223333', Region: 'eu-west-1', Severity: 2 };
    const document = { ...pascal, Service: { Action: { KubernetesApiCallAction: { SourceIps: ['198.51.100.7'] } } } };
    const camel = withService({ action: { kubernetesApiCallAction: { sourceIPs: ['198.51.100.7'] } } });
    expect(addressesOf(parseFinding(document))).toEqual(addressesOf(parseFinding(camel)));
  });

  it.each([{}, { region: 'eu-west-1' }, { region: 'eu-west-1', detail: {} }, null])(
    'an event with detail %j says what is missing',
    (detail) => {
      const event = { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail };
      expect(messageOf(event)).toMatch(/^FINDING_MALFORMED: .*detail(\.id)? is /);
    },
  );

  it('an event of region and detail alone is refused: nothing says who sent it', () => {
    expect(messageOf({ region: 'eu-west-1', detail: finding() })).toMatch(/^FINDING_SOURCE_FOREIGN/);
  });

  it('a document in both spellings is read whole', () => {
    const parsed = parseFinding(finding({ Service: { Archived: true, AdditionalInfo: { Sample: true } } }));
    expect(parsed).toMatchObject({ archived: true, sample: true });
  });

  it('the role SOURCE, which GuardDuty does not know, never blocks', () => {
    const action = {
      actionType: 'NETWORK_CONNECTION',
      networkConnectionAction: { connectionDirection: 'INBOUND', remoteIpDetails: both },
    };
    expect(verdictsOf(withService({ action, resourceRole: 'SOURCE' }))).not.toContain('block');
    expect(parseFindings([withService({ action, resourceRole: 'SOURCE' })])[0]?.resourceRole).toBe('SOURCE');
  });

  it('names one fault of a list that holds something else, and takes no endless list', () => {
    const probes = (portProbeDetails: unknown) => withService({ action: { portProbeAction: { portProbeDetails } } });
    expect(messageOf(probes([{}, 1, 2, 3]))).toMatch(/portProbeDetails\.1 is a number, expected an object\.$/);
    expect(messageOf(probes(Array.from({ length: 4_097 }, () => ({}))))).toMatch(
      /a list, expected a list of at most 4096/,
    );
    expect(messageOf(probes(Array.from({ length: 4_096 }, () => ({}))))).toBe('parsed');
  });
});

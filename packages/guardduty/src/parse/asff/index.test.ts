import { isRemediationError, type RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../finding.ts';
import { allFindingEvents } from '../../testing/all-finding-events.ts';
import { type AsffDocument, type AsffOptions, asAsff, securityHubEvent } from '../../testing/asff-events.ts';
import type { FindingEvent } from '../../testing/event-bridge-event.ts';
import { dropPointEvent, portProbeEvent, sshBruteForceEvent } from '../../testing/finding-events.ts';
import { extractThreats } from '../../threats/extract.ts';
import { parseFinding } from '../index.ts';
import { asffFinding } from './index.ts';

const at = new Date('2026-11-24T10:00:00.000Z');
const place = { envelope: 'an EventBridge event with Security Hub findings (ASFF)', path: ['detail', 'findings', 0] };

const read = (document: object): Finding => asffFinding({ ...document }, place, { channel: 'eventbridge' });

const failureOf = (document: object): RemediationError => {
  try {
    read(document);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
  throw new Error('It was read.');
};

const addressesOf = (finding: Finding) => extractThreats(finding).flatMap(({ address }) => address ?? []);

const ssh = (options?: AsffOptions): AsffDocument => asAsff(sshBruteForceEvent({ at, from: '198.51.100.7' }), options);

const service = 'aws/guardduty/service/';

/** The document with these ProductFields of GuardDuty's service changed; undefined: without them. */
const withService = <Document extends { readonly ProductFields: object }>(
  document: Document,
  changes: Record<string, unknown>,
) => {
  const fields: Record<string, unknown> = { ...document.ProductFields };
  for (const [path, value] of Object.entries(changes)) {
    if (value === undefined) delete fields[service + path];
    else fields[service + path] = value;
  }
  return { ...document, ProductFields: fields };
};

/** Only what ASFF itself has: neither action nor times nor role in ProductFields. */
const withoutService = (document: AsffDocument, Action: unknown) => ({ ...document, ProductFields: {}, Action });

describe('a GuardDuty finding in ASFF', () => {
  it.each(Object.entries(allFindingEvents))('G20, G22: %s says what GuardDuty said', (_name, build) => {
    const event: FindingEvent = build({ at });
    const { instance: _instance, principal: _principal, resourceType: _type, severity, ...own } = parseFinding(event);
    const { instance, ...passedOn } = read(asAsff(event));
    expect(passedOn).toMatchObject({ ...own, severity, origin: 'securityhub' });
    expect(addressesOf(read(asAsff(event)))).toEqual(addressesOf(parseFinding(event)));
    expect(extractThreats(read(asAsff(event)))).toEqual(extractThreats(parseFinding(event)));
    if ('instanceDetails' in event.detail.resource) {
      expect(instance?.instanceId).toBe(parseFinding(event).instance?.instanceId);
    }
  });

  it('names the provenance that it was given and Security Hub as origin', () => {
    const finding = asffFinding({ ...ssh() }, place, { channel: 'sqs', arn: 'arn:aws:sqs:eu-west-1:111122223333:q' });
    expect(finding).toMatchObject({
      origin: 'securityhub',
      provenance: { channel: 'sqs', arn: 'arn:aws:sqs:eu-west-1:111122223333:q' },
    });
  });

  it('an envelope of Security Hub carries it whole', () => {
    const event = securityHubEvent([ssh()]);
    expect(event).toMatchObject({ source: 'aws.securityhub', account: '111122223333', region: 'eu-west-1' });
    expect(event.detail.findings.map(read)).toEqual([read(ssh())]);
  });

  it('G20: every probe detail yields its address, with both families', () => {
    const addresses = Array.from({ length: 12 }, (_, index) => ({ address: `198.51.100.${index + 1}`, port: 22 }));
    const finding = read(asAsff(portProbeEvent({ at, addresses, ipv6: '2001:db8::7' })));
    expect(addressesOf(finding)).toEqual(
      expect.arrayContaining([...addresses.map(({ address }) => `${address}/32`), '2001:db8::7/128']),
    );
  });

  it('reads the keys of 2019, which have no prefix and number lists with a colon', () => {
    const { ProductFields, ...rest } = asAsff(
      portProbeEvent({ at, addresses: [{ address: '198.51.100.1' }, { address: '198.51.100.2', port: 3389 }] }),
    );
    const old = Object.entries(ProductFields).map(([key, value]) => [
      key.replace(service, '').replace(/\.(\d+)_/g, ':$1'),
      value,
    ]);
    expect(read({ ...rest, ProductFields: Object.fromEntries(old) }).action).toEqual(
      read({ ...rest, ProductFields }).action,
    );
  });

  it('keeps the order of a list, and what a list and an object mix', () => {
    const probe = 'action/portProbeAction/portProbeDetails';
    const fields = {
      [`${service}action/actionType`]: 'PORT_PROBE',
      [`${service}${probe}.10_/remoteIpDetails/ipAddressV4`]: '198.51.100.3',
      [`${service}${probe}.2_/remoteIpDetails/ipAddressV4`]: '198.51.100.2',
      [`${service}${probe}/remoteIpDetails/ipAddressV4`]: '198.51.100.4',
    };
    expect(addressesOf(read({ ...ssh(), ProductFields: fields }))).toEqual([
      '198.51.100.2/32',
      '198.51.100.3/32',
      '198.51.100.4/32',
    ]);
  });
});

describe('the Action of ASFF', () => {
  const remote = (IpAddressV4?: string) => ({
    RemoteIpDetails: { ...(IpAddressV4 ? { IpAddressV4 } : {}), Organization: { Asn: 64496 } },
  });

  it.each([
    [
      'NETWORK_CONNECTION',
      {
        NetworkConnectionAction: {
          ConnectionDirection: 'INBOUND',
          Protocol: 'TCP',
          Blocked: true,
          LocalPortDetails: { Port: 22, PortName: 'SSH' },
          RemotePortDetails: { Port: 51820 },
          ...remote('198.51.100.7'),
        },
      },
      {
        kind: 'network-connection',
        direction: 'INBOUND',
        protocol: 'TCP',
        blocked: true,
        local: { port: 22 },
        remote: { ipv4: '198.51.100.7' },
        remotePort: 51820,
      },
    ],
    [
      'PORT_PROBE',
      {
        PortProbeAction: {
          Blocked: false,
          PortProbeDetails: [
            { LocalPortDetails: { Port: 80 }, LocalIpDetails: { IpAddressV4: '10.0.1.10' }, ...remote('198.51.100.7') },
            { LocalPortDetails: { Port: 443 }, ...remote() },
          ],
        },
      },
      {
        kind: 'port-probe',
        blocked: false,
        probes: [
          { local: { port: 80, ipv4: '10.0.1.10' }, remote: { ipv4: '198.51.100.7' } },
          { local: { port: 443 }, remote: {} },
        ],
      },
    ],
    [
      'AWS_API_CALL',
      { AwsApiCallAction: { Api: 'ListUsers', CallerType: 'remoteIp', ...remote('198.51.100.7') } },
      { kind: 'aws-api-call', remotes: [{ ipv4: '198.51.100.7' }] },
    ],
    [
      'DNS_REQUEST',
      { DnsRequestAction: { Domain: 'example.com', Blocked: false } },
      { kind: 'dns-request', blocked: false },
    ],
  ])('G20: %s is read where ProductFields has no action', (ActionType, fields, action) => {
    expect(read(withoutService(ssh(), { ActionType, ...fields })).action).toEqual(action);
  });

  it('says no role, so that nothing is blocked on it alone', () => {
    const Action = { ActionType: 'PORT_PROBE', PortProbeAction: { PortProbeDetails: [remote('198.51.100.7')] } };
    const finding = read(withoutService(asAsff(portProbeEvent({ at })), Action));
    expect(finding).not.toHaveProperty('resourceRole');
    expect(extractThreats(finding)).toMatchObject([{ address: '198.51.100.7/32', verdict: 'ignore', escalate: true }]);
  });

  it('adds the probes that ProductFields lacks', () => {
    const Action = {
      ActionType: 'PORT_PROBE',
      PortProbeAction: { PortProbeDetails: [remote('198.51.100.1'), remote('198.51.100.2')] },
    };
    const document = asAsff(portProbeEvent({ at, from: '198.51.100.1' }));
    expect(addressesOf(read({ ...document, Action }))).toEqual(['198.51.100.1/32', '198.51.100.2/32']);
  });

  it('that contradicts ProductFields leaves every address and blocks none', () => {
    const Action = { ActionType: 'AWS_API_CALL', AwsApiCallAction: remote('198.51.100.8') };
    const finding = read({ ...ssh(), Action });
    expect(finding.action).toMatchObject({ kind: 'other' });
    expect(addressesOf(finding).toSorted()).toEqual(['198.51.100.7/32', '198.51.100.8/32']);
    expect(extractThreats(finding).every(({ verdict }) => verdict === 'ignore')).toBe(true);
  });

  it('that says how the action is called and no more is a contradiction too', () => {
    const { ProductFields } = ssh();
    const fields = Object.entries(ProductFields).filter(([key]) => !key.includes('networkConnectionAction/'));
    const Action = { ActionType: 'PORT_PROBE', PortProbeAction: { PortProbeDetails: [remote('198.51.100.8')] } };
    const finding = read({ ...ssh(), ProductFields: Object.fromEntries(fields), Action });
    expect(finding.action).toMatchObject({ kind: 'other', remotes: [{ ipv4: '198.51.100.8' }] });
  });

  it('nests as deep as it likes', () => {
    let Action: unknown = 'deep';
    for (let depth = 0; depth < 5_000; depth += 1) Action = { Deeper: [Action] };
    expect(read({ ...ssh(), Action })).toMatchObject({ action: { kind: 'network-connection' } });
  });

  it('G22: faults are named by the path in ASFF', () => {
    const Action = { ActionType: 'NETWORK_CONNECTION', NetworkConnectionAction: { LocalPortDetails: { Port: 'ssh' } } };
    expect(failureOf(withoutService(ssh(), Action))).toMatchObject({
      code: 'FINDING_MALFORMED',
      message:
        'Cannot read the finding in an EventBridge event with Security Hub findings (ASFF): ' +
        'detail.findings.0.Action.NetworkConnectionAction.LocalPortDetails.Port is a string, expected a port number from 0 to 65535.',
    });
  });
});

describe('attack sequences in ASFF', () => {
  it('G20: the endpoints of Detection are addresses', () => {
    const Detection = {
      Sequence: { Endpoints: [{ Ip: '198.51.100.21' }, { Ip: '2001:db8::21' }, { Domain: 'a.test' }] },
    };
    const document = {
      ...ssh(),
      ProductFields: {},
      FindingProviderFields: undefined,
      Types: ['TTPs/AttackSequence:IAM-CompromisedCredentials'],
      Detection,
    };
    const finding = read(document);
    expect(finding.type).toBe('AttackSequence:IAM/CompromisedCredentials');
    expect(addressesOf(finding)).toEqual(['198.51.100.21/32', '2001:db8::21/128']);
    expect(extractThreats(finding).every(({ verdict }) => verdict === 'ignore')).toBe(true);
  });
});

describe('what may be acted on', () => {
  it.each([
    ['ACTIVE', 'NEW', false],
    ['ACTIVE', 'NOTIFIED', false],
    ['ACTIVE', 'RESOLVED', true],
    ['ACTIVE', 'SUPPRESSED', true],
    ['ACTIVE', 'something new', true],
    ['ARCHIVED', 'NEW', true],
    ['active', 'NEW', true],
  ])('record %s, workflow %s: archived is %s', (recordState, workflowStatus, archived) => {
    expect(read(ssh({ recordState, workflowStatus })).archived).toBe(archived);
  });

  it('a record that does not say its state counts as archived', () => {
    expect(read({ ...ssh(), RecordState: undefined }).archived).toBe(true);
    expect(read({ ...ssh(), Workflow: undefined, WorkflowState: undefined }).archived).toBe(true);
    expect(read({ ...ssh(), Workflow: {}, WorkflowState: 'RESOLVED' }).archived).toBe(true);
    expect(read({ ...ssh(), Workflow: null, WorkflowState: 'NEW' }).archived).toBe(false);
  });

  it('a finding that GuardDuty had archived stays archived', () => {
    expect(read(asAsff(sshBruteForceEvent({ at, archived: true }))).archived).toBe(true);
    expect(failureOf(withService(ssh(), { archived: 'perhaps' }))).toMatchObject({
      code: 'FINDING_MALFORMED',
      message: expect.stringContaining(
        'detail.findings.0.ProductFields.aws/guardduty/service/archived is a string, expected true or false',
      ),
    });
  });

  it.each([
    ['GuardDuty flags it', (document: AsffDocument) => withService(document, { 'additionalInfo/sample': 'true' })],
    [
      'the JSON of additionalInfo does',
      (document) => withService(document, { 'additionalInfo/value': '{"sample":true}' }),
    ],
    [
      'additionalInfo is JSON as text',
      (document) => ({ ...document, ProductFields: { additionalInfo: '{"sample":true}' } }),
    ],
    [
      'text stands beside its fields',
      (document) =>
        withService(withService(document, { 'additionalInfo/value': undefined }), {
          additionalInfo: '{"sample":true}',
        }),
    ],
    ['Security Hub flags it', (document) => ({ ...document, Sample: true })],
    ['the title says it', (document) => ({ ...document, Title: '[SAMPLE] brute force' })],
  ] satisfies [string, (document: AsffDocument) => object][])('it is a sample where %s', (_name, change) => {
    expect(read(change(ssh())).sample).toBe(true);
    expect(read(ssh()).sample).toBe(false);
  });
});

describe('when it was seen', () => {
  const seen = '2026-11-24T09:30:00.000Z';

  it('is what GuardDuty says, whatever Security Hub was told', () => {
    const document = withService({ ...ssh(), LastObservedAt: '2200-01-01T00:00:00.000Z' }, { eventLastSeen: seen });
    expect(read(document).eventLastSeen).toBe(seen);
  });

  it('is LastObservedAt where GuardDuty does not say, or not readably', () => {
    const document = { ...ssh(), LastObservedAt: seen };
    expect(read(withService(document, { eventLastSeen: undefined })).eventLastSeen).toBe(seen);
    expect(read(withService(document, { eventLastSeen: 'yesterday' })).eventLastSeen).toBe(seen);
  });

  it('is never the time of an import or of a note: without either the finding has no time at all', () => {
    const { LastObservedAt: _gone, ...rest } = withService(ssh(), { eventLastSeen: undefined });
    const finding = read({ ...rest, UpdatedAt: seen, ProcessedAt: seen });
    expect(finding).not.toHaveProperty('eventLastSeen');
    expect(finding).not.toHaveProperty('updatedAt');
  });
});

describe('the severity', () => {
  it.each([
    [{ FindingProviderFields: { Severity: { Product: 8 } }, Severity: { Product: 2 } }, 8],
    [{ FindingProviderFields: { Severity: { Original: '5.5' } }, Severity: { Product: 2 } }, 5.5],
    [{ FindingProviderFields: { Severity: { Label: 'HIGH' } }, Severity: { Product: 5 } }, 5],
    [{ FindingProviderFields: undefined, Severity: { Normalized: 50 } }, 5],
    [{ FindingProviderFields: undefined, Severity: { Label: 'CRITICAL', Original: 'severe' } }, 9],
    [{ FindingProviderFields: undefined, Severity: { Label: 'informational' } }, 0],
  ])('of %j is %s', (fields, severity) => {
    expect(read({ ...ssh(), ...fields, Types: ssh().Types }).severity).toBe(severity);
  });

  it('that cannot be read is an error', () => {
    expect(failureOf({ ...ssh(), FindingProviderFields: undefined, Severity: { Product: 11 } })).toMatchObject({
      code: 'FINDING_MALFORMED',
      message: expect.stringContaining('detail.findings.0.Severity is an object, expected a severity'),
    });
  });
});

describe('the type', () => {
  it.each([
    ['TTPs/Discovery/Recon:EC2-Portscan', 'Recon:EC2/Portscan'],
    ['Software and Configuration Checks/Backdoor:EC2.C&CActivity.B', 'Backdoor:EC2/C&CActivity.B'],
    ['Software and Configuration Checks/Backdoor:EC2-C&CActivity.B', 'Backdoor:EC2/C&CActivity.B'],
    ['TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS', 'Backdoor:EC2/C&CActivity.B!DNS'],
    ['TTPs/PenTest:IAMUser/KaliLinux', 'PenTest:IAMUser/KaliLinux'],
    ['TTPs/UnauthorizedAccess:IAMUser-ConsoleLoginSuccess.B', 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B'],
    ['UnauthorizedAccess:EC2/SSHBruteForce', 'UnauthorizedAccess:EC2/SSHBruteForce'],
    ['TTPs/Impact:EC2-A-B', 'Impact:EC2/A-B'],
    ['TTPs/Discovery', undefined],
    ['', undefined],
    [`TTPs/${'x'.repeat(400)}:EC2-Y`, undefined],
  ])('of %s is %s', (written, type) => {
    const document = { ...ssh(), FindingProviderFields: undefined, Types: [written] };
    if (type === undefined) {
      expect(failureOf(document)).toMatchObject({
        code: 'FINDING_MALFORMED',
        message: expect.stringContaining(
          'detail.findings.0.Types is a list, expected types that carry one GuardDuty finding type',
        ),
      });
    } else expect(read(document).type).toBe(type);
  });

  it('is one where several namespaces carry the same', () => {
    const Types = ['TTPs/Discovery/Recon:EC2-Portscan', 'Unusual Behaviors/VM/Recon:EC2-Portscan'];
    expect(read({ ...ssh(), FindingProviderFields: { Types } }).type).toBe('Recon:EC2/Portscan');
  });

  it('is an error where they carry different ones', () => {
    const Types = ['TTPs/Discovery/Recon:EC2-Portscan', 'TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce'];
    expect(failureOf({ ...ssh(), FindingProviderFields: { Types } })).toMatchObject({ code: 'FINDING_MALFORMED' });
  });

  it('is that of the provider, whatever an analyst made of it', () => {
    const document = { ...ssh(), Types: ['TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort'] };
    expect(read(document).type).toBe('UnauthorizedAccess:EC2/SSHBruteForce');
    expect(read({ ...document, FindingProviderFields: { Types: [] } }).type).toBe('Recon:EC2/PortProbeUnprotectedPort');
  });
});

describe('our side', () => {
  const instance = (id: string, details: object = {}) => ({
    Type: 'AwsEc2Instance',
    Id: id,
    Details: { AwsEc2Instance: details },
  });
  const arn = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a11ce00000000001';

  it('is the instance of its ARN, or of its id alone', () => {
    expect(read({ ...ssh(), Resources: [instance(arn)] }).instance?.instanceId).toBe('i-0a11ce00000000001');
    expect(read({ ...ssh(), Resources: [instance('i-99999999')] }).instance?.instanceId).toBe('i-99999999');
  });

  it('names a subnet only where the instance has one interface', () => {
    const details = { VpcId: 'vpc-1', SubnetId: 'subnet-1', IpV6Addresses: ['2001:db8::10'] };
    const one = instance(arn, { ...details, NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] });
    expect(read({ ...ssh(), Resources: [one] }).instance?.interfaces).toEqual([
      { networkInterfaceId: 'eni-1', subnetId: 'subnet-1', vpcId: 'vpc-1', privateIpv4: [], ipv6: ['2001:db8::10'] },
    ]);
    const two = instance(arn, {
      ...details,
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }, { NetworkInterfaceId: 'eni-2' }],
    });
    expect(read({ ...ssh(), Resources: [two] }).instance?.interfaces).toEqual([
      { networkInterfaceId: 'eni-1', privateIpv4: [], ipv6: [] },
      { networkInterfaceId: 'eni-2', privateIpv4: [], ipv6: [] },
    ]);
    expect(read({ ...ssh(), Resources: [instance(arn, details)] }).instance?.interfaces).toEqual([]);
  });

  it('is nobody where several instances are named, or none', () => {
    expect(read({ ...ssh(), Resources: [instance(arn), instance('i-99999999')] })).not.toHaveProperty('instance');
    expect(read({ ...ssh(), Resources: [instance(arn), instance(arn)] })).toHaveProperty('instance');
    expect(read({ ...ssh(), Resources: [{ Type: 'AwsIamAccessKey', Id: 'x' }] })).toMatchObject({
      resourceType: 'AccessKey',
    });
    expect(read({ ...ssh(), Resources: undefined })).not.toHaveProperty('instance');
  });
});

describe('what is refused', () => {
  it.each([
    ['arn:aws:securityhub:eu-west-1::product/aws/inspector', 'of another AWS service'],
    ['arn:aws:securityhub:eu-west-1::product/aws/guardduty-x', 'of another AWS service'],
    ['arn:aws:securityhub:eu-west-1::productv2/aws/guardduty', 'of another AWS service'],
    ['arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default', 'of a product that is not of AWS'],
    ['arn:aws:securityhub:eu-west-1:111122223333:product/aws/guardduty', 'of a product that is not of AWS'],
    ['arn:aws:securityhub:eu-west-1::product/sophos/guardduty', 'of a product that is not of AWS'],
    ['arn:aws:securityhub:eu-west-1::product/aws/guardduty/', 'of a product that is not of AWS'],
    ['arn:evil:securityhub:eu-west-1::product/aws/guardduty', 'whose product ARN is none'],
    ['secret-token', 'whose product ARN is none'],
  ])('G22: %s is %s', (ProductArn, kind) => {
    const error = failureOf({ ...ssh(), ProductArn });
    expect(error).toMatchObject({
      code: 'NOT_A_FINDING',
      retryable: false,
      message: expect.stringContaining(
        `is one ${kind}, not a GuardDuty finding: detail.findings.0.ProductArn has to be`,
      ),
    });
    expect(error.message).not.toContain(ProductArn);
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov'])('the product ARN of partition %s is good', (partition) => {
    expect(
      read({ ...ssh(), ProductArn: `arn:${partition}:securityhub:eu-west-1::product/aws/guardduty` }),
    ).toBeTruthy();
  });

  it.each([
    [
      'ProductArn',
      undefined,
      'ProductArn is missing, expected arn:{partition}:securityhub:{region}::product/aws/guardduty',
    ],
    ['Id', undefined, 'Id is missing, expected a string'],
    ['Id', 'secret-token', 'Id is a string, expected the ARN of a GuardDuty finding'],
    ['AwsAccountId', '444455556666', 'AwsAccountId is a string, expected the account that the ARN in Id names'],
    ['AwsAccountId', 111122223333, 'AwsAccountId is a number, expected a string of 12 digits'],
    ['Region', 'evil.example', 'Region is a string, expected the name of a Region as a string'],
    ['RecordState', 1, 'RecordState is a number, expected a string'],
    ['Workflow', 'NEW', 'Workflow is a string, expected an object'],
    ['Sample', 'secret-token', 'Sample is a string, expected true or false'],
    ['ProductFields', 'secret-token', 'ProductFields is a string, expected an object with at most 4096 fields'],
    ['Resources', [7], 'Resources.0 is a number, expected an object'],
    ['Types', [[]], 'Types.0 is a list, expected a string'],
  ])('G22: %s as %j is named by its path, never by its value', (field, value, fault) => {
    const error = failureOf({ ...ssh(), [field]: value });
    expect(error).toMatchObject({
      code: 'FINDING_MALFORMED',
      message: expect.stringContaining(`detail.findings.0.${fault}`),
    });
    expect(error.message).not.toContain('secret-token');
  });

  it('takes the Region of the ARN where the finding names none', () => {
    expect(read({ ...ssh(), Region: undefined }).region).toBe('eu-west-1');
    expect(read({ ...ssh(), Region: 'us-east-1' }).region).toBe('us-east-1');
  });

  it('G22: a fault in ProductFields is named by its key', () => {
    const port = 'action/networkConnectionAction/localPortDetails/port';
    expect(failureOf(withService(ssh(), { [port]: 'secret-token' })).message).toContain(
      `detail.findings.0.ProductFields.${service}${port} is a string, expected a port number`,
    );
    const probe = 'action/portProbeAction/portProbeDetails.1_/localPortDetails/port';
    const probes = asAsff(
      portProbeEvent({ at, addresses: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }] }),
    );
    expect(failureOf(withService(probes, { [probe]: '70000' })).message).toContain(
      `detail.findings.0.ProductFields.${service}${probe} is a string, expected a port number`,
    );
  });

  it('an action that is text is an error, empty text is none', () => {
    const nothing = { ...ssh(), ProductFields: { [`${service}action`]: '' } };
    expect(read(nothing)).not.toHaveProperty('action');
    expect(failureOf({ ...ssh(), ProductFields: { [`${service}action`]: 'probe' } })).toMatchObject({
      code: 'FINDING_MALFORMED',
    });
  });

  it('keys of prototypes change nothing', () => {
    const text = JSON.stringify(ssh()).replace(
      '"ProductFields":{',
      `"ProductFields":{"${service}__proto__/archived":"true","${service}constructor/prototype/x":"1","__proto__":{"y":1},`,
    );
    expect(read(JSON.parse(text))).toEqual(read(ssh()));
    expect({}).not.toHaveProperty('archived');
  });

  it('more product fields than an event has room for are an error', () => {
    const many = Object.fromEntries(Array.from({ length: 4_097 }, (_, index) => [`x/${index}`, '1']));
    expect(failureOf({ ...ssh(), ProductFields: many }).message).toContain(
      'ProductFields is an object, expected an object with at most 4096 fields',
    );
  });

  it('keys with thousands of parts are let be', () => {
    const deep = withService(ssh(), { ['x/'.repeat(20_000)]: '1', [`action/${'y.0_/'.repeat(5_000)}z`]: '1' });
    expect(read(deep)).toEqual(read(ssh()));
  });

  it('the fixtures of an egress type are read too', () => {
    expect(extractThreats(read(asAsff(dropPointEvent({ at }))))).toMatchObject([
      { direction: 'egress', verdict: 'block' },
    ]);
  });
});

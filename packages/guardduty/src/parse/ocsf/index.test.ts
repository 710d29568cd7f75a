import { isRemediationError, type RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../finding.ts';
import { findingTypes } from '../../finding-types.ts';
import { extractThreats } from '../../threats/extract.ts';
import { ocsfFinding } from './index.ts';

const place = { envelope: 'an EventBridge event with Security Hub findings (OCSF)', path: ['detail', 'findings', 0] };

const arn =
  'arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0/finding/0a11ce0000000000000000000000beef';

const detection = {
  activity_id: 1,
  class_uid: 2004,
  cloud: { account: { type: 'AWS Account', uid: '111122223333' }, provider: 'AWS', region: 'eu-west-1' },
  count: 3,
  evidences: [
    {
      src_endpoint: { ip: '198.51.100.7', port: 51820 },
      dst_endpoint: { ip: '10.0.1.10', port: 22 },
      connection_info: { direction: 'Inbound', direction_id: 1 },
      data: { resource_role: 'TARGET' },
    },
    { src_endpoint: { ip: '2001:db8::7' } },
    { api: { operation: 'DeleteTrail' } },
  ],
  finding_info: {
    created_time: 1795514400000,
    created_time_dt: '2026-11-24T10:00:00.000Z',
    desc: 'Somebody guesses passwords.',
    first_seen_time: 1795513800000,
    last_seen_time: 1795514340000,
    modified_time: 1795514460000,
    title: 'Brute force',
    types: ['Threats', 'UnauthorizedAccess:EC2/SSHBruteForce'],
    uid: arn,
  },
  metadata: {
    product: { name: 'GuardDuty', uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty', vendor_name: 'AWS' },
    version: '1.6.0',
  },
  resources: [
    {
      type: 'AWS::EC2::Instance',
      uid: 'i-0a11ce00000000001',
      device: { network_interfaces: [{ uid: 'eni-0a11ce00000000001', ip: '10.0.1.10' }] },
    },
  ],
  severity_id: 4,
  status_id: 1,
  vendor_attributes: { severity_id: 2 },
};

const read = (document: object): Finding => ocsfFinding({ ...document }, place, { channel: 'eventbridge' });

const failureOf = (document: object): RemediationError => {
  try {
    read(document);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
  throw new Error('It was read.');
};

const withInfo = (changes: object) => ({ ...detection, finding_info: { ...detection.finding_info, ...changes } });

describe('a GuardDuty finding in OCSF', () => {
  it('G20: says what is certain, and every address', () => {
    expect(read(detection)).toEqual({
      id: '0a11ce0000000000000000000000beef',
      type: 'UnauthorizedAccess:EC2/SSHBruteForce',
      accountId: '111122223333',
      region: 'eu-west-1',
      partition: 'aws',
      severity: 1,
      title: expect.objectContaining({ untrusted: 'Brute force' }),
      description: expect.objectContaining({ untrusted: 'Somebody guesses passwords.' }),
      createdAt: '2026-11-24T10:00:00.000Z',
      updatedAt: '2026-11-24T10:01:00.000Z',
      eventFirstSeen: '2026-11-24T09:50:00.000Z',
      eventLastSeen: '2026-11-24T09:59:00.000Z',
      count: 3,
      sample: false,
      archived: false,
      resourceType: 'Instance',
      instance: {
        instanceId: 'i-0a11ce00000000001',
        interfaces: [{ networkInterfaceId: 'eni-0a11ce00000000001', privateIpv4: [], ipv6: [] }],
      },
      action: { kind: 'other', actionType: '', remotes: [{ ipv4: '198.51.100.7' }, { ipv6: '2001:db8::7' }] },
      detectorId: '12abc34d567e8fa901bc2d34e56789f0',
      origin: 'securityhub',
      provenance: { channel: 'eventbridge' },
    });
  });

  it.each(findingTypes.map(({ type }) => type))('never blocks on %s, for the sides are not said', (type) => {
    for (const threat of extractThreats(read(withInfo({ types: [type] })))) expect(threat.verdict).toBe('ignore');
  });

  it('has no action where the evidence names no address', () => {
    expect(read({ ...detection, evidences: [{ api: {} }] })).not.toHaveProperty('action');
    expect(read({ ...detection, evidences: null })).not.toHaveProperty('action');
  });

  it('reads the older names of resources', () => {
    const resources = [{ type: 'AwsEc2Instance', uid: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-99999999' }];
    expect(read({ ...detection, resources }).instance?.instanceId).toBe('i-99999999');
    const data = { instance_id: 'i-88888888' };
    expect(read({ ...detection, resources: [{ type: 'AwsEc2Instance', uid: 'x', data }] }).instance?.instanceId).toBe(
      'i-88888888',
    );
    const two = [...resources, { type: 'AwsEc2Instance', uid: 'i-77777777' }];
    expect(read({ ...detection, resources: two })).not.toHaveProperty('instance');
    expect(read({ ...detection, resources: [{ type: 'AWS::IAM::AccessKey', uid: 'i-77777777' }] })).not.toHaveProperty(
      'instance',
    );
  });

  it.each([
    [1, 1, false],
    [2, 1, false],
    [3, 1, true],
    [1, 2, true],
    [2, 3, true],
    [1, 4, true],
    [undefined, 1, true],
    [1, undefined, true],
  ])('activity %s, status %s: archived is %s', (activity_id, status_id, archived) => {
    expect(read({ ...detection, activity_id, status_id }).archived).toBe(archived);
  });

  it('takes no time of an import or update for that of the sighting', () => {
    const { last_seen_time: _gone, ...finding_info } = detection.finding_info;
    const finding = read({ ...detection, finding_info, time: 1795514460000 });
    expect(finding).not.toHaveProperty('eventLastSeen');
    expect(finding).not.toHaveProperty('updatedAt');
    expect(read(withInfo({ last_seen_time_dt: '2026-11-24T08:00:00Z' })).eventLastSeen).toBe(
      '2026-11-24T08:00:00.000Z',
    );
  });

  it.each([
    [{ severity_id: 3, vendor_attributes: undefined }, 4],
    [{ severity_id: 1, vendor_attributes: { severity_id: 5 } }, 9],
    [{ severity_id: 2, vendor_attributes: 'none' }, 1],
  ])('the severity of %j is %s', (fields, severity) => {
    expect(read({ ...detection, ...fields }).severity).toBe(severity);
  });

  it('is a sample where its title says so', () => {
    expect(read(withInfo({ title: '[SAMPLE] Brute force' })).sample).toBe(true);
  });

  it('takes the Region of the ARN where the finding names none', () => {
    expect(read({ ...detection, cloud: { account: { uid: '111122223333' } } }).region).toBe('eu-west-1');
  });
});

describe('what is refused', () => {
  it.each([
    ['arn:aws:securityhub:eu-west-1::productv2/aws/inspector', 'of another AWS service'],
    ['arn:aws:securityhub:eu-west-1::product/aws/guardduty', 'of another AWS service'],
    ['arn:aws:securityhub:eu-west-1:111122223333:productv2/aws/guardduty', 'of a product that is not of AWS'],
    ['secret-token', 'whose product ARN is none'],
  ])('G22: product %s is %s', (uid, kind) => {
    const error = failureOf({ ...detection, metadata: { product: { uid } } });
    expect(error).toMatchObject({
      code: 'NOT_A_FINDING',
      message: expect.stringContaining(
        `is one ${kind}, not a GuardDuty finding: detail.findings.0.metadata.product.uid`,
      ),
    });
    expect(error.message).not.toContain('secret-token');
  });

  it('G22: another class is no finding', () => {
    expect(failureOf({ ...detection, class_uid: 2003 })).toMatchObject({
      code: 'NOT_A_FINDING',
      message: expect.stringContaining('detail.findings.0.class_uid has to be 2004'),
    });
  });

  it.each([
    [{ ...detection, metadata: undefined }, 'metadata.product.uid is missing, expected arn:'],
    [{ ...detection, cloud: undefined }, 'cloud is missing, expected an object'],
    [
      { ...detection, cloud: { account: { uid: '444455556666' } } },
      'cloud.account.uid is a string, expected the account',
    ],
    [{ ...detection, cloud: { account: { uid: 7 } } }, 'cloud.account.uid is a number, expected a string of 12 digits'],
    [withInfo({ uid: 'secret-token' }), 'finding_info.uid is a string, expected the ARN of a GuardDuty finding'],
    [withInfo({ types: ['Threats'] }), 'finding_info.types is a list, expected a list with one GuardDuty finding type'],
    [withInfo({ types: ['Recon:EC2/Portscan', 'Impact:EC2/PortSweep'] }), 'finding_info.types is a list'],
    [{ ...detection, severity_id: 99, vendor_attributes: null }, 'severity_id is a number, expected a severity'],
    [{ ...detection, status_id: 'secret-token' }, 'status_id is a string, expected a number from 0 to 99'],
    [{ ...detection, evidences: [{ src_endpoint: { ip: 7 } }] }, 'evidences.0.src_endpoint.ip is a number'],
  ])('G22: the fault of document %# is named by its path', (document, fault) => {
    const error = failureOf(document);
    expect(error).toMatchObject({
      code: 'FINDING_MALFORMED',
      message: expect.stringContaining(`detail.findings.0.${fault}`),
    });
    expect(error.message).not.toContain('secret-token');
  });
});

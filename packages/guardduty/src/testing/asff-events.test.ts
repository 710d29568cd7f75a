import { describe, expect, it } from 'vitest';
import { asAsff, securityHubEvent } from './asff-events.ts';
import { dropPointEvent, portProbeEvent, sshBruteForceEvent } from './finding-events.ts';
import { dnsRequestEvent } from './host-events.ts';

const at = new Date('2026-11-24T10:00:00.000Z');

describe('Security Hub', () => {
  it('flattens what GuardDuty says into ProductFields, as text', () => {
    const { ProductFields } = asAsff(
      portProbeEvent({ at, addresses: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }] }),
    );
    expect(ProductFields).toMatchObject({
      'aws/guardduty/service/resourceRole': 'TARGET',
      'aws/guardduty/service/archived': 'false',
      'aws/guardduty/service/action/portProbeAction/portProbeDetails.0_/remoteIpDetails/ipAddressV4': '198.51.100.1',
      'aws/guardduty/service/action/portProbeAction/portProbeDetails.1_/localPortDetails/port': '22',
      'aws/guardduty/service/evidence/threatIntelligenceDetails.0_/threatNames': '[]',
    });
    expect(Object.values(ProductFields).every((value) => typeof value === 'string')).toBe(true);
  });

  it('shows the fields of additionalInfo beside its JSON', () => {
    const { ProductFields, Sample, Title } = asAsff(sshBruteForceEvent({ at, sample: true }));
    expect(ProductFields['aws/guardduty/service/additionalInfo/value']).toBe('{"sample":true}');
    expect(ProductFields['aws/guardduty/service/additionalInfo/sample']).toBe('true');
    expect(Sample).toBe(true);
    expect(Title).toMatch(/^\[SAMPLE\]/);
  });

  it.each([
    [sshBruteForceEvent({ at }), 'TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce', 'LOW'],
    [sshBruteForceEvent({ at, severity: 9.5 }), 'TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce', 'CRITICAL'],
    [portProbeEvent({ at, severity: 8 }), 'TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort', 'HIGH'],
    [dropPointEvent({ at }), 'Effects/Data Exfiltration/Trojan:EC2-DropPoint', 'MEDIUM'],
  ])('names types and severity its own way', (event, type, label) => {
    expect(asAsff(event)).toMatchObject({
      Types: [type],
      FindingProviderFields: { Types: [type], Severity: { Label: label } },
      Severity: { Product: event.detail.severity, Label: label },
    });
  });

  it('names the account where there is no instance', () => {
    expect(asAsff(dnsRequestEvent({ at, instanceId: false })).Resources).toMatchObject([{ Type: 'AwsAccount' }]);
    expect(asAsff(dnsRequestEvent({ at })).Resources).toMatchObject([
      { Type: 'AwsEc2Instance', Id: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a11ce00000000001' },
    ]);
  });

  it('sends findings in an event of its own, with what people made of them', () => {
    const finding = asAsff(sshBruteForceEvent({ at }), { recordState: 'ARCHIVED', workflowStatus: 'RESOLVED' });
    const event = securityHubEvent([finding], new Date('2026-11-24T11:00:00.000Z'));
    expect(event).toMatchObject({
      source: 'aws.securityhub',
      'detail-type': 'Security Hub Findings - Imported',
      time: '2026-11-24T11:00:00.000Z',
      account: '111122223333',
      resources: [`${finding.ProductArn}/${finding.Id}`],
      detail: { findings: [{ RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } }] },
    });
    expect(securityHubEvent([finding]).time).toBe(at.toISOString());
  });
});

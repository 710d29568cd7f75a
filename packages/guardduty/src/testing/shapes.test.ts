import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { parseFinding } from '../parse/index.ts';
import { extractThreats } from '../threats/extract.ts';
import { allFindingEvents } from './all-finding-events.ts';
import * as findings from './findings.ts';
import {
  attackSequence,
  awsApiCall,
  commandAndControl,
  customThreatList,
  dnsRequest,
  kubernetesApiCall,
  lambdaConnection,
  malware,
  rdsLoginAttempt,
  runtimeConnection,
  runtimeProcess,
  s3ApiCall,
  unknownType,
} from './findings.ts';

const addressesOf = (finding: Finding) => extractThreats(finding).map(({ address }) => address);

describe('builders of the shapes that many types share', () => {
  it.each([
    ['UnauthorizedAccess:IAMUser/MaliciousIPCaller', awsApiCall, 'AccessKey', 'aws-api-call'],
    ['Discovery:S3/MaliciousIPCaller', s3ApiCall, 'S3Bucket', 'aws-api-call'],
    ['Discovery:Kubernetes/MaliciousIPCaller', kubernetesApiCall, 'EKSCluster', 'kubernetes-api-call'],
    ['CredentialAccess:RDS/MaliciousIPCaller.FailedLogin', rdsLoginAttempt, 'RDSDBInstance', 'rds-login-attempt'],
    ['Backdoor:EC2/C&CActivity.B', commandAndControl, 'Instance', 'network-connection'],
    ['UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', customThreatList, 'Instance', 'network-connection'],
    ['Novelty:EC2/NotYetKnown', unknownType, 'Instance', 'network-connection'],
    ['Backdoor:Runtime/C&CActivity.B', runtimeConnection, 'Instance', 'network-connection'],
    ['Backdoor:Lambda/C&CActivity.B', lambdaConnection, 'Lambda', 'network-connection'],
  ] as const)('%s names the remote side', (type, build, resourceType, kind) => {
    const finding = build({ from: '203.0.113.7', ipv6: '2001:db8::7' });
    expect(finding).toMatchObject({ type, resourceType, resourceRole: 'TARGET', action: { kind } });
    expect(finding.provenance).toEqual({ channel: 'eventbridge' });
    expect(finding.instance === undefined).toBe(resourceType !== 'Instance');
    expect(addressesOf(finding)).toEqual(['203.0.113.7/32', '2001:db8::7/128']);
    expect(build({ type: 'Some:Other/Type' }).type).toBe('Some:Other/Type');
    expect(build({ from: '203.0.113.8' }).id).not.toBe(finding.id);
  });

  it.each([
    ['Backdoor:EC2/C&CActivity.B!DNS', dnsRequest, 'dns-request', 'TARGET'],
    ['DefenseEvasion:Runtime/FilelessExecution', runtimeProcess, undefined, 'TARGET'],
    ['Execution:EC2/MaliciousFile', malware, undefined, undefined],
  ] as const)('%s names nobody', (type, build, kind, role) => {
    const finding = build({ instanceId: 'i-0bbbbbbbbbbbbbbbb' });
    expect(finding).toMatchObject({ type, resourceType: 'Instance', instance: { instanceId: 'i-0bbbbbbbbbbbbbbbb' } });
    expect(finding.action?.kind).toBe(kind);
    expect(finding.resourceRole).toBe(role);
    expect(addressesOf(finding)).toEqual([undefined]);
    expect(build({ type: 'Some:Other/Type' }).type).toBe('Some:Other/Type');
  });

  it('name every host of an attack sequence', () => {
    const finding = attackSequence({ addresses: ['203.0.113.7', '2001:db8::7', '203.0.113.7'] });
    expect(finding).toMatchObject({
      type: 'AttackSequence:IAM/CompromisedCredentials',
      resourceType: 'AttackSequence',
      severity: 9,
    });
    expect(finding.resourceRole).toBeUndefined();
    expect(addressesOf(finding)).toEqual(['203.0.113.7/32', '2001:db8::7/128']);
  });

  it('say which way a connection went', () => {
    expect(customThreatList().action).toMatchObject({ direction: 'INBOUND', local: { port: 80 } });
    expect(commandAndControl().action).toMatchObject({ direction: 'OUTBOUND', remotePort: 443 });
    expect(lambdaConnection().action).toMatchObject({ direction: 'OUTBOUND', local: {} });
  });
});

describe('allFindingEvents', () => {
  const builders = Object.entries(allFindingEvents);

  it('has a finding of its own for each, and each finding an event', () => {
    expect(builders.map(([name]) => name).sort()).toEqual(Object.keys(findings).sort());
    const types = builders.map(([, build]) => build().detail.type);
    expect(new Set(types).size).toBe(builders.length);
  });

  it.each(builders)('%s parses, sample and archived flags included', (_name, build) => {
    const at = new Date('2026-11-24T10:00:00.000Z');
    const event = build({ at, sample: true, archived: true, accountId: '444455556666', region: 'cn-north-1' });
    expect(parseFinding(event)).toMatchObject({
      id: event.detail.id,
      type: event.detail.type,
      accountId: '444455556666',
      region: 'cn-north-1',
      partition: 'aws-cn',
      sample: true,
      archived: true,
      eventLastSeen: at.toISOString(),
      severity: event.detail.severity,
    });
    expect(JSON.stringify(event)).not.toMatch(/arn:aws:/);
  });
});

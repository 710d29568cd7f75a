import { describe, expect, it } from 'vitest';
import { type FindingFamily, judge, ruleOf, typeRules } from './table.ts';

/** Every type with a rule of its own, and of each rule for a family the types that it is there for. */
const families: Readonly<Record<FindingFamily, readonly string[]>> = {
  'brute-force': [
    'UnauthorizedAccess:EC2/SSHBruteForce',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'Impact:EC2/WinRMBruteForce',
  ],
  'port-probe': ['Recon:EC2/PortProbeUnprotectedPort', 'Recon:EC2/PortProbeEMRUnprotectedPort'],
  'anonymised-access': ['UnauthorizedAccess:EC2/TorIPCaller'],
  'outbound-contact': [
    'Backdoor:EC2/C&CActivity.B',
    'Trojan:EC2/BlackholeTraffic',
    'Trojan:EC2/DropPoint',
    'Backdoor:EC2/XORDDOS',
    'UnauthorizedAccess:EC2/TorClient',
    'UnauthorizedAccess:EC2/TorRelay',
    'Backdoor:Lambda/C&CActivity.B',
    'UnauthorizedAccess:Runtime/TorRelay',
  ],
  cryptocurrency: [
    'CryptoCurrency:EC2/BitcoinTool.A',
    'CryptoCurrency:EC2/BitcoinTool.B',
    'CryptoCurrency:Lambda/BitcoinTool.B',
    'CryptoCurrency:Runtime/BitcoinTool.B',
  ],
  'attack-by-own-host': [
    'Impact:EC2/PortSweep',
    'Recon:EC2/Portscan',
    'Backdoor:EC2/Spambot',
    'Backdoor:EC2/DenialOfService.Udp',
  ],
  'unusual-traffic': [
    'Behavior:EC2/NetworkPortUnusual',
    'Behavior:EC2/TrafficVolumeUnusual',
    'DefenseEvasion:EC2/UnusualDNSResolver',
    'DefenseEvasion:EC2/UnusualDoHActivity',
    'DefenseEvasion:EC2/UnusualDoTActivity',
  ],
  'domain-request': [
    'UnauthorizedAccess:EC2/MetadataDNSRebind',
    'UnauthorizedAccess:Runtime/MetadataDNSRebind',
    'Trojan:EC2/DropPoint!DNS',
    'Trojan:EC2/DNSDataExfiltration',
    'Impact:EC2/AbusedDomainRequest.Reputation',
  ],
  'custom-list': ['UnauthorizedAccess:EC2/MaliciousIPCaller.Custom'],
  'host-behaviour': ['Execution:Runtime/NewBinaryExecuted'],
  malware: ['Execution:EC2/MaliciousFile', 'Object:S3/MaliciousFile', 'Execution:EC2/SuspiciousFile!Snapshot'],
  'api-call': [
    'CredentialAccess:EC2/UnsecuredCredentials',
    'Discovery:IAMUser/AnomalousBehavior',
    'Discovery:S3/AnomalousBehavior',
    'Recon:IAMUser/TorIPCaller',
    'Exfiltration:S3/MaliciousIPCaller',
  ],
  'cluster-call': [
    'Discovery:Kubernetes/AnomalousBehavior.PermissionChecked',
    'CredentialAccess:Kubernetes/MaliciousIPCaller',
  ],
  'database-login': ['CredentialAccess:RDS/TorIPCaller'],
  configuration: [
    'CredentialAccess:RDS/ModifyAuthenticationProcess',
    'Stealth:IAMUser/CloudTrailLoggingDisabled',
    'Stealth:IAMUser/LoggingConfigurationModified',
    'Stealth:IAMUser/PasswordPolicyChange',
    'Stealth:S3/ServerAccessLoggingDisabled',
    'DefenseEvasion:IAMUser/BedrockLoggingDisabled',
    'Policy:S3/AccountBlockPublicAccessDisabled',
    'Policy:S3/BucketBlockPublicAccessDisabled',
    'Policy:IAMUser/RootCredentialUsage',
    'DefenseImpairment:IAMUser/Anything',
  ],
  'attack-sequence': ['AttackSequence:IAM/CompromisedCredentials'],
  other: ['Future:EC2/Anything', ''],
};

describe('the family of a type', () => {
  it.each(Object.entries(families).flatMap(([family, types]) => types.map((type) => [type, family])))(
    '%s: %s',
    (type, family) => expect(ruleOf(type).family).toBe(family),
  );

  it('is settled here for every type that has a rule of its own', () => {
    expect(Object.keys(typeRules).filter((type) => !Object.values(families).flat().includes(type))).toEqual([]);
  });

  it.each([
    'UnauthorizedAccess:EC2/MaliciousIPCaller.CustomList',
    'X-AttackSequence:IAM/A',
    'Trojan:EC2/DropPoint!DNSs',
    'Trojan:EC2/DNSDataExfiltrations',
    'X-Y:EC2/DenialOfService.Udp',
    'X-CryptoCurrency:Lambda/BitcoinTool.B',
    'X-Y:Lambda/DropPoint',
    'X-CryptoCurrency:Runtime/BitcoinTool.B',
    'X-Y:Runtime/DropPoint',
    'X-Y:Runtime/NewBinaryExecuted',
    'X-DefenseImpairment:IAM/A',
    'X-Policy:IAM/A',
    'X-Y:RDS/TorIPCaller',
    'X-Y:Kubernetes/A',
    'X-Y:IAMUser/A',
  ])('is not told by a name that stands in the middle of another: %s', (type) => {
    expect(ruleOf(type)).toMatchObject({ family: 'other', reason: 'type-not-covered' });
  });
});

describe('a threat list of one’s own that is trusted', () => {
  const trusted = (role: 'TARGET' | 'ACTOR', direction: 'INBOUND' | 'OUTBOUND') =>
    judge('UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', role, direction, { trustCustomThreatLists: true });

  it('denies who is on it, each way, and says that it is that list', () => {
    expect(trusted('TARGET', 'INBOUND')).toMatchObject({ direction: 'ingress', reason: 'trusted-threat-list' });
    expect(trusted('TARGET', 'OUTBOUND')).toMatchObject({ direction: 'egress', reason: 'trusted-threat-list' });
  });

  it('says nothing of our host attacking where it is the actor of what came in', () => {
    expect(trusted('ACTOR', 'INBOUND')).toMatchObject({ verdict: 'ignore', reason: 'combination-not-covered' });
  });
});

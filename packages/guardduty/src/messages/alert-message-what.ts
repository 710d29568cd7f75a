import type { ThreatReason } from '../threats/reasons.ts';

/** What happened, where the reason says it better than the type: who acts on whom is known only with role and direction. */
const byReason: Readonly<Partial<Record<ThreatReason, string>>> = {
  'port-probe': 'A known malicious host probes an open port',
  'exposed-cluster-port': 'A known malicious host probes an open port of an EMR cluster',
  'tor-inbound': 'A Tor exit node connects to one of our hosts',
  'command-and-control': 'Our host talks to an address that gives malware its orders',
  'black-hole-traffic': 'Our host sends to a black hole',
  'drop-point': 'Our host sends to a place that receives stolen data',
  'ddos-malware': 'Our host talks to an address of the XOR DDoS malware',
  'tor-client': 'Our host enters the Tor network',
  'our-host-attacks': 'Our own host attacks others',
  'denial-of-service': 'Our own host floods others',
  spam: 'Our host sends mail as it never did before',
  'tor-relay': 'Our host is a Tor relay',
  'crypto-peer': 'Our host talks to a cryptocurrency network',
  'unusual-traffic': 'Our host has unusual traffic',
  'public-resolver': 'Our host resolves names past its own resolver',
  'domain-request': 'A suspicious domain name was asked for',
  'metadata-rebinding': 'A domain name leads to the instance metadata service',
  'lambda-function': 'A Lambda function talks to a suspicious address',
  'runtime-connection': 'A process on a host talks to a suspicious address',
  'custom-threat-list': 'An address of your own threat list was seen',
  'trusted-threat-list': 'An address of your own threat list was seen',
  'attack-sequence': 'Several signals together show an attack',
  malware: 'A file is suspected to be malware',
  'control-change': 'A security control was weakened',
  'guard-rail-off': 'A setting that prevents public buckets was switched off',
  'database-login': 'A suspicious login to a database',
};

/** Types that are told from others of their reason. */
const byType: Readonly<Record<string, string>> = {
  'UnauthorizedAccess:EC2/SSHBruteForce': 'SSH passwords are being guessed',
  'UnauthorizedAccess:EC2/RDPBruteForce': 'RDP passwords are being guessed',
  'Impact:EC2/WinRMBruteForce': 'WinRM passwords are being guessed',
  'Policy:IAMUser/RootCredentialUsage': 'The root user of the account was used',
  'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B': 'One user signed in from several places in the world',
  'Discovery:IAMUser/AnomalousBehavior': 'Somebody reads through the API what he did not read before',
};

/** What the first word of a type stands for. Source: GuardDuty user guide, finding format, threat purposes. */
const byPurpose: Readonly<Record<string, string>> = {
  Backdoor: 'Something of ours is steered from outside',
  Behavior: 'Behaviour that is not what it was',
  CredentialAccess: 'Somebody tries to get at credentials',
  CryptoCurrency: 'Cryptocurrency is being mined',
  DefenseEvasion: 'Somebody tries to stay unseen',
  DefenseImpairment: 'A defence was weakened',
  Discovery: 'Somebody looks around',
  Execution: 'Something suspicious was run',
  Exfiltration: 'Data may be leaving',
  Impact: 'Somebody may be harming or misusing what is ours',
  InitialAccess: 'Somebody may have got in',
  PenTest: 'A tool for attacks was used',
  Persistence: 'Somebody may be preparing to stay',
  Policy: 'Something is open or used as it should not be',
  PrivilegeEscalation: 'Somebody tries to gain rights',
  Recon: 'Somebody scouts',
  ResourceConsumption: 'Resources are being used up',
  Stealth: 'Somebody hides traces',
  Trojan: 'Something of ours behaves as if infected',
  UnauthorizedAccess: 'Access that looks unauthorised',
};

const byResource: Readonly<Record<string, string>> = {
  Container: ' (container)',
  EC2: ' (EC2)',
  ECS: ' (ECS)',
  EKS: ' (EKS)',
  IAMUser: ' (AWS credentials)',
  Kubernetes: ' (Kubernetes)',
  Lambda: ' (Lambda)',
  Organizations: ' (organisation)',
  RDS: ' (database)',
  Runtime: ' (on a host)',
  S3: ' (S3)',
};

const lookUp = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** What happened, in one line of our own words, from the type of a finding and what the threat table says about it. */
export const whatHappened = (type: string, reason: ThreatReason | undefined): string => {
  const known = (reason === undefined ? undefined : byReason[reason]) ?? lookUp(byType, type);
  if (known !== undefined) return known;
  const [, purpose = '', resource = ''] = /^(\w+):(\w+)\//.exec(type) ?? [];
  return `${lookUp(byPurpose, purpose) ?? 'Something suspicious was seen'}${lookUp(byResource, resource) ?? ''}`;
};

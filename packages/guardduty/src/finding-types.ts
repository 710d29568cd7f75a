/** A finding type that the threat table knows. */
export type FindingType =
  | 'UnauthorizedAccess:EC2/SSHBruteForce'
  | 'UnauthorizedAccess:EC2/RDPBruteForce'
  | 'Recon:EC2/PortProbeUnprotectedPort'
  | 'Trojan:EC2/BlackholeTraffic'
  | 'Trojan:EC2/DropPoint'
  | 'Backdoor:EC2/XORDDOS'
  | 'UnauthorizedAccess:EC2/TorIPCaller';

/** What is known about one finding type. */
export interface FindingTypeFacts {
  readonly type: FindingType;
  /** `retired`: accepted, but no longer emitted by GuardDuty. */
  readonly state: 'active' | 'retired';
  /** Day of retirement, `2019-06-12`. */
  readonly retiredOn?: string;
  /** The band that GuardDuty documents; a finding carries its own severity. */
  readonly defaultSeverity: 'low' | 'medium' | 'high';
  /** The port that the type is about, where it is about one; for findings that do not name the port. */
  readonly port?: number;
  /** What kind of behaviour it reports. */
  readonly family: 'brute-force' | 'port-probe' | 'anonymised-access' | 'outbound-contact';
}

/**
 * The finding types that have rows in the threat table. Never a list of all: GuardDuty's set is open, and any other type
 * is parsed and escalated.
 * Source: GuardDuty user guide, finding types and document history, as of 2026-11-24.
 */
export const findingTypes: readonly FindingTypeFacts[] = [
  {
    type: 'UnauthorizedAccess:EC2/SSHBruteForce',
    state: 'active',
    defaultSeverity: 'low',
    port: 22,
    family: 'brute-force',
  },
  {
    type: 'UnauthorizedAccess:EC2/RDPBruteForce',
    state: 'active',
    defaultSeverity: 'low',
    port: 3389,
    family: 'brute-force',
  },
  {
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    state: 'active',
    defaultSeverity: 'low',
    family: 'port-probe',
  },
  {
    type: 'Trojan:EC2/BlackholeTraffic',
    state: 'active',
    defaultSeverity: 'medium',
    family: 'outbound-contact',
  },
  {
    type: 'Trojan:EC2/DropPoint',
    state: 'active',
    defaultSeverity: 'medium',
    family: 'outbound-contact',
  },
  {
    type: 'Backdoor:EC2/XORDDOS',
    state: 'retired',
    retiredOn: '2019-06-12',
    defaultSeverity: 'high',
    family: 'outbound-contact',
  },
  {
    type: 'UnauthorizedAccess:EC2/TorIPCaller',
    state: 'retired',
    retiredOn: '2020-10-01',
    defaultSeverity: 'medium',
    family: 'anonymised-access',
  },
];

/** The port that a type is about, where it is about one. */
export const portOf = (type: string): number | undefined => findingTypes.find((known) => known.type === type)?.port;

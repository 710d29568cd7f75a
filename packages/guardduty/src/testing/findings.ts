import type { Finding } from '../finding.ts';
import { parseFinding } from '../parse/index.ts';
import {
  type ApiCallOptions,
  awsApiCallEvent,
  kubernetesApiCallEvent,
  rdsLoginAttemptEvent,
  s3ApiCallEvent,
} from './api-events.ts';
import { type AttackSequenceOptions, attackSequenceEvent } from './attack-sequence-event.ts';
import {
  type ConnectionOptions,
  commandAndControlEvent,
  customThreatListEvent,
  type LambdaConnectionOptions,
  lambdaConnectionEvent,
  runtimeConnectionEvent,
  unknownTypeEvent,
} from './connection-events.ts';
import type { FindingOptions } from './documents.ts';
import {
  blackholeTrafficEvent,
  dropPointEvent,
  type PortProbeOptions,
  portProbeEvent,
  rdpBruteForceEvent,
  sshBruteForceEvent,
  torIpCallerEvent,
  xorDdosEvent,
} from './finding-events.ts';
import {
  type DnsRequestOptions,
  dnsRequestEvent,
  type HostOptions,
  malwareEvent,
  runtimeProcessEvent,
} from './host-events.ts';

/**
 * A finding of `UnauthorizedAccess:EC2/SSHBruteForce`, parsed from the event that GuardDuty would emit; it carries the
 * provenance of an EventBridge event and names what a new fake EC2 holds.
 * @example
 * ```ts
 * import { sshBruteForce } from '@remedykit/guardduty/testing';
 * const finding = sshBruteForce({ from: '198.51.100.7' });
 * ```
 */
export const sshBruteForce = (options?: FindingOptions): Finding => parseFinding(sshBruteForceEvent(options));

/** A finding of `UnauthorizedAccess:EC2/RDPBruteForce`, as `sshBruteForce`. */
export const rdpBruteForce = (options?: FindingOptions): Finding => parseFinding(rdpBruteForceEvent(options));

/** A finding of `Recon:EC2/PortProbeUnprotectedPort`, as `sshBruteForce`, by one or several hosts. */
export const portProbe = (options?: PortProbeOptions): Finding => parseFinding(portProbeEvent(options));

/** A finding of `Trojan:EC2/BlackholeTraffic`, as `sshBruteForce`. */
export const blackholeTraffic = (options?: FindingOptions): Finding => parseFinding(blackholeTrafficEvent(options));

/** A finding of `Backdoor:EC2/XORDDOS`, as `sshBruteForce`. */
export const xorDdos = (options?: FindingOptions): Finding => parseFinding(xorDdosEvent(options));

/** A finding of `UnauthorizedAccess:EC2/TorIPCaller`, as `sshBruteForce`. */
export const torIpCaller = (options?: FindingOptions): Finding => parseFinding(torIpCallerEvent(options));

/** A finding of `Trojan:EC2/DropPoint`, as `sshBruteForce`. */
export const dropPoint = (options?: FindingOptions): Finding => parseFinding(dropPointEvent(options));

/** A finding of `Backdoor:EC2/C&CActivity.B`, or another type of an outbound connection, as `sshBruteForce`. */
export const commandAndControl = (options?: ConnectionOptions): Finding =>
  parseFinding(commandAndControlEvent(options));

/** A finding of `UnauthorizedAccess:EC2/MaliciousIPCaller.Custom`, from the account's own threat list, as `sshBruteForce`. */
export const customThreatList = (options?: ConnectionOptions): Finding => parseFinding(customThreatListEvent(options));

/** A finding of a type that no list names, as `sshBruteForce`. */
export const unknownType = (options?: ConnectionOptions): Finding => parseFinding(unknownTypeEvent(options));

/** A finding of the runtime agent with a connection, as `sshBruteForce`. */
export const runtimeConnection = (options?: ConnectionOptions): Finding =>
  parseFinding(runtimeConnectionEvent(options));

/** A finding of the runtime agent without an action, as `sshBruteForce`. */
export const runtimeProcess = (options?: HostOptions): Finding => parseFinding(runtimeProcessEvent(options));

/** A finding of a function's connection, as `sshBruteForce`. */
export const lambdaConnection = (options?: LambdaConnectionOptions): Finding =>
  parseFinding(lambdaConnectionEvent(options));

/** A finding of a DNS request, as `sshBruteForce`. */
export const dnsRequest = (options?: DnsRequestOptions): Finding => parseFinding(dnsRequestEvent(options));

/** A finding of a malware scan, without an action, as `sshBruteForce`. */
export const malware = (options?: HostOptions): Finding => parseFinding(malwareEvent(options));

/** A finding of an AWS API call with the access key of an IAM user, as `sshBruteForce`. */
export const awsApiCall = (options?: ApiCallOptions): Finding => parseFinding(awsApiCallEvent(options));

/** A finding of an AWS API call on a bucket, as `sshBruteForce`. */
export const s3ApiCall = (options?: ApiCallOptions): Finding => parseFinding(s3ApiCallEvent(options));

/** A finding of a call of a cluster's API, as `sshBruteForce`. */
export const kubernetesApiCall = (options?: ApiCallOptions): Finding => parseFinding(kubernetesApiCallEvent(options));

/** A finding of a login attempt at a database, as `sshBruteForce`. */
export const rdsLoginAttempt = (options?: ApiCallOptions): Finding => parseFinding(rdsLoginAttemptEvent(options));

/** A finding of an attack sequence, without an action, as `sshBruteForce`. */
export const attackSequence = (options?: AttackSequenceOptions): Finding => parseFinding(attackSequenceEvent(options));

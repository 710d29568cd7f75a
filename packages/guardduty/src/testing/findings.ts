import type { Finding } from '../finding.ts';
import { parseFinding } from '../parse/index.ts';
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

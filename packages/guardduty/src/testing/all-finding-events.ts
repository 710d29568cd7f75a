import type { FindingEvent, FindingOptions } from './documents.ts';
import {
  blackholeTrafficEvent,
  dropPointEvent,
  portProbeEvent,
  rdpBruteForceEvent,
  sshBruteForceEvent,
  torIpCallerEvent,
  xorDdosEvent,
} from './finding-events.ts';

/**
 * Every event builder by the name of its finding, to try a handler on all that GuardDuty may send.
 * @example
 * ```ts
 * import { allFindingEvents } from '@remedykit/guardduty/testing';
 * export const everything = Object.values(allFindingEvents).map((build) => build());
 * ```
 */
export const allFindingEvents: Readonly<Record<string, (options?: FindingOptions) => FindingEvent>> = {
  sshBruteForce: sshBruteForceEvent,
  rdpBruteForce: rdpBruteForceEvent,
  portProbe: portProbeEvent,
  blackholeTraffic: blackholeTrafficEvent,
  xorDdos: xorDdosEvent,
  dropPoint: dropPointEvent,
  torIpCaller: torIpCallerEvent,
};

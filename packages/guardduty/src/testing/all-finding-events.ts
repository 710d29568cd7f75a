import { awsApiCallEvent, kubernetesApiCallEvent, rdsLoginAttemptEvent, s3ApiCallEvent } from './api-events.ts';
import { attackSequenceEvent } from './attack-sequence-event.ts';
import {
  commandAndControlEvent,
  customThreatListEvent,
  lambdaConnectionEvent,
  runtimeConnectionEvent,
  unknownTypeEvent,
} from './connection-events.ts';
import type { CommonFindingOptions } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import {
  blackholeTrafficEvent,
  dropPointEvent,
  portProbeEvent,
  rdpBruteForceEvent,
  sshBruteForceEvent,
  torIpCallerEvent,
  xorDdosEvent,
} from './finding-events.ts';
import { dnsRequestEvent, malwareEvent, runtimeProcessEvent } from './host-events.ts';

/**
 * Every event builder by the name of its finding, to try a handler on all that GuardDuty may send.
 * @example
 * ```ts
 * import { allFindingEvents } from '@remedykit/guardduty/testing';
 * export const everything = Object.values(allFindingEvents).map((build) => build());
 * ```
 */
export const allFindingEvents: Readonly<Record<string, (options?: CommonFindingOptions) => FindingEvent>> = {
  sshBruteForce: sshBruteForceEvent,
  rdpBruteForce: rdpBruteForceEvent,
  portProbe: portProbeEvent,
  blackholeTraffic: blackholeTrafficEvent,
  xorDdos: xorDdosEvent,
  dropPoint: dropPointEvent,
  torIpCaller: torIpCallerEvent,
  commandAndControl: commandAndControlEvent,
  customThreatList: customThreatListEvent,
  unknownType: unknownTypeEvent,
  runtimeConnection: runtimeConnectionEvent,
  lambdaConnection: lambdaConnectionEvent,
  dnsRequest: dnsRequestEvent,
  runtimeProcess: runtimeProcessEvent,
  malware: malwareEvent,
  awsApiCall: awsApiCallEvent,
  s3ApiCall: s3ApiCallEvent,
  kubernetesApiCall: kubernetesApiCallEvent,
  rdsLoginAttempt: rdsLoginAttemptEvent,
  attackSequence: attackSequenceEvent,
};

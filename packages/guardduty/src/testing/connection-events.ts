import type { FindingOptions, TypeOption } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import { listedHostEvent } from './listed-host-event.ts';
import { functionResource } from './resources.ts';
import { runtimeService } from './runtime-service.ts';

/** What a builder of network evidence lets a test say, where many types share the shape. */
export interface ConnectionOptions extends FindingOptions, TypeOption {}

/** What a builder of a function's connections lets a test say. */
export interface LambdaConnectionOptions
  extends Omit<
    ConnectionOptions,
    'instanceId' | 'networkInterfaceId' | 'subnetId' | 'vpcId' | 'localNetworkInterface'
  > {}

/** `Backdoor:EC2/C&CActivity.B`: our instance reaches a host from which malware takes its orders. */
export const commandAndControlEvent = (options: ConnectionOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Backdoor:EC2/C&CActivity.B',
      severity: 8,
      peer: 'a host from which malware takes orders',
      address: '203.0.113.69',
      list: 'Example Malware Hosts',
    },
    { port: 443, ...options },
  );

/** `UnauthorizedAccess:EC2/MaliciousIPCaller.Custom`: a host of the account's own threat list connects to our instance. */
export const customThreatListEvent = (options: ConnectionOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
      severity: 5,
      peer: 'a host of a custom threat list',
      address: '198.51.100.30',
      list: 'our-own-list',
    },
    { direction: 'INBOUND', ...options },
  );

/** A type that no list names, in the shape of a connection: GuardDuty gains types all the time. */
export const unknownTypeEvent = (options: ConnectionOptions = {}): FindingEvent =>
  listedHostEvent(
    { type: 'Novelty:EC2/NotYetKnown', severity: 8, peer: 'a host with a new habit', address: '198.51.100.31' },
    { direction: 'INBOUND', ...options },
  );

/** `Backdoor:Runtime/C&CActivity.B`: the agent on our instance saw a process reach a host from which malware takes orders. */
export const runtimeConnectionEvent = (options: ConnectionOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Backdoor:Runtime/C&CActivity.B',
      severity: 8,
      peer: 'a host from which malware takes orders',
      address: '203.0.113.70',
      list: 'Example Malware Hosts',
      service: runtimeService,
    },
    { port: 443, ...options },
  );

/** `Backdoor:Lambda/C&CActivity.B`: our function reaches a host from which malware takes its orders. */
export const lambdaConnectionEvent = (options: LambdaConnectionOptions = {}): FindingEvent =>
  listedHostEvent(
    {
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      peer: 'a host from which malware takes orders',
      address: '203.0.113.71',
      list: 'Example Malware Hosts',
      ours: 'The function orders',
      local: false,
      resource: functionResource,
      service: () => ({ featureName: 'LambdaNetworkLogs' }),
    },
    { port: 443, ...options },
  );

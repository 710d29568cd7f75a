import { type FindingKind, type FindingOptions, findingEventOf, type TypeOption } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';
import { instanceIn, networkConnection, remoteOf } from './network-connection.ts';

/** What makes one kind of connection with a host that GuardDuty knows. */
interface ListedHost extends Pick<FindingKind, 'resource' | 'service'> {
  readonly type: string;
  readonly severity: number;
  /** The host, in words. */
  readonly peer: string;
  /** By default. */
  readonly address: string;
  /** The threat list that names it. */
  readonly list?: string;
  /** What of ours talks; the instance by default. */
  readonly ours?: string;
  /** False: the finding says nothing about our end. */
  readonly local?: boolean;
}

/** A connection between ours and a host that GuardDuty knows; outbound unless the options say otherwise. */
export const listedHostEvent = (host: ListedHost, options: FindingOptions & TypeOption): FindingEvent => {
  const { peer, list, resource, service, local = true, ours = instanceIn(options) } = host;
  const remote = remoteOf(options, host.address);
  const direction = options.direction ?? 'OUTBOUND';
  const port = options.port ?? 80;
  return findingEventOf(
    {
      type: options.type ?? host.type,
      severity: host.severity,
      role: 'TARGET',
      action: networkConnection(options, { remote, direction, port, local }),
      evidence: [remote, port, direction],
      ...(resource === undefined ? {} : { resource }),
      ...(service === undefined ? {} : { service }),
      ...(list === undefined ? {} : { threatListName: list, additionalInfo: { threatListName: list } }),
      title: `${ours} is communicating with ${peer}.`,
      description: `${ours} is communicating with ${remote}, ${peer}.`,
    },
    options,
  );
};

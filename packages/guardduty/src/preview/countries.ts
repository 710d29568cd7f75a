import type { Finding, RemoteAddress } from '../finding.ts';
import { readAddress } from '../threats/address.ts';

const remotesOf = ({ action }: Finding): readonly RemoteAddress[] => {
  if (action?.kind === 'network-connection') return [action.remote];
  if (action?.kind === 'port-probe') return action.probes.map(({ remote }) => remote);
  return action && 'remotes' in action ? (action.remotes ?? []) : [];
};

/** The country that a finding names for each of its hosts, by the threat's `address`. */
export const countriesIn = (finding: Finding): ReadonlyMap<string, string> =>
  new Map(
    remotesOf(finding).flatMap(({ ipv4, ipv6, country }) =>
      country === undefined
        ? []
        : [ipv4, ipv6].flatMap((written): [string, string][] => {
            const host = written === undefined ? undefined : readAddress(written);
            return host ? [[host.address, country]] : [];
          }),
    ),
  );

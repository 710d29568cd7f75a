import type { FindingAction, RemoteAddress } from '../../finding.ts';

const remotesOf = (action: FindingAction): readonly RemoteAddress[] => {
  if (action.kind === 'network-connection') return [action.remote];
  if (action.kind === 'port-probe') return action.probes.map(({ remote }) => remote);
  return 'remotes' in action ? (action.remotes ?? []) : [];
};

type PortProbe = Extract<FindingAction, { kind: 'port-probe' }>;

/** Should one list have been cut, no attacker is lost; `more` knows IPv4 alone. */
const withAllProbes = (probes: PortProbe, more: PortProbe): PortProbe => {
  const known = new Set(remotesOf(probes).map(({ ipv4 }) => ipv4));
  const unknown = more.probes.filter(({ remote }) => remote.ipv4 !== undefined && !known.has(remote.ipv4));
  return { ...probes, probes: [...probes.probes, ...unknown] };
};

/**
 * What was seen, out of two places of one finding: `first` is taken where both say the same kind, with the probes that
 * only `second` has. Where they contradict each other, people see every address and nothing is blocked.
 */
export const mergeActions = (
  first: FindingAction | undefined,
  second: FindingAction | undefined,
): FindingAction | undefined => {
  if (!first || !second) return first ?? second;
  if (first.kind === 'port-probe' && second.kind === 'port-probe') return withAllProbes(first, second);
  if (first.kind === second.kind && first.kind !== 'other') return first;
  return {
    kind: 'other',
    actionType: `${first.kind} or ${second.kind}`,
    remotes: [...remotesOf(first), ...remotesOf(second)],
  };
};

import { isRecord } from '../parse-error.ts';

type Fields = Readonly<Record<string, unknown>>;

const listIn = (probe: unknown): readonly unknown[] => {
  const details = isRecord(probe) ? probe.portProbeDetails : undefined;
  if (details === undefined || details === null) return [];
  return Array.isArray(details) ? details : [details];
};

const addressOf = (probe: unknown): unknown => {
  const remote = isRecord(probe) ? probe.remoteIpDetails : undefined;
  return isRecord(remote) ? remote.ipAddressV4 : undefined;
};

/** Both lists of probes: should one have been cut, no attacker is lost. */
const withAllProbes = (flat: Fields, structured: Fields): Fields => {
  const probes = listIn(flat.portProbeAction);
  const known = new Set(probes.map(addressOf));
  const more = listIn(structured.portProbeAction).filter((probe) => !known.has(addressOf(probe)));
  if (more.length === 0 || !isRecord(flat.portProbeAction)) return flat;
  return { ...flat, portProbeAction: { ...flat.portProbeAction, portProbeDetails: [...probes, ...more] } };
};

/**
 * What was seen, out of the two places where ASFF has it: ProductFields, which has GuardDuty's own words with IPv6, and
 * `Action`, which knows four kinds and IPv4. ProductFields is taken where it says; where the two name different kinds
 * both stay under a kind that nobody knows, so that people see every address and nothing is blocked.
 */
export const mergeActions = (flat: unknown, structured: unknown): unknown => {
  if (!isRecord(flat)) return flat ?? structured;
  if (!isRecord(structured)) return flat;
  const kinds = [flat.actionType, structured.actionType].filter((kind) => typeof kind === 'string');
  const both = { ...structured, ...withAllProbes(flat, structured) };
  return new Set(kinds).size > 1 ? { ...both, actionType: kinds.join(' or ') } : { ...both, actionType: kinds[0] };
};

import type { Finding } from '../../finding.ts';
import type { Authority } from '../../gate/decide-threats.ts';
import type { BlockOutcome } from '../outcome.ts';
import type { BlockItem } from './work.ts';

/**
 * What a decision depends on. A copy (the administrator's beside the member's, a second delivery) is the same in all of it;
 * the id alone is not enough, for GuardDuty replaces the remote address under the same id.
 */
const sameness = (finding: Finding, authority: Authority): string => {
  const { title: _t, description: _d, provenance: _p, copyIn: _c, detectorId: _i, ...decisive } = finding;
  return `${authority} ${JSON.stringify(decisive)}`;
};

/**
 * By index of each copy of a finding in a batch: the index of the first, which alone is decided on. A copy that arrives in a
 * later invocation is decided on again, and an escalation of it is told again: under the same message key, so that a channel
 * with one live message per finding shows it once. Pure.
 */
export const leadersAmong = (
  items: readonly BlockItem[],
  authorityOf: (finding: Finding) => Authority,
): ReadonlyMap<number, number> => {
  const first = new Map<string, number>();
  const leaders = new Map<number, number>();
  items.forEach(({ finding }, index) => {
    if (finding === undefined) return;
    const key = sameness(finding, authorityOf(finding));
    const leader = first.get(key);
    if (leader === undefined) first.set(key, index);
    else leaders.set(index, leader);
  });
  return leaders;
};

/** The outcome of a copy: what became of the first, under its own record id, and told once. Pure. */
export const copyOf = (
  { recordId: _, ...outcome }: BlockOutcome,
  { recordId }: Pick<BlockItem, 'recordId'>,
): BlockOutcome => ({
  ...outcome,
  ...(recordId === undefined ? {} : { recordId }),
  threats: outcome.threats.map((threat) => ({ ...threat, announce: false })),
});

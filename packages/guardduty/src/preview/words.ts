import type { FillRow, PreviewExample, PreviewOutcome } from './report.ts';

const steps = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
] as const;

/** `count` of something with its thousands apart: `1 address`, `12,000 addresses`. */
export const counted = (count: number, one: string, many: string): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** `12000` as `12,000`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A length of time for people: `24 hours`, `2.5 days`. */
export const lengthOf = (ms: number): string => {
  if (ms === 0) return '–';
  const [unit, one, many] = steps.find(([least]) => ms >= least * (least === 86_400_000 ? 2 : 1)) ?? steps[2];
  const value = Math.max(1, Math.round((ms / unit) * 10)) / 10;
  return `${value} ${value === 1 ? one : many}`;
};

/** A stored instant to the minute: `2026-11-24 10:05`, in UTC. */
export const minuteOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** The day of a stored instant, in UTC. */
export const dayWords = (instant: string): string => instant.split('T')[0] ?? '';

/** IPv4 hosts are known by their address alone. */
export const addressOf = (cidr: string): string => cidr.replace(/\/32$/, '');

/** Outcomes for people. */
export const outcomeWords: Readonly<Record<PreviewOutcome, string>> = {
  blocked: 'blocked',
  'not-blocked': 'not blocked',
  escalated: 'escalated',
  refused: 'refused',
  ignored: 'ignored',
};

/** What an outcome means for a finding. */
export const outcomeMeanings: Readonly<Record<PreviewOutcome, string>> = {
  blocked: 'somebody denied',
  'not-blocked': 'no room or no place',
  escalated: 'nobody denied, a person asked',
  refused: 'by the safety gate',
  ignored: 'nothing to do',
};

/** What one row of fill is about. */
export const laneWords = ({ direction, family }: Pick<FillRow, 'direction' | 'family'>): string =>
  `${direction === 'ingress' ? 'inbound' : 'outbound'} IPv${family}`;

/** An example for people. */
export const exampleWords = ({ findingId, accountId, region, instanceId }: PreviewExample): string =>
  `${instanceId ?? 'no instance'}, ${accountId} ${region}, finding ${findingId}`;

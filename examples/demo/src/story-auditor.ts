import { type AuditRecord, type Deciders, type RejectedInput, replay, stringifyJson } from '@remedykit/core';
import { naclDeciders } from '@remedykit/guardduty';
import type { Performance } from './performance.ts';
import type { Show } from './show.ts';

/** What one decider's records came to. */
export interface Replayed {
  readonly decider: string;
  readonly records: number;
  readonly same: number;
}

/** An auditor has the records as text, as they were written. */
const asRead = (record: AuditRecord | RejectedInput): AuditRecord | RejectedInput => JSON.parse(stringifyJson(record));

const isDecision = (record: AuditRecord | RejectedInput): record is AuditRecord => 'decider' in record;

/** Makes every decision again, from its facts, policy and time alone. */
export const replayAll = (
  records: readonly (AuditRecord | RejectedInput)[],
  deciders: Deciders = naclDeciders,
): Replayed[] => {
  const byDecider = new Map<string, { records: number; same: number }>();
  for (const record of records.map(asRead).filter(isDecision)) {
    const sum = byDecider.get(record.decider) ?? { records: 0, same: 0 };
    byDecider.set(record.decider, sum);
    sum.records += 1;
    if (replay(record, deciders).same) sum.same += 1;
  }
  return [...byDecider]
    .map(([decider, sum]) => ({ decider, ...sum }))
    .toSorted((a, b) => (a.decider < b.decider ? -1 : 1));
};

/** Where a record that somebody changed afterwards differs from what its facts come to. */
export const forge = (
  records: readonly (AuditRecord | RejectedInput)[],
  from: string,
  to: string,
  deciders: Deciders = naclDeciders,
): readonly string[] => {
  const written = records.filter(isDecision).find(({ plan }) => stringifyJson(plan).includes(from));
  if (written === undefined) return [];
  const plan = JSON.parse(stringifyJson(written.plan).replaceAll(from, to));
  return replay({ ...written, plan }, deciders).differences;
};

/** The auditor's part: no AWS, no trust in us, nothing but the records. */
export const playAuditor = ({ audit }: Pick<Performance, 'audit'>, show: Show): void => {
  showReplayed(replayAll(audit), show);
  const [difference] = forge(audit, '198.51.100.7', '198.51.100.70');
  show.line(`A record in which somebody writes 198.51.100.70 for 198.51.100.7 does not: it differs at ${difference}.`);
};

/** How many decisions came to the same again, decider by decider. */
export const showReplayed = (replayed: readonly Replayed[], show: Show): void => {
  const total = replayed.reduce((sum, { records }) => sum + records, 0);
  const same = replayed.reduce((sum, one) => sum + one.same, 0);
  show.line(`${same} of ${total} audit records came to the same plan again:`);
  for (const one of replayed) show.line(`${one.decider}: ${one.same} of ${one.records}`);
};

import assert from 'node:assert/strict';
import type { AuditRecord, AuditSink, RejectedInput } from '../audit/record.ts';
import { replay } from '../audit/replay.ts';
import { stringifyJson } from '../json.ts';
import type { Deciders } from '../plan.ts';

/** An audit sink that keeps what it is given. */
export interface RecordingSink {
  /** Hand this to the primitive. */
  readonly sink: AuditSink;
  /** As they would be read back: each went through its JSON text. */
  readonly records: readonly (AuditRecord | RejectedInput)[];
  /** The decisions among the records. */
  decisions(): readonly AuditRecord[];
  /** Replays every decision and throws with the differences when one comes to another plan. */
  assertReplays(deciders: Deciders): void;
}

/** Keeps audit records for tests. Records that JSON cannot hold are refused with `JSON_INVALID`. */
export const createRecordingSink = (): RecordingSink => {
  const records: (AuditRecord | RejectedInput)[] = [];
  const decisions = (): AuditRecord[] => records.filter((record) => 'decider' in record);
  return {
    sink: (record) => void records.push(JSON.parse(stringifyJson(record)) as AuditRecord | RejectedInput),
    records,
    decisions,
    assertReplays: (deciders) => {
      const changed = decisions().flatMap((record) =>
        replay(record, deciders).differences.map((path) => `${record.decider} ${record.id}: ${path}`),
      );
      assert.deepEqual(changed, [], 'audit records replay to another plan');
    },
  };
};

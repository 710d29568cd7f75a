import { type AuditRecord, type AuditSink, isRemediationError, replay } from '@remedykit/core';
import { naclDeciders } from '../nacl/deciders.ts';

/** Written since the last replay, by any blocker of any test in this worker. */
let written: unknown[] = [];

/** A sink whose records are replayed after the test, as are those on the standard output. */
export const trailSink: AuditSink = (record) => void written.push(JSON.parse(JSON.stringify(record)));

const isDecision = (record: unknown): record is AuditRecord =>
  typeof record === 'object' && record !== null && 'decider' in record;

/** Takes a line of the standard output if it is an audit record. */
export const takeAuditLine = (text: string): boolean => {
  if (!/^\{"schema":\d+,"id":"/.test(text)) return false;
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record !== 'object' || record === null || !('library' in record)) return false;
    written.push(record);
    return true;
  } catch {
    return false;
  }
};

const faultOf = (record: AuditRecord): string[] => {
  const name = `${record.decider} ${record.id}`;
  try {
    return replay(record, naclDeciders).differences.map((path) => `${name}: ${path}`);
  } catch (error) {
    return [`${name}: ${isRemediationError(error) ? `${error.code}: ${error.message}` : String(error)}`];
  }
};

/** Replays every decision written since the last time, and forgets them; what does not come to the same plan. */
export const replayTrail = (): string[] => {
  const records = written;
  written = [];
  return records.filter(isDecision).flatMap(faultOf);
};

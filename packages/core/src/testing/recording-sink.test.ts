import { describe, expect, it } from 'vitest';
import type { AuditRecord, RejectedInput } from '../audit/record.ts';
import type { Decider } from '../plan.ts';
import { createRecordingSink } from './recording-sink.ts';

const sum: Decider<{ a: number }, { b: number }> = ({ a }, { b }) => ({ sum: a + b });

const common = {
  schema: 1,
  at: '2026-11-24T10:00:00.000Z',
  library: 'test@1.0.0',
  correlation: { runId: 'r' },
} as const;
const decision = (id: string, plan: AuditRecord['plan']): AuditRecord => ({
  ...common,
  id,
  decider: 'sum',
  facts: { a: 1 },
  policy: { b: 2 },
  plan,
  outcomes: [],
});
const rejected: RejectedInput = { ...common, id: 'x', rejected: { code: 'X', message: 'x', input: '{' } };

describe('createRecordingSink', () => {
  it('keeps every record and replays the decisions', async () => {
    const { sink, records, decisions, assertReplays } = createRecordingSink();
    await sink(decision('one', { sum: 3 }));
    await sink(rejected);
    expect(records).toEqual([decision('one', { sum: 3 }), rejected]);
    expect(decisions()).toHaveLength(1);
    expect(() => assertReplays({ sum })).not.toThrow();
  });

  it('says which record comes to another plan, and where', async () => {
    const { sink, assertReplays } = createRecordingSink();
    await sink(decision('one', { sum: 3 }));
    await sink(decision('two', { sum: 4 }));
    expect(() => assertReplays({ sum })).toThrow('sum two: $.sum');
  });

  it('notices facts that JSON cannot hold', () => {
    const { sink } = createRecordingSink();
    expect(() => sink({ ...decision('one', null), facts: Number.NaN })).toThrow('NaN');
  });
});

import { describe, expect, it } from 'vitest';
import type { Decider, Deciders, Plan, Step } from '../plan.ts';
import type { AuditRecord, RejectedInput } from './record.ts';
import { replay } from './replay.ts';

interface Facts {
  readonly addresses: readonly string[];
}
interface Policy {
  readonly firstRule: number;
}
interface EntryStep extends Step {
  readonly ruleNumber: number;
  readonly note?: string | undefined;
}

const decide: Decider<Facts, Policy, Plan<EntryStep>> = ({ addresses }, { firstRule }, now) => ({
  steps: addresses.map((address, index) => ({
    id: address,
    action: 'create-entry',
    precondition: { free: true },
    reason: 'new',
    because: `decided at ${now.toISOString()}`,
    ruleNumber: firstRule + index,
    note: undefined,
  })),
  refused: [],
});

// Concretely typed deciders make a table without a cast.
const deciders: Deciders = { 'nacl/entries': decide };

const at = '2026-11-24T10:00:00.000Z';
const record: AuditRecord = {
  schema: 1,
  id: 'r-1',
  at,
  library: '@remedykit/guardduty@1.0.0',
  decider: 'nacl/entries',
  facts: { addresses: ['198.51.100.7/32'] },
  policy: { firstRule: 10 },
  plan: {
    refused: [],
    steps: [
      {
        ruleNumber: 10,
        because: `decided at ${at}`,
        reason: 'new',
        precondition: { free: true },
        action: 'create-entry',
        id: '198.51.100.7/32',
      },
    ],
  },
  outcomes: [],
  correlation: { runId: 'run-1' },
};

const expectCode = (run: () => unknown, code: string): void =>
  expect(run).toThrow(expect.objectContaining({ code, retryable: false }));

describe('replay', () => {
  it('comes to the recorded plan; key order and undefined keys do not matter', () => {
    expect(replay(record, deciders)).toEqual({
      same: true,
      plan: record.plan,
      differences: [],
      library: { recorded: '@remedykit/guardduty@1.0.0' },
    });
  });

  it('replays what went through JSON text', () => {
    expect(replay(JSON.parse(JSON.stringify(record)) as AuditRecord, deciders).same).toBe(true);
  });

  it('says where the plans differ', () => {
    const result = replay({ ...record, policy: { firstRule: 20 }, facts: { addresses: ['a', 'b'] } }, deciders);
    expect(result.same).toBe(false);
    expect(result.differences).toEqual(['$.steps[0].id', '$.steps[0].ruleNumber', '$.steps[1]']);
  });

  it('notices a forged time', () => {
    const result = replay({ ...record, at: '2026-11-24T10:00:00.001Z' }, deciders);
    expect(result.differences).toEqual(['$.steps[0].because']);
  });

  it('says whether another library version decides now', () => {
    expect(replay(record, deciders, { library: '@remedykit/guardduty@1.0.0' }).library.same).toBe(true);
    expect(replay(record, deciders, { library: '@remedykit/guardduty@1.1.0' }).library).toEqual({
      recorded: '@remedykit/guardduty@1.0.0',
      current: '@remedykit/guardduty@1.1.0',
      same: false,
    });
  });

  it('cannot be changed by a decider that writes into its facts', () => {
    const facts = { addresses: ['198.51.100.7/32'] };
    const greedy: Decider<{ addresses: string[] }> = (given) => given.addresses.splice(0);
    replay({ ...record, facts }, { 'nacl/entries': greedy });
    expect(facts.addresses).toHaveLength(1);
  });

  it('refuses what cannot be replayed, each with its code', () => {
    const { decider: _, facts: __, policy: ___, plan: ____, outcomes: _____, ...rest } = record;
    const rejected: RejectedInput = { ...rest, rejected: { code: 'X', message: 'x', input: '{' } };
    expectCode(() => replay(rejected, deciders), 'AUDIT_NOT_A_DECISION');
    expectCode(() => replay({ ...record, decider: 'nacl/other' }, deciders), 'DECIDER_UNKNOWN');
    expectCode(() => replay({ ...record, decider: 'toString' }, deciders), 'DECIDER_UNKNOWN');
    expectCode(() => replay({ ...record, at: 'yesterday' }, deciders), 'AUDIT_RECORD_INVALID');
    expectCode(() => replay({ ...record, facts: {} }, deciders), 'REPLAY_FAILED');
    expectCode(() => replay(JSON.parse(JSON.stringify({ ...record, schema: 2 })), deciders), 'SCHEMA_NEWER');
  });
});

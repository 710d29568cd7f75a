import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../model/action.ts';
import { checkRestoreRequest, type RestoreRequest, selectEntries } from './restore-request.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:00:00Z');
const request: RestoreRequest = {
  reason: 'wrong team',
  requestedBy: 'a.smith',
  exemptUntil: new Date('2026-11-24T10:00:00.001Z'),
};

/** The message of the refusal; empty when there is none. */
const refusal = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    expect(error).toMatchObject({ code: 'RESTORE_INVALID', retryable: false });
    return error.message;
  }
};
const check = (changes: object): string => refusal(() => checkRestoreRequest({ ...request, ...changes }, now));

describe('what a person asks for', () => {
  it('is taken with a reason, a name and an end that is still to come, for the run or for some of it', () => {
    expect(check({})).toBe('');
    expect(check({ only: ['ada'] })).toBe('');
    expect(check({ only: ['ada', 'key-age/AKIA1'] })).toBe('');
    expect(check({ reason: 'r'.repeat(256), requestedBy: 'x', only: ['u'.repeat(256)] })).toBe('');
  });

  it.each([undefined, null, 7, {}, '', ' \t', 'r'.repeat(257)])('is refused with %j for a text', (text) => {
    expect(check({ reason: text })).toMatch(/^restore: reason must have 1 to 256 /);
    expect(check({ requestedBy: text })).toMatch(/^restore: requestedBy must have 1 to 256 /);
    expect(check({ only: ['ada', text] })).toMatch(/^restore: only must /);
  });

  it('is refused with a list of 256 texts for a text', () => {
    expect(check({ reason: ['wrong team'] })).toMatch(/^restore: reason /);
  });

  it.each([
    undefined,
    '2027-01-01T00:00:00.000Z',
    { getTime: () => Number.POSITIVE_INFINITY },
    new Date(Number.NaN),
    new Date('2026-11-24T10:00:00.000Z'),
    new Date('2026-11-24T09:59:59.999Z'),
  ])('is refused with %s for the end', (exemptUntil) => {
    expect(check({ exemptUntil })).toMatch(/^restore: exemptUntil must /);
  });

  it.each([[[]], ['ada'], [{ length: 1, every: () => true }], [null], [7]])('is refused for %j alone', (only) => {
    expect(check({ only })).toMatch(/^restore: only must name at least one /);
  });
});

describe('which entries are meant', () => {
  const entry = (userName: string, caseId: string): JournalEntry => ({
    schema: 1,
    runId: 'run-1',
    stepId: `${userName}/${caseId}`,
    caseId,
    subject: { accountId, userId: `AIDA${userName}`, userName, arn: `arn:aws:iam::${accountId}:user/${userName}` },
    action: 'deactivate',
    target: { kind: 'access-key', accessKeyId: 'AKIA1' },
    effect: 'new-deny',
    reason: 'due',
    because: 'due',
    before: { kind: 'credential', active: true, createdAt: '2026-01-01T00:00:00.000Z' },
    intendedAt: '2026-11-24T09:00:00.000Z',
    requestIds: [],
  });
  const entries = [
    entry('Ada', 'mfa/password'),
    entry('Ada', 'key-age/AKIA1'),
    entry('bob', 'mfa/password'),
    entry('bob', 'key-age/AKIA2'),
  ];
  const select = (...only: readonly string[]): string[] => selectEntries(entries, { only }).map(({ stepId }) => stepId);

  it('all, unless some are named', () => {
    expect(selectEntries(entries, {})).toEqual(entries);
  });

  it('those of a user, in any case of letters, as IAM has it', () => {
    expect(select('aDA')).toEqual(['Ada/mfa/password', 'Ada/key-age/AKIA1']);
    expect(select('bob')).toEqual(['bob/mfa/password', 'bob/key-age/AKIA2']);
  });

  it('those of a case, of everybody or of one user', () => {
    expect(select('mfa/password')).toEqual(['Ada/mfa/password', 'bob/mfa/password']);
    expect(select('Ada/mfa/password')).toEqual(['Ada/mfa/password']);
    expect(select('key-age/AKIA2')).toEqual(['bob/key-age/AKIA2']);
  });

  it('of several names what any of them means, each once and in the order of the journal', () => {
    expect(select('key-age/AKIA2', 'Ada', 'key-age/AKIA1')).toEqual([
      'Ada/mfa/password',
      'Ada/key-age/AKIA1',
      'bob/key-age/AKIA2',
    ]);
  });

  it('a name that no entry has is refused, beside others that some have, and all of them are named', () => {
    expect(refusal(() => select('bob', 'eve', 'KEY-AGE/akia1'))).toBe(
      'restore: only names what this run did nothing about: eve, KEY-AGE/akia1.',
    );
  });
});

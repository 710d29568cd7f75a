import type { Message } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { CredentialAnswer } from '../enforcer/outcome.ts';
import { type AnswerSummary, answerMessage } from './answer-message.ts';
import type { AccountRunSummary } from './run-summary.ts';
import { samplePolicyAction, sampleSummary, sampleSummaryOf } from './sample-actions.ts';
import { ownWords, readable, shown } from './sample-warnings.ts';

const summary = (
  changes: Partial<AnswerSummary['answer']> = {},
  account: Partial<AccountRunSummary> = {},
): AnswerSummary => ({
  ...sampleSummaryOf(sampleSummary(account)),
  answer: {
    accountId: '111122223333',
    userName: 'ben',
    decision: 'confirm',
    reason: 'seen at the desk',
    requestedBy: 'a.smith',
    until: '2026-11-26T10:00:00.000Z',
    ...changes,
  },
});
const confirmed = {
  actions: [
    samplePolicyAction('attach-policy', 'enrolment', { reason: 'confirmed' }),
    samplePolicyAction('detach-policy', 'hold', { reason: 'confirmed' }),
  ],
};

// What `resolve` gives is what it takes: a matter of types alone.
const ofEnforcer: (answer: CredentialAnswer) => Message = answerMessage;

describe('answerMessage', () => {
  it('tells of an answer and of what came of it, as in its golden file', async () => {
    await expect(shown(answerMessage(summary({}, confirmed)))).toMatchFileSnapshot('__golden__/answer.txt');
  });

  it('is told also where nothing came of it', () => {
    const message = answerMessage(summary({ decision: 'act' }));
    expect(ofEnforcer).toBe(answerMessage);
    expect(message).toMatchObject({
      key: 'iam/answer/run-1/2026-11-24T10:00:00.000Z',
      severity: 'low',
      preview: false,
      subject: { accountId: '111122223333', type: 'credential-answer' },
    });
    expect(message).not.toHaveProperty('undone');
    expect(readable(message.title)).toBe("IAM answer 'act' about ben");
    expect(message.body.map(readable)).toEqual([
      "a.smith answered 'act' about ben in account 111122223333, until Thursday, 26 November 2026, 10:00 UTC: seen at the desk",
      'What was left to people is to be done.',
      'Nothing new came of it at once; every later run goes by it as long as it holds.',
    ]);
  });

  it('I26: does not say that nothing came of it, or was done, where something failed', () => {
    const message = answerMessage(
      summary(
        {},
        { actions: [samplePolicyAction('attach-policy', 'enrolment', { status: 'failed', reason: 'busy' })] },
      ),
    );
    expect(message.undone).toBe(true);
    expect(shown(message)).toContain('it failed');
    expect(shown(message)).not.toContain('Nothing new came of it');
  });

  it('is a preview in a dry-run, with news and without', () => {
    const planned = samplePolicyAction('attach-policy', 'enrolment', { status: 'planned' });
    expect(answerMessage(summary({}, { preview: true })).preview).toBe(true);
    expect(answerMessage(summary({}, { preview: true, actions: [planned] })).preview).toBe(true);
    expect(answerMessage(summary({}, confirmed)).preview).toBe(false);
  });

  it('I34: trusts no name and no reason', () => {
    const message = answerMessage(summary({ userName: 'eve', reason: 'told so', requestedBy: 'mallory' }, confirmed));
    const own = [message.title, ...message.body, ...message.facts.map(({ value }) => value)].map(ownWords).join();
    for (const theirs of ['eve', 'told so', 'mallory', '111122223333', 'run-1']) expect(own).not.toContain(theirs);
  });
});

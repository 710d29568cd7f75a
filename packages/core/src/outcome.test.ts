import { describe, expect, it } from 'vitest';
import type { Delivery } from './notifier.ts';
import { assertComplete, needsRetry, type Outcome, type StepOutcome, toBatchResponse } from './outcome.ts';

const step = (change: Partial<StepOutcome> = {}): StepOutcome => ({
  stepId: 'entry-1',
  action: 'create-entry',
  status: 'applied',
  reason: 'new',
  because: 'an attacker',
  retryable: false,
  ...change,
});
const throttled = step({ status: 'failed', retryable: true, reason: 'throttled' });

const outcome = (steps: StepOutcome[], change: Partial<Outcome> = {}): Outcome => ({ steps, done: true, ...change });

const delivery = {
  deferred: { status: 'deferred', channel: 'slack', reason: 'rate-limited', retryAfterMs: 1_000 },
  delivered: { status: 'delivered', channel: 'slack' },
  rejected: { status: 'rejected', channel: 'slack', reason: 'no-such-channel' },
  nothing: { status: 'nothing', channel: 'slack' },
} satisfies Record<string, Delivery>;

describe('needsRetry', () => {
  it.each<[string, Outcome | Delivery, boolean]>([
    ['nothing to do', outcome([]), false],
    ['applied', outcome([step()]), false],
    [
      'already applied, skipped and refused',
      outcome([step({ status: 'already-applied' }), step({ status: 'skipped' }), step({ status: 'refused' })]),
      false,
    ],
    ['failed for good', outcome([step({ status: 'failed' })]), false],
    ['refused, whatever it says of a retry', outcome([step({ status: 'refused', retryable: true })]), false],
    ['failed, and a retry may mend it', outcome([step(), throttled]), true],
    ['time ran out', outcome([step()], { done: false }), true],
    ['a delivery deferred', delivery.deferred, true],
    ['a delivery deferred and kept in an outbox', { ...delivery.deferred, kept: true }, false],
    ['a delivery made', delivery.delivered, false],
    ['a delivery rejected for good', delivery.rejected, false],
    ['nothing to deliver', delivery.nothing, false],
  ])('%s', (_, one, expected) => expect(needsRetry(one)).toBe(expected));
});

describe('assertComplete', () => {
  it('passes what no retry can mend', () => {
    expect(() => assertComplete()).not.toThrow();
    expect(() => assertComplete(outcome([step(), step({ status: 'failed' })]), delivery.rejected)).not.toThrow();
  });

  it('throws a retryable error that names all that is left', () => {
    expect(() => assertComplete(outcome([step()]), outcome([throttled], { done: false }), delivery.deferred)).toThrow(
      expect.objectContaining({
        code: 'INCOMPLETE',
        retryable: true,
        message:
          'Not everything was done; the same event can be retried. Left: entry-1: throttled; ' +
          'time ran out before everything was done; notification: rate-limited',
      }),
    );
  });
});

describe('toBatchResponse', () => {
  it('returns exactly the records that a retry can mend', () => {
    const response = toBatchResponse([
      outcome([step()], { recordId: 'blocked' }),
      outcome([throttled], { recordId: 'throttled' }),
      outcome([], { recordId: 'malformed' }),
      outcome([step({ status: 'failed' })], { recordId: 'failed-for-good' }),
      outcome([], { recordId: 'late', done: false }),
    ]);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'throttled' }, { itemIdentifier: 'late' }] });
  });

  it('returns an empty list when all is done: an absent one would be read as a failure of all', () => {
    expect(toBatchResponse([])).toEqual({ batchItemFailures: [] });
  });

  it('never answers a retry with an identifier that SQS does not know', () => {
    expect(() => toBatchResponse([outcome([throttled])])).toThrow(
      expect.objectContaining({ code: 'RECORD_ID_MISSING' }),
    );
  });
});

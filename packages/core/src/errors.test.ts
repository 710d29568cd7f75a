import { describe, expect, it, vi } from 'vitest';
import { isRemediationError, RemediationError, summarizeError } from './errors.ts';

describe('RemediationError', () => {
  it('carries its code, whether a retry helps, and its cause', () => {
    const cause = new Error('socket hang up');
    const error = new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'down', retryable: true, cause });
    expect(error).toMatchObject({ name: 'RemediationError', code: 'STATE_UNAVAILABLE', retryable: true, cause });
    expect(new RemediationError({ code: 'X', message: 'x' })).toMatchObject({ retryable: false });
    expect('cause' in new RemediationError({ code: 'X', message: 'x' })).toBe(false);
  });

  it('is told apart across two copies of the package', async () => {
    vi.resetModules();
    const copy = await import('./errors.ts');
    const foreign = new copy.RemediationError({ code: 'X', message: 'x' });
    expect(foreign instanceof RemediationError).toBe(false);
    expect(isRemediationError(foreign)).toBe(true);
    expect(copy.isRemediationError(new RemediationError({ code: 'X', message: 'x' }))).toBe(true);
  });

  it.each([
    [new Error('x')],
    [{ code: 'X', retryable: true }],
    [undefined],
    [null],
    ['X'],
    [{ [Symbol.for('remedykit.error')]: true }],
  ])('is not %s', (value) => expect(isRemediationError(value)).toBe(false));

  it('shows no marker where an error is written out', () => {
    const error = new RemediationError({ code: 'X', message: 'x' });
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name: 'RemediationError', code: 'X', retryable: false });
    expect(Reflect.ownKeys({ ...error }).filter((key) => typeof key === 'symbol')).toEqual([]);
  });
});

describe('summarizeError', () => {
  it.each([
    [
      'ours',
      new RemediationError({ code: 'X', message: 'x', cause: new Error('secret') }),
      { code: 'X', message: 'x' },
    ],
    [
      'AWS’s',
      Object.assign(new Error('slow'), { name: 'RequestLimitExceeded' }),
      { code: 'RequestLimitExceeded', message: 'slow' },
    ],
    ['text', 'oops', { code: 'UNKNOWN', message: 'oops' }],
    ['nothing', undefined, { code: 'UNKNOWN', message: 'undefined' }],
    ['a symbol', Symbol('s'), { code: 'UNKNOWN', message: 'Symbol(s)' }],
    [
      'an object without text',
      Object.create(null),
      { code: 'UNKNOWN', message: 'something without a text was thrown' },
    ],
  ])('of %s', (_, error, summary) => expect(summarizeError(error)).toEqual(summary));
});

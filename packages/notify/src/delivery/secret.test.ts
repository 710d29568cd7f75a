import { RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Attempt } from './attempt.ts';
import { rejected } from './attempt.ts';
import type { SecretSource } from './secret.ts';
import { checkSecret, sendWithSecret } from './secret.ts';

const request = { signal: AbortSignal.timeout(1000), timeoutMs: 1000 };
const stale: Attempt = { result: 'rejected', reason: 'HTTP 404: no_service', staleSecret: true };

const createSource = (...values: (string | Error)[]) => {
  const reads: boolean[] = [];
  const source: SecretSource = {
    read: async ({ refresh = false } = {}) => {
      reads.push(refresh);
      const value = values[Math.min(reads.length, values.length) - 1] ?? '';
      if (value instanceof Error) throw value;
      return value;
    },
  };
  return { source, reads };
};

const run = async (secret: string | SecretSource, answers: readonly Attempt[]) => {
  const used: string[] = [];
  const send = sendWithSecret(
    secret,
    (value) => {
      if (value.startsWith('bad')) throw new RemediationError({ code: 'TEST_INVALID', message: 'is not usable' });
      return value;
    },
    async (value) => {
      used.push(value);
      return answers[used.length - 1] ?? { result: 'delivered' };
    },
  );
  return { attempt: await send(request), used };
};

describe('sendWithSecret', () => {
  it('reads a secret anew once when the answer says that it may be an old one', async () => {
    const { source, reads } = createSource('old', 'new');
    expect(await run(source, [stale])).toEqual({ attempt: { result: 'delivered' }, used: ['old', 'new'] });
    expect(reads).toEqual([false, true]);
  });

  it('does not send again with the same secret, nor read a third time', async () => {
    const same = createSource('same', 'same');
    expect(await run(same.source, [stale, stale])).toEqual({ attempt: stale, used: ['same'] });
    const other = createSource('old', 'new', 'newer');
    expect(await run(other.source, [stale, stale])).toEqual({ attempt: stale, used: ['old', 'new'] });
    expect(other.reads).toHaveLength(2);
  });

  it('has nothing to read anew for a plain string, nor for another answer', async () => {
    expect(await run('plain', [stale])).toEqual({ attempt: stale, used: ['plain'] });
    const { source, reads } = createSource('old', 'new');
    expect(await run(source, [rejected('HTTP 400')])).toMatchObject({ used: ['old'] });
    expect(reads).toEqual([false]);
  });

  it('N23: a secret that cannot be read is said, and nothing is sent', async () => {
    const denied = new RemediationError({ code: 'SECRET_UNAVAILABLE', message: 'slack: AccessDeniedException' });
    expect(await run(createSource(denied).source, [])).toEqual({
      attempt: { result: 'rejected', reason: 'no secret: slack: AccessDeniedException' },
      used: [],
    });
    const busy = new RemediationError({ code: 'SECRET_UNAVAILABLE', message: 'slack: throttled', retryable: true });
    expect(await run(createSource(busy).source, [])).toMatchObject({
      attempt: { result: 'unavailable', reason: 'no secret: slack: throttled', unsure: false },
      used: [],
    });
    expect(await run(createSource(new Error('https://secret.example')).source, [])).toMatchObject({
      attempt: { result: 'unavailable', reason: 'no secret' },
      used: [],
    });
  });

  it('N23: a secret that is none is rejected in the words of its parser', async () => {
    expect(await run(createSource('bad-secret').source, [])).toEqual({
      attempt: { result: 'rejected', reason: 'is not usable' },
      used: [],
    });
  });
});

describe('checkSecret', () => {
  it('takes a source, checks a string, and refuses the rest', () => {
    const parse = (value: string) => {
      if (value !== 'good') throw new RemediationError({ code: 'TEST_INVALID', message: 'no' });
    };
    checkSecret('createTest', 'token', createSource('x').source, parse);
    checkSecret('createTest', 'token', 'good', parse);
    for (const [input, code] of [
      ['bad', 'TEST_INVALID'],
      [undefined, 'TEST_INVALID'],
      [null, 'TEST_INVALID'],
      [{}, 'OPTION_INVALID'],
    ] as const)
      expect(() => checkSecret('createTest', 'token', input, parse)).toThrow(expect.objectContaining({ code }));
  });
});

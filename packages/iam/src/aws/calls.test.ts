import { GetUserCommand } from '@aws-sdk/client-iam';
import type { ObservedEvent } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createIamCalls, type IamClient } from './calls.ts';

const awsError = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode, requestId: `r-${name}` } });

/** A client whose `send` does this; the SDK's overloads cannot be met otherwise. */
const clientOf = (send: () => Promise<unknown>): IamClient => ({ send }) as unknown as IamClient;

const getUser = (iam: IamClient) => iam.send(new GetUserCommand({ UserName: 'ada' }));

const noWait = { sleep: async () => {}, random: () => 0.5 };

describe('createIamCalls', () => {
  it('tries a throttled read again, and tells each answer with its request id', async () => {
    const answers = [awsError('Throttling'), { User: { UserName: 'ada' }, $metadata: { requestId: 'r-2' } }];
    const events: ObservedEvent[] = [];
    const calls = createIamCalls({
      ...noWait,
      iam: clientOf(async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      }),
      observe: (event) => events.push(event),
    });
    await expect(calls.call('GetUser', getUser)).resolves.toMatchObject({ User: { UserName: 'ada' } });
    expect(calls.counts()).toEqual({ GetUser: 2 });
    expect(events.map(({ data }) => data)).toEqual([
      { service: 'iam', action: 'GetUser', attempt: 1, requestId: 'r-Throttling', error: 'Throttling' },
      { service: 'iam', action: 'GetUser', attempt: 2, requestId: 'r-2' },
    ]);
  });

  it.each([
    ['AccessDenied', 403, 1],
    ['NoSuchEntity', 404, 1],
    ['ServiceFailure', 500, 4],
  ])('hands on %s as it came, after %s attempts', async (code, status, attempts) => {
    const error = awsError(code, status);
    const calls = createIamCalls({ ...noWait, attempts: 4, iam: clientOf(() => Promise.reject(error)) });
    await expect(calls.call('GetUser', getUser)).rejects.toBe(error);
    expect(calls.counts()).toEqual({ GetUser: attempts });
  });

  it('leaves it at one attempt where that is asked for', async () => {
    const calls = createIamCalls({ ...noWait, iam: clientOf(() => Promise.reject(awsError('Throttling'))) });
    await expect(calls.call('GetUser', getUser, { attempts: 1 })).rejects.toThrow('Throttling');
    expect(calls.counts()).toEqual({ GetUser: 1 });
  });

  it('starts no wait that ends after the time of the caller', async () => {
    const calls = createIamCalls({
      ...noWait,
      iam: clientOf(() => Promise.reject(awsError('Throttling'))),
      remainingTimeMs: () => 50,
    });
    await expect(calls.call('GetUser', getUser)).rejects.toThrow('Throttling');
    expect(calls.counts()).toEqual({ GetUser: 1 });
  });

  it('runs no more at once than the limit, which throttling halves', async () => {
    let running = 0;
    let most = 0;
    let throttle = true;
    const calls = createIamCalls({
      ...noWait,
      concurrency: 4,
      iam: clientOf(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (!throttle) return {};
        throttle = false;
        throw awsError('Throttling');
      }),
    });
    await Promise.all(Array.from({ length: 4 }, () => calls.call('GetUser', getUser)));
    expect(most).toBe(4);
    expect(calls.limit()).toBe(2);
    most = 0;
    await Promise.all(Array.from({ length: 3 }, () => calls.call('GetUser', getUser)));
    expect(most).toBe(2);
    expect(calls.limit()).toBe(3);
  });

  it.each(['concurrency', 'attempts'])('refuses zero %s: zero is none, not unlimited', (name) => {
    expect(() => createIamCalls({ iam: clientOf(async () => ({})), [name]: 0 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

import { GenerateCredentialReportCommand } from '@aws-sdk/client-iam';
import { hours, isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { IamClient } from '../aws/calls.ts';
import { type CredentialReportOptions, gatherCredentialReport } from './gather.ts';
import { requiredColumns } from './read-row.ts';

const now = new Date('2026-11-24T10:00:00Z');

const rowOf = (user: string, arn: string): string =>
  requiredColumns
    .map((column) => {
      if (column === 'user') return user;
      if (column === 'arn') return arn;
      if (column === 'user_creation_time') return '2026-01-01T00:00:00Z';
      return column.endsWith('rotated') ? 'N/A' : 'false';
    })
    .join(',');

const root = rowOf('<root_account>', 'arn:aws:iam::111122223333:root');
const textOf = (...rows: string[]): Uint8Array =>
  new TextEncoder().encode([requiredColumns.join(','), ...rows].join('\n'));
const filled = textOf(root, rowOf('ada', 'arn:aws:iam::111122223333:user/ada'));

const report = (ageMs: number, Content: Uint8Array = filled) => ({
  Content,
  GeneratedTime: new Date(now.getTime() - ageMs),
});

const awsError = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

type Answer = object | Error;

/** An IAM that gives these answers one after the other, the last one for ever. */
const iamOf = (answers: { readonly generate: readonly Answer[]; readonly get?: readonly Answer[] }) => {
  const asked: string[] = [];
  const left = { generate: [...answers.generate], get: [...(answers.get ?? [])] };
  const send = async (command: unknown): Promise<unknown> => {
    const what = command instanceof GenerateCredentialReportCommand ? 'generate' : 'get';
    asked.push(what);
    const queue = left[what];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { iam: { send } as unknown as IamClient, asked };
};

const started = { State: 'STARTED' };
const inProgress = { State: 'INPROGRESS' };
const complete = { State: 'COMPLETE' };

const gather = async (
  answers: Parameters<typeof iamOf>[0],
  options: Partial<CredentialReportOptions> = {},
): Promise<{ result: unknown; asked: readonly string[]; waits: readonly number[] }> => {
  const { iam, asked } = iamOf(answers);
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  const work = gatherCredentialReport({ iam, now: () => now, sleep, random: () => 0, ...options });
  return { result: await work.catch((error: unknown) => error), asked, waits };
};

describe('gatherCredentialReport', () => {
  it('generates, waits longer each time, and says how old the report is', async () => {
    const { result, asked, waits } = await gather({
      generate: [started, inProgress, inProgress, complete],
      get: [report(hours(3))],
    });
    expect(result).toMatchObject({
      rows: [{ isRoot: true }, { userName: 'ada' }],
      generatedAt: '2026-11-24T07:00:00.000Z',
      ageMs: hours(3),
      freshness: 'generated',
      polls: 3,
    });
    expect(asked).toEqual(['generate', 'generate', 'generate', 'generate', 'get']);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  it('I22: each wait is at least half of its bound whatever the jitter, and at most 20 seconds', async () => {
    const generate = [...Array.from({ length: 12 }, () => inProgress), complete];
    for (const random of [() => 0, () => 0.999]) {
      const { waits } = await gather({ generate, get: [report(0)] }, { random });
      expect(waits).toHaveLength(12);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
      expect(waits.at(-1)).toBeGreaterThanOrEqual(10_000);
    }
  });

  it.each([
    ['CredentialReportNotPresentException', 410],
    ['CredentialReportExpiredException', 410],
    ['CredentialReportNotReadyException', 404],
    ['ServiceFailureException', 500],
    ['Throttling', 400],
    ['TimeoutError', undefined],
  ])('I21, I23: a get that fails with %s straight after the generation is tried again', async (name, status) => {
    const { result, waits } = await gather({ generate: [complete], get: [awsError(name, status), report(0)] });
    expect(result).toMatchObject({ freshness: 'generated' });
    expect(waits).toEqual([500]);
  });

  it.each([
    ['ServiceFailureException', 500],
    ['Throttling', 400],
    ['ECONNRESET', undefined],
  ])('I21: a generation that fails with %s is tried again', async (name, status) => {
    const { result } = await gather({ generate: [awsError(name, status), started, complete], get: [report(0)] });
    expect(result).toMatchObject({ freshness: 'generated', polls: 2 });
  });

  it('I21: without capacity a report of less than a day is used, and its age and why are told', async () => {
    const limit = awsError('LimitExceededException', 409);
    const { result, asked } = await gather({ generate: [limit], get: [report(hours(20))] });
    expect(result).toMatchObject({ freshness: 'kept', keptBecause: 'LimitExceeded', ageMs: hours(20), polls: 0 });
    expect(asked).toEqual(['generate', 'get']);
  });

  it('I19: a report that is too old is no report', async () => {
    const limit = awsError('LimitExceededException', 409);
    const { result } = await gather({ generate: [limit], get: [report(hours(24) + 1)] });
    expect(result).toMatchObject({ code: 'CREDENTIAL_REPORT_UNAVAILABLE', retryable: true });
    const { result: younger } = await gather({ generate: [limit], get: [report(hours(2))] }, { maxAgeMs: hours(1) });
    expect(younger).toMatchObject({ code: 'CREDENTIAL_REPORT_UNAVAILABLE' });
  });

  it('I19: a report without users, of an account that has some, is an error and no clean account', async () => {
    const answers = { generate: [complete], get: [report(0, textOf(root))] };
    const { result } = await gather(answers, { expectedUsers: 1 });
    expect(result).toMatchObject({ code: 'CREDENTIAL_REPORT_UNAVAILABLE', retryable: true });
    expect((await gather(answers, { expectedUsers: 0 })).result).toMatchObject({ rows: [{ isRoot: true }] });
  });

  it.each([
    ['no content', { GeneratedTime: now }],
    ['an empty content', { Content: new Uint8Array(), GeneratedTime: now }],
    ['no time of generation', { Content: filled }],
  ])('I19: an answer with %s is no report', async (_, answer) => {
    const { result } = await gather({ generate: [complete], get: [answer] });
    expect(result).toMatchObject({ code: 'CREDENTIAL_REPORT_UNAVAILABLE', retryable: true });
  });

  it('I19: a report that cannot be read is an error', async () => {
    const { result } = await gather({ generate: [complete], get: [report(0, textOf().slice(5))] });
    expect(result).toMatchObject({ code: 'CREDENTIAL_REPORT_INVALID' });
  });

  it('I19: denial is an error that says what is missing, at once', async () => {
    const denied = awsError('AccessDenied', 403);
    const { result, waits } = await gather({ generate: [denied] });
    expect(result).toMatchObject({
      code: 'CREDENTIAL_REPORT_UNAVAILABLE',
      retryable: false,
      message: expect.stringContaining('iam:GenerateCredentialReport'),
      cause: denied,
    });
    expect(waits).toEqual([]);
  });

  it('starts no wait that ends after the time of the caller', async () => {
    const { result, waits } = await gather({ generate: [started] }, { remainingTimeMs: () => 1_500 });
    expect(result).toMatchObject({ code: 'CREDENTIAL_REPORT_UNAVAILABLE', retryable: true });
    expect(waits).toEqual([500, 1_000]);
  });

  it('gives up after timeoutMs of waiting', async () => {
    const { result, waits } = await gather({ generate: [started] }, { timeoutMs: 3_500 });
    expect(isRemediationError(result) && result.message).toContain('STARTED');
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  it.each([{ maxAgeMs: -1 }, { timeoutMs: Number.NaN }])('refuses %j', async (options) => {
    const { result, asked } = await gather({ generate: [complete], get: [report(0)] }, options);
    expect(result).toMatchObject({ code: 'OPTION_INVALID' });
    expect(asked).toEqual([]);
  });
});

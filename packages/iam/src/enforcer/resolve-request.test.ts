import { createMemoryStore, hours } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { readAnswerOf, writeAnswer } from '../answers/answer-documents.ts';
import { readExemptionOf, writeExemption } from '../exemptions/stored-exemptions.ts';
import type { ConsoleFacts, ConsolePolicy } from '../mfa/console-facts.ts';
import { decideConsoleAction } from '../mfa/decide-console-action.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import { createFakeIam } from '../testing/index.ts';
import { checkResolveRequest, executeResolve, type ResolveRequest } from './resolve-request.ts';

const accountId = '111122223333';
const start = new Date('2026-11-24T10:00:00Z');
const request: ResolveRequest = {
  subject: `arn:aws:iam::${accountId}:user/staff/ada`,
  decision: 'confirm',
  reason: 'seen at the desk',
  requestedBy: 'a.smith',
  until: new Date('2026-11-25T10:00:00Z'),
};
const check = (changes: object) => checkResolveRequest({ ...request, ...changes }, [accountId], start);
const refusal = (changes: object): string => {
  try {
    check(changes);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'RESOLVE_INVALID', retryable: false });
    return (error as Error).message;
  }
};

describe('what a person answers', () => {
  it.each([
    [`arn:aws:iam::${accountId}:user/ada`, 'ada'],
    [`arn:aws-us-gov:iam::${accountId}:user/a/b/ada.b+c=d,e@f-g_h`, 'ada.b+c=d,e@f-g_h'],
  ])('is about one user: %s', (subject, userName) => {
    expect(check({ subject })).toEqual({ accountId, userName });
  });

  it.each([
    'ada',
    '',
    7,
    undefined,
    `arn:aws:iam::${accountId}:role/ada`,
    `arn:aws:iam::${accountId}:user/`,
    `arn:aws:iam::${accountId}:user/*`,
    `arn:aws:iam::${accountId}:user/staff/`,
    `arn:aws:iam::${accountId}:root`,
    `arn:aws:sts::${accountId}:user/ada`,
    `arn:aws:iam::${accountId}:user/ada\n`,
    `arn:aws:iam::${accountId}:user/${'a'.repeat(65)}`,
  ])('is refused about %j', (subject) => {
    expect(refusal({ subject })).toMatch(/^resolve: subject must be the ARN of one IAM user/);
  });

  it('is refused about an account that is not looked after', () => {
    expect(refusal({ subject: 'arn:aws:iam::444455556666:user/ada' })).toMatch(/444455556666/);
  });

  it.each([undefined, '', ' ', 'r'.repeat(257), 7])('is refused without a reason or a name: %j', (text) => {
    expect(refusal({ reason: text })).toMatch(/^resolve: reason must /);
    expect(refusal({ requestedBy: text })).toMatch(/^resolve: requestedBy must /);
  });

  it.each([undefined, start, new Date(Number.NaN), '2026-11-25T10:00:00Z', new Date(start.getTime() - 1)])(
    'is refused with %s for its end',
    (until) => {
      expect(refusal({ until })).toMatch(/^resolve: until must be a Date in the future/);
    },
  );

  it.each(['ignore', undefined, 'toString'])('is refused with %j for the decision', (decision) => {
    expect(refusal({ decision })).toMatch(/^resolve: decision must be 'confirm', 'act' or 'exempt'/);
  });
});

const stage = () => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ now: clock.now });
  const { userId } = iam.addUser({ name: 'ada', path: '/staff/' });
  const store = createMemoryStore();
  const settings = {
    accounts: [accountId],
    iam: () => iam,
    store,
    observe: () => {},
    now: clock.now,
    sleep: async () => {},
    random: () => 0,
  };
  const resolve = (changes: Partial<ResolveRequest> = {}) => executeResolve(settings, { ...request, ...changes });
  return { clock, iam, store, userId, resolve, user: { accountId, userId } };
};

describe('resolve', () => {
  it.each(['confirm', 'act'] as const)(
    'keeps %s under the id behind the name, and says until when',
    async (decision) => {
      const { store, userId, user, resolve } = stage();
      const answered = await resolve({ decision });
      const { subject: arn, reason, requestedBy } = request;
      const until = '2026-11-25T10:00:00.000Z';
      const at = '2026-11-24T10:00:00.000Z';
      expect(answered).toEqual({ accountId, userId, userName: 'ada', arn, decision, reason, requestedBy, at, until });
      expect(await readAnswerOf(store, user)).toEqual({ decision, at, until });
      expect(await readExemptionOf(store, user)).toBeUndefined();
    },
  );

  it('exempt is an exemption with its reason, its author and its end, and no answer', async () => {
    const { store, user, resolve } = stage();
    expect(await resolve({ decision: 'exempt' })).toMatchObject({ until: '2026-11-25T10:00:00.000Z' });
    expect(await readExemptionOf(store, user)).toMatchObject({
      reason: 'seen at the desk (a.smith)',
      expires: '2026-11-25T10:00:00.000Z',
    });
    expect(await readAnswerOf(store, user)).toBeUndefined();
  });

  it('says until when the user is exempt where that is longer than was asked for', async () => {
    const { store, user, resolve } = stage();
    const expires = '2027-11-25T10:00:00.000Z';
    const document = { schema: 1, ...user, reason: 'legacy', requestedBy: 'b', expires, writtenAt: expires } as const;
    await writeExemption(store, document);
    expect(await resolve({ decision: 'exempt' })).toMatchObject({ until: expires });
  });

  it('a confirmation counts 48 hours at most, and what is decided by it agrees to the millisecond', async () => {
    const { clock, store, user, resolve } = stage();
    const { until } = await resolve({ until: new Date('2027-11-25T10:00:00Z') });
    expect(until).toBe('2026-11-26T10:00:00.000Z');
    expect((await resolve({ decision: 'act', until: new Date('2027-11-25T10:00:00Z') })).until).toBe(
      '2027-11-25T10:00:00.000Z',
    );
    clock.advance(1);
    await resolve({ until: new Date('2027-11-25T10:00:00Z') });
    const answer = await readAnswerOf(store, user);
    const { enrolment, hold } = mfaPolicies({ accountId });
    const policy: ConsolePolicy = {
      action: 'deny-until-mfa',
      enrolmentArn: enrolment.arn,
      holdArn: hold.arn,
      activeKeyUsers: 'deny',
      enrolAfterDeny: 'hold',
      boundariesThatAllowEnrolment: [],
    };
    const facts: ConsoleFacts = {
      subject: { ...user, userName: 'ada', arn: request.subject },
      caseId: 'mfa/password',
      due: true,
      mfaDevices: [],
      password: { createdAt: '2026-06-01T08:00:00.000Z', lastUse: { kind: 'unknown' } },
      attachedPolicies: [{ name: 'hold', arn: hold.arn }],
      groupPolicies: [],
      activeKeys: [],
      policiesPerUser: 10,
      passwordPolicy: { hardExpiry: false },
      ...(answer === undefined ? {} : { answer }),
    };
    const reasonAfter = (ms: number): string =>
      decideConsoleAction(facts, policy, new Date(clock.now().getTime() + ms)).reason;
    expect(reasonAfter(hours(48) - 1)).toBe('confirmed');
    expect(reasonAfter(hours(48))).toBe('on-hold');
  });

  it('the latest answer stands', async () => {
    const { clock, store, user, resolve } = stage();
    await resolve();
    clock.advance(1000);
    await resolve({ decision: 'act' });
    expect(await readAnswerOf(store, user)).toMatchObject({ decision: 'act' });
  });

  it('an answer that another one overtook is not said to stand', async () => {
    const { store, user, resolve } = stage();
    const later = { at: '2026-11-24T10:00:05.000Z', until: '2026-11-30T00:00:00.000Z' };
    await writeAnswer(store, { schema: 1, ...user, decision: 'act', reason: 'x', requestedBy: 'b.jones', ...later });
    await expect(resolve()).rejects.toMatchObject({
      code: 'RESOLVE_SUPERSEDED',
      message: expect.stringContaining("b.jones answered 'act'"),
    });
    expect(await readAnswerOf(store, user)).toMatchObject({ decision: 'act' });
  });

  it('is for the user of the ARN alone: not for one who is gone, nor for one of another path', async () => {
    const { iam, store, resolve } = stage();
    await expect(resolve({ subject: `arn:aws:iam::${accountId}:user/ada` })).rejects.toMatchObject({
      code: 'USER_UNKNOWN',
      message: expect.stringContaining(request.subject),
    });
    iam.removeUser('ada');
    await expect(resolve()).rejects.toMatchObject({ code: 'USER_UNKNOWN', retryable: false });
    expect((await store.list(`iam/${accountId}/`)).documents).toEqual([]);
  });

  it.each([
    ['AccessDenied', false],
    ['ECONNRESET', true],
  ])('keeps nothing on a user who cannot be read: %s', async (code, retryable) => {
    const { iam, store, resolve } = stage();
    iam.failNext('GetUser', { code, times: Number.POSITIVE_INFINITY });
    await expect(resolve()).rejects.toMatchObject({ code: 'LIVE_READ_FAILED', retryable });
    expect((await store.list(`iam/${accountId}/`)).documents).toEqual([]);
  });

  it('reads nothing for a request that is refused', async () => {
    const { iam, resolve } = stage();
    await expect(resolve({ reason: '' })).rejects.toMatchObject({ code: 'RESOLVE_INVALID' });
    expect(iam.log).toEqual([]);
  });

  it('never writes over what a newer library, or nobody, can read', async () => {
    const { store, userId, resolve } = stage();
    await store.putIfAbsent(`iam/${accountId}/answer/${userId}`, { schema: 2 });
    await store.putIfAbsent(`iam/${accountId}/exemption/${userId}`, { schema: 1 });
    await expect(resolve()).rejects.toMatchObject({ code: 'ANSWER_NEWER', retryable: true });
    await expect(resolve({ decision: 'exempt' })).rejects.toMatchObject({ code: 'EXEMPTION_BROKEN' });
  });
});

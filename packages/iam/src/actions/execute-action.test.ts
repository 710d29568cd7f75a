import { createMemoryStore, toInstant } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createIamCalls } from '../aws/calls.ts';
import { writeExemption } from '../exemptions/stored-exemptions.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { ActionStep } from '../model/action.ts';
import { createFakeIam, type FakeIam } from '../testing/index.ts';
import { type ActionContext, executeAction } from './execute-action.ts';
import { listAccount, statusOf } from './journal.ts';
import { settleJournal } from './settle-journal.ts';

const accountId = '111122223333';
const start = new Date('2026-11-24T10:00:00Z');
const old = '2026-06-01T08:00:00.000Z';
const { enrolment, hold } = mfaPolicies({ accountId });

/** One user with everything that can be acted on, and another user beside. */
const stage = () => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ now: clock.now });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const user = iam.addUser({
    name: 'ada',
    password: { createdAt: old },
    keys: [{ createdAt: old }, { createdAt: old }],
    serviceSpecific: [{ createdAt: old }],
    certificates: [{ createdAt: old }],
    sshKeys: [{ createdAt: old }],
  });
  const { name, userId, arn } = user;
  const subject = { accountId, userName: name, userId, arn };
  const base = { reason: 'due', because: 'Its time is up.', subject, effect: 'new-deny' } as const;
  const credential = (kind: string, target: ActionStep['target']): ActionStep => ({
    ...base,
    id: `ada/${kind}`,
    caseId: kind,
    action: 'deactivate',
    target,
    precondition: { kind: 'credential', active: true, createdAt: old },
  });
  const attach: ActionStep = {
    ...base,
    id: 'ada/mfa/attach',
    caseId: 'mfa/password',
    action: 'attach-policy',
    target: { kind: 'managed-policy', policyArn: enrolment.arn },
    precondition: { kind: 'attachment', attached: false, passwordCreatedAt: old },
  };
  const id = (list: readonly { readonly id: string }[]): string => list[0]?.id ?? '';
  const steps = {
    key: credential('key-age/1', { kind: 'access-key', accessKeyId: id(user.keys) }),
    specific: credential('service-specific-age/1', {
      kind: 'service-specific',
      credentialId: id(user.serviceSpecific),
    }),
    certificate: credential('certificate-age/1', { kind: 'signing-certificate', certificateId: id(user.certificates) }),
    ssh: credential('ssh-key-age/1', { kind: 'ssh-key', sshKeyId: id(user.sshKeys) }),
    attach,
    detach: {
      ...attach,
      id: 'ada/mfa/detach',
      effect: 'release',
      action: 'detach-policy',
      precondition: { kind: 'attachment', attached: true },
    } satisfies ActionStep,
    deleteProfile: {
      ...attach,
      id: 'ada/mfa/delete',
      action: 'delete-login-profile',
      target: { kind: 'login-profile' },
      precondition: { kind: 'login-profile', createdAt: old },
    } satisfies ActionStep,
  };
  const store = createFaultyStore(createMemoryStore());
  const context = (runId = 'run-1', changes: Partial<ActionContext> = {}): ActionContext => ({
    calls: createIamCalls({ iam, sleep: async () => {}, attempts: 2 }),
    store,
    runId,
    now: clock.now,
    isStillDue: async () => true,
    ...changes,
  });
  const entries = async () => (await listAccount(store, accountId)).entries;
  return { clock, iam, store, steps, subject, context, entries };
};

const writesOf = (iam: FakeIam): readonly string[] =>
  iam.log.map(({ operation }) => operation).filter((operation) => !/^(Get|List)/.test(operation));

describe('carrying out an action', () => {
  it.each([
    ['key', 'UpdateAccessKey'],
    ['specific', 'UpdateServiceSpecificCredential'],
    ['certificate', 'UpdateSigningCertificate'],
    ['ssh', 'UpdateSSHPublicKey'],
    ['attach', 'AttachUserPolicy'],
    ['deleteProfile', 'DeleteLoginProfile'],
  ] as const)('%s: looks, journals, writes once and completes', async (which, write) => {
    const { iam, steps, context, entries } = stage();
    const result = await executeAction(steps[which], context());
    expect(result).toMatchObject({ status: 'applied', requestIds: [expect.any(String)] });
    expect(writesOf(iam)).toEqual([write]);
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      before: steps[which].precondition,
      completedAt: toInstant(start),
      requestIds: result.requestIds,
    });
  });

  it('I40: costs one look and one write, and nothing but the look where nothing is to be done', async () => {
    const { iam, steps, context } = stage();
    const live = { readAt: toInstant(start), loginProfile: { createdAt: old, passwordResetRequired: false } };
    await executeAction(steps.key, context());
    await executeAction(steps.attach, context('run-1', { isStillDue: async () => ({ live }) }));
    expect(iam.calls().byAction).toEqual({
      'iam:ListAccessKeys': 1,
      'iam:UpdateAccessKey': 1,
      'iam:ListAttachedUserPolicies': 1,
      'iam:AttachUserPolicy': 1,
    });
    iam.resetCalls();
    await executeAction(steps.key, context('run-2'));
    await executeAction(steps.attach, context('run-2', { isStillDue: async () => ({ live }) }));
    expect(iam.calls().byAction).toEqual({ 'iam:ListAccessKeys': 1, 'iam:ListAttachedUserPolicies': 1 });
  });

  it('I6, I7: of two keys made in the same second the one that is named is deactivated', async () => {
    const { iam, steps, context } = stage();
    await executeAction(steps.key, context());
    expect(iam.user('ada').keys.map(({ active }) => active)).toEqual([false, true]);
  });

  it('I8, I9, I40: an inactive key gets no write and no entry', async () => {
    const { iam, steps, context, entries, subject } = stage();
    iam.setKeyActive(subject.userName, iam.user('ada').keys[0]?.id ?? '', false);
    expect(await executeAction(steps.key, context())).toMatchObject({
      status: 'already-applied',
      reason: 'already-so',
    });
    expect(writesOf(iam)).toEqual([]);
    expect(await entries()).toEqual([]);
  });

  it('I29: no action deletes a key', async () => {
    const { iam, steps, context } = stage();
    for (const step of Object.values(steps)) await executeAction(step, context());
    expect(writesOf(iam).filter((operation) => /Delete/.test(operation))).toEqual(['DeleteLoginProfile']);
    expect(iam.user('ada').keys).toHaveLength(2);
  });

  it.each([
    ['key', 'ListAccessKeys'],
    ['specific', 'ListServiceSpecificCredentials'],
    ['certificate', 'ListSigningCertificates'],
    ['ssh', 'ListSSHPublicKeys'],
    ['attach', 'ListAttachedUserPolicies'],
    ['attach', 'GetLoginProfile'],
    ['detach', 'ListAttachedUserPolicies'],
    ['deleteProfile', 'GetLoginProfile'],
    ['deleteProfile', 'ListMFADevices'],
  ] as const)('I15, I24: %s is not done while %s is throttled or denied', async (which, read) => {
    for (const [code, retryable] of [
      ['Throttling', true],
      ['AccessDenied', false],
    ] as const) {
      const { iam, steps, context, entries } = stage();
      iam.failNext(read, { code, times: Number.POSITIVE_INFINITY });
      expect(await executeAction(steps[which], context())).toMatchObject({
        status: 'failed',
        reason: 'read-failed',
        retryable,
      });
      expect(writesOf(iam)).toEqual([]);
      expect(await entries()).toEqual([]);
    }
  });

  it('I16, I17: nobody is acted on when what could exempt them cannot be read', async () => {
    const { iam, store, steps, context } = stage();
    store.failNext('get', { prefix: `iam/${accountId}/exemption/` });
    expect(await executeAction(steps.key, context())).toMatchObject({ status: 'failed', reason: 'read-failed' });
    const isStillDue = () => Promise.reject(new Error('no tags'));
    expect(await executeAction(steps.key, context('run-2', { isStillDue }))).toMatchObject({ reason: 'read-failed' });
    expect(writesOf(iam)).toEqual([]);
  });

  it('I24: what was put right, exempted or changed meanwhile is left alone', async () => {
    const { iam, store, steps, context, subject } = stage();
    expect(await executeAction(steps.key, context('a', { isStillDue: async () => false }))).toMatchObject({
      status: 'skipped',
      reason: 'no-longer-due',
    });
    iam.setPassword('ada', { createdAt: '2026-11-24T09:00:00Z' });
    expect(await executeAction(steps.attach, context('b'))).toMatchObject({ status: 'skipped', reason: 'changed' });
    expect(await executeAction(steps.deleteProfile, context('c'))).toMatchObject({ reason: 'changed' });
    iam.setPassword('ada', { createdAt: old });
    iam.enableMfa('ada');
    expect(await executeAction(steps.deleteProfile, context('d'))).toMatchObject({ reason: 'no-longer-due' });
    await writeExemption(store, {
      schema: 1,
      accountId,
      userId: subject.userId,
      reason: 'restored',
      requestedBy: 'a.smith',
      expires: '2026-12-24T00:00:00.000Z',
      writtenAt: toInstant(start),
    });
    expect(await executeAction(steps.key, context('e'))).toMatchObject({ status: 'skipped', reason: 'exempt' });
    iam.removeUser('ada');
    expect(await executeAction(steps.detach, context('f'))).toMatchObject({ status: 'skipped', reason: 'user-gone' });
    expect(writesOf(iam)).toEqual([]);
  });

  it('takes the password that this run read for 10 minutes, and reads it again after that', async () => {
    for (const [minutesAgo, reads] of [
      [9, 0],
      [10, 1],
    ] as const) {
      const { iam, steps, context } = stage();
      const live = {
        readAt: toInstant(new Date(start.getTime() - minutesAgo * 60_000)),
        loginProfile: { createdAt: old, passwordResetRequired: false },
      };
      expect(await executeAction(steps.attach, context('a', { isStillDue: async () => ({ live }) }))).toMatchObject({
        status: 'applied',
      });
      expect(iam.calls().byAction['iam:GetLoginProfile'] ?? 0).toBe(reads);
    }
  });

  it('detaches only while the policy that takes its place is attached', async () => {
    const { iam, steps, context } = stage();
    iam.attach('ada', enrolment.arn);
    const swap: ActionStep = {
      ...steps.detach,
      precondition: { kind: 'attachment', attached: true, replacedBy: hold.arn },
    };
    expect(await executeAction(swap, context('a'))).toMatchObject({
      status: 'failed',
      reason: 'replacement-unseen',
      retryable: true,
    });
    iam.attach('ada', hold.arn);
    expect(await executeAction(swap, context('b'))).toMatchObject({ status: 'applied' });
    expect(iam.user('ada').attachedPolicies).toEqual([hold.arn]);
  });

  it.each(['Throttling', 'ConcurrentModification', 'EntityTemporarilyUnmodifiable'])(
    'I26: %s is a failure that a later run mends, tried once',
    async (code) => {
      const { iam, steps, context, entries } = stage();
      iam.failNext('UpdateAccessKey', { code });
      expect(await executeAction(steps.key, context())).toMatchObject({
        status: 'failed',
        reason: 'busy',
        retryable: true,
      });
      expect(writesOf(iam)).toHaveLength(1);
      expect(await entries()).toEqual([expect.objectContaining({ failure: code })]);
      expect(await executeAction(steps.key, context())).toMatchObject({ status: 'applied' });
      expect((await entries()).map(statusOf)).toEqual(['completed']);
    },
  );

  it.each([
    ['key', 'UpdateAccessKey', 'AccessDenied', 'write-failed'],
    ['attach', 'AttachUserPolicy', 'LimitExceeded', 'no-attachment-left'],
  ] as const)('I26: %s: %s refused with %s is not reported as done', async (which, write, code, reason) => {
    const { iam, steps, context, entries } = stage();
    iam.failNext(write, { code });
    expect(await executeAction(steps[which], context())).toMatchObject({ status: 'failed', reason, retryable: false });
    expect((await entries()).map(statusOf)).toEqual(['failed']);
  });

  it('tells a policy that is not there from a user who is gone', async () => {
    const { iam, steps, context } = stage();
    const missing: ActionStep = {
      ...steps.attach,
      target: { kind: 'managed-policy', policyArn: `arn:aws:iam::${accountId}:policy/remedykit/none` },
    };
    expect(await executeAction(missing, context('a'))).toMatchObject({ status: 'failed', reason: 'policy-missing' });
    iam.before(({ operation }) => {
      if (operation === 'AttachUserPolicy') iam.removeUser('ada');
    });
    expect(await executeAction(steps.attach, context('b'))).toMatchObject({ status: 'skipped', reason: 'user-gone' });
  });

  it('a key that vanishes before the write is gone, and nothing of ours', async () => {
    const { iam, steps, context, entries } = stage();
    iam.before(({ operation, input }) => {
      if (operation === 'UpdateAccessKey') iam.removeKey('ada', String(input.AccessKeyId));
    });
    expect(await executeAction(steps.key, context())).toMatchObject({
      status: 'already-applied',
      reason: 'credential-gone',
    });
    expect((await entries()).map(statusOf)).toEqual(['failed']);
  });

  it.each(['ServiceFailure', 'ECONNRESET', 'TimeoutError'])(
    'I26: an answer lost by %s is resolved by looking',
    async (code) => {
      const done = stage();
      done.iam.failNext('UpdateAccessKey', { code, after: 'effect' });
      expect(await executeAction(done.steps.key, done.context())).toMatchObject({
        status: 'applied',
        reason: 'answer-lost',
      });
      expect(writesOf(done.iam)).toHaveLength(1);
      expect((await done.entries()).map(statusOf)).toEqual(['completed']);

      const undone = stage();
      undone.iam.failNext('UpdateAccessKey', { code });
      expect(await executeAction(undone.steps.key, undone.context())).toMatchObject({
        status: 'failed',
        reason: 'unknown-effect',
        retryable: true,
      });
      expect((await undone.entries()).map(statusOf)).toEqual(['intended']);
    },
  );

  it('writes nothing that it could not journal, and says so when the completion could not be stored', async () => {
    const { iam, store, steps, context } = stage();
    store.failNext('putIfAbsent');
    expect(await executeAction(steps.key, context())).toMatchObject({ status: 'failed', reason: 'journal-failed' });
    expect(writesOf(iam)).toEqual([]);
    store.failNext('compareAndSet');
    expect(await executeAction(steps.key, context())).toMatchObject({ status: 'applied', reason: 'journal-unmarked' });
  });

  it('does not fight within its own run somebody who made the key active again', async () => {
    const { iam, steps, context } = stage();
    await executeAction(steps.key, context());
    iam.setKeyActive('ada', iam.user('ada').keys[0]?.id ?? '', true);
    expect(await executeAction(steps.key, context())).toMatchObject({ status: 'skipped', reason: 'settled' });
    expect(writesOf(iam)).toHaveLength(1);
  });
});

/** Lets the process die before or after the n-th call to IAM or the store: from then on no call gets through. */
const mortal = (
  iam: FakeIam,
  store: FaultyStore,
  dieAt: number,
  edge: 'before' | 'after',
): { readonly died: boolean } => {
  let calls = 0;
  const state = { died: false };
  const cross = (at: 'before' | 'after'): void => {
    if (state.died) throw new Error('dead');
    if (at === 'before') calls += 1;
    if (at !== edge || calls !== dieAt) return;
    state.died = true;
    throw new Error('dies');
  };
  iam.before(() => cross('before'));
  store.hooks.beforeEach = () => cross('before');
  store.hooks.afterEach = () => cross('after');
  return state;
};

describe('I25: a run that dies at any call', () => {
  const crashes = (['before', 'after'] as const).flatMap((edge) =>
    Array.from({ length: 8 }, (_, index) => ({ edge, dieAt: index + 1 })),
  );
  for (const which of ['key', 'specific', 'certificate', 'ssh', 'attach', 'deleteProfile'] as const)
    it.each(crashes)(
      `${which}: $edge call $dieAt, and the next run ends as if nothing had happened`,
      async ({ edge, dieAt }) => {
        const { clock, iam, store, steps, context, entries } = stage();
        const step = steps[which];
        const death = mortal(iam, store, dieAt, edge);
        await executeAction(step, context('run-1'));
        iam.before(undefined);
        store.hooks.beforeEach = () => {};
        store.hooks.afterEach = () => {};
        if (!death.died) expect((await entries()).map(statusOf)).toEqual(['completed']);

        clock.advance(16 * 60_000);
        const next = context('run-2');
        await settleJournal({ calls: next.calls, store, now: clock.now }, await entries());
        const again = await executeAction(step, next);
        expect(['applied', 'already-applied']).toContain(again.status);

        // Acted on once, journalled as done once, and nothing is left open: a restore finds all of it.
        expect(writesOf(iam).length).toBeLessThanOrEqual(2);
        const done = await entries();
        expect(done.filter((entry) => statusOf(entry) === 'completed')).toHaveLength(1);
        expect(done.filter((entry) => statusOf(entry) === 'intended')).toEqual([]);
        const user = iam.user('ada');
        expect({
          key: user.keys.map(({ active }) => active),
          attached: user.attachedPolicies.length,
          password: user.password !== undefined,
        }).toEqual({
          key: [which !== 'key', true],
          attached: which === 'attach' ? 1 : 0,
          password: which !== 'deleteProfile',
        });
      },
    );

  it('the crashes reach from the first call to beyond the last', async () => {
    const { iam, store, steps, context } = stage();
    const death = mortal(iam, store, 8, 'before');
    expect(await executeAction(steps.deleteProfile, context())).toMatchObject({ status: 'applied' });
    expect(death.died).toBe(false);
  });
});

describe('settling what was left open', () => {
  it('leaves an entry alone that a worker may be about to carry out, and completes it though it was given up', async () => {
    const { clock, iam, store, steps, context, entries } = stage();
    iam.failNext('UpdateAccessKey', { code: 'ECONNRESET' });
    await executeAction(steps.key, context());
    const settle = async () =>
      (await settleJournal({ calls: context().calls, store, now: clock.now }, await entries())).map(
        ({ reason }) => reason,
      );
    clock.advance(15 * 60_000 - 1);
    expect(await settle()).toEqual(['in-progress']);
    iam.failNext('ListAccessKeys', { code: 'AccessDenied' });
    expect(await settle()).toEqual(['read-failed']);
    clock.advance(1);
    expect(await settle()).toEqual(['failed']);
    expect(await settle()).toEqual([]);
  });

  it('knows what is gone', async () => {
    const { clock, iam, store, steps, context, entries } = stage();
    iam.failNext('UpdateAccessKey', { code: 'ECONNRESET' });
    await executeAction(steps.key, context());
    iam.removeUser('ada');
    const [settled] = await settleJournal({ calls: context().calls, store, now: clock.now }, await entries());
    expect(settled).toMatchObject({ reason: 'user-gone', settled: true });
  });
});

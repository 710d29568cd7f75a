import { type ControlState, createMemoryStore, toInstant } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { executeAction } from '../actions/execute-action.ts';
import { listAccount, statusOf } from '../actions/journal.ts';
import { createIamCalls } from '../aws/calls.ts';
import { exemptionOf } from '../exemptions/exemption-of.ts';
import { readExemptionDocuments, readExemptionOf, writeExemption } from '../exemptions/stored-exemptions.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { ActionStep } from '../model/action.ts';
import { createFakeIam, type FakeIam } from '../testing/index.ts';
import { restoreRun } from './restore.ts';
import type { RestoreContext } from './restore-outcome.ts';
import type { RestoreRequest } from './restore-request.ts';

const accountId = '111122223333';
const start = new Date('2026-11-24T10:00:00Z');
const old = '2026-06-01T08:00:00.000Z';
const { enrolment, hold } = mfaPolicies({ accountId });
const request: RestoreRequest = {
  reason: 'payroll stopped, CHG-4711',
  requestedBy: 'a.smith',
  exemptUntil: new Date('2026-12-24T00:00:00Z'),
};
const open: ControlState = { readable: true, pauses: [], suppressions: [] };

/** Two users: a run deactivated a key of each, and attached the enrolment policy to one. */
const stage = async () => {
  const clock = createTestClock(start);
  const iam = createFakeIam({ now: clock.now });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const store = createFaultyStore(createMemoryStore());
  const calls = createIamCalls({ iam, sleep: async () => {}, attempts: 1 });
  const stepsOf = (name: string): readonly ActionStep[] => {
    const { userId, arn, keys } = iam.addUser({ name, password: { createdAt: old }, keys: [{ createdAt: old }] });
    const base = {
      reason: 'due',
      because: 'Its time is up.',
      subject: { accountId, userName: name, userId, arn },
      effect: 'new-deny',
    } as const;
    const accessKeyId = keys[0]?.id ?? '';
    return [
      {
        ...base,
        id: `${name}/key`,
        caseId: `key-age/${accessKeyId}`,
        action: 'deactivate',
        target: { kind: 'access-key', accessKeyId },
        precondition: { kind: 'credential', active: true, createdAt: old },
      },
      {
        ...base,
        id: `${name}/mfa`,
        caseId: 'mfa/password',
        action: 'attach-policy',
        target: { kind: 'managed-policy', policyArn: enrolment.arn },
        precondition: { kind: 'attachment', attached: false },
      },
    ];
  };
  const steps = [...stepsOf('ada'), ...stepsOf('bob').slice(0, 1)];
  const act = (step: ActionStep | undefined, runId = 'run-1') =>
    executeAction(step as ActionStep, { calls, store, runId, now: clock.now, isStillDue: async () => true });
  for (const step of steps) await act(step);
  clock.advance(3_600_000);
  iam.resetCalls();
  const context: RestoreContext = { calls, store, accountId, control: async () => open, now: clock.now };
  const restore = (changes: Partial<RestoreRequest> = {}, runId = 'run-1') =>
    restoreRun(context, runId, { ...request, ...changes });
  const entries = async () => (await listAccount(store, accountId)).entries;
  return { clock, iam, store, steps, act, context, restore, entries };
};

const accessOf = (iam: FakeIam) =>
  ['ada', 'bob'].map((name) => ({
    key: iam.user(name).keys[0]?.active,
    attached: iam.user(name).attachedPolicies.length,
  }));
const free = { key: true, attached: 0 };
const writesOf = (iam: FakeIam): number => iam.log.filter(({ operation }) => !/^(Get|List)/.test(operation)).length;
const reasonsOf = ({ steps }: Awaited<ReturnType<typeof restoreRun>>): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.map(({ stepId, reason }) => [stepId, reason]));

describe('restore', () => {
  it('I29: undoes all that a run did, and says who asked for it', async () => {
    const { iam, restore, entries } = await stage();
    expect(accessOf(iam)).toEqual([
      { key: false, attached: 1 },
      { key: false, attached: 0 },
    ]);
    const outcome = await restore();
    expect(outcome).toMatchObject({ done: true, setAside: [] });
    expect(outcome.steps.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    expect(accessOf(iam)).toEqual([free, free]);
    for (const { restored } of await entries())
      expect(restored).toMatchObject({ requestedBy: 'a.smith', reason: request.reason });
  });

  it('undoes only what is asked for, by user or case', async () => {
    const one = await stage();
    expect(reasonsOf(await one.restore({ only: ['BOB'] }))).toEqual({ 'bob/key': 'restored' });
    expect(accessOf(one.iam)).toEqual([{ key: false, attached: 1 }, free]);
    expect(reasonsOf(await one.restore({ only: ['mfa/password'] }))).toEqual({ 'ada/mfa': 'restored' });
    await expect(one.restore({ only: ['bob', 'eve'] })).rejects.toMatchObject({ code: 'RESTORE_INVALID' });
  });

  it('holds against the next run: the users are exempt, by their ids, before anything is undone', async () => {
    const { iam, store, restore, steps, act } = await stage();
    const { name, userId, arn, path } = iam.user('ada');
    const exemptAt: boolean[] = [];
    iam.before(async ({ operation }) => {
      if (operation === 'UpdateAccessKey' || operation === 'DetachUserPolicy')
        exemptAt.push((await readExemptionOf(store, { accountId, userId })) !== undefined);
    });
    await restore({ only: ['ada'] });
    expect(exemptAt).toEqual([true, true]);
    const { exemptions, broken } = await readExemptionDocuments(store, accountId);
    expect(broken.size).toBe(0);
    const { exempt } = exemptionOf({ userId, userName: name, arn, path, groups: [], tags: {} }, exemptions, start);
    expect(exempt).toEqual({
      by: `user-id:${userId}`,
      expires: '2026-12-24T00:00:00.000Z',
      reason: 'payroll stopped, CHG-4711 (a.smith)',
    });
    expect(await act(steps[0], 'run-2')).toMatchObject({ status: 'skipped', reason: 'exempt' });
    expect(accessOf(iam)[0]).toEqual(free);
  });

  it('never shortens an exemption', async () => {
    const { iam, store, restore } = await stage();
    const { userId } = iam.user('ada');
    const long = {
      schema: 1,
      accountId,
      userId,
      reason: 'legacy',
      requestedBy: 'b',
      expires: '2027-12-24T00:00:00.000Z',
      writtenAt: toInstant(start),
    } as const;
    await writeExemption(store, long);
    await restore();
    expect(await readExemptionOf(store, { accountId, userId })).toMatchObject({ expires: long.expires });
  });

  it('leaves alone what somebody changed since', async () => {
    const { iam, restore } = await stage();
    iam.setKeyActive('ada', iam.user('ada').keys[0]?.id ?? '', true);
    iam.detach('ada', enrolment.arn);
    iam.removeKey('bob', iam.user('bob').keys[0]?.id ?? '');
    expect(reasonsOf(await restore())).toEqual({
      'ada/key': 'changed-since',
      'ada/mfa': 'changed-since',
      'bob/key': 'changed-since',
    });
    expect(writesOf(iam)).toBe(0);
  });

  it('leaves alone what a later run did again, and names that run', async () => {
    const { iam, restore, act, steps } = await stage();
    iam.setKeyActive('bob', iam.user('bob').keys[0]?.id ?? '', true);
    await act(steps[2], 'run-2');
    const outcome = await restore({ only: ['bob'] });
    expect(outcome.steps[0]).toMatchObject({
      reason: 'changed-since',
      because: expect.stringContaining('run-2'),
    });
    expect(reasonsOf(await restore({}, 'run-2'))).toEqual({ 'bob/key': 'restored' });
  });

  it.each(['AWSCompromisedKeyQuarantine', 'AWSCompromisedKeyQuarantineV3'])(
    'gives nothing back to a user with %s, and goes on with the others',
    async (name) => {
      const { iam, restore } = await stage();
      iam.attach('ada', `arn:aws:iam::aws:policy/${name}`);
      expect(reasonsOf(await restore())).toEqual({
        'ada/key': 'quarantined',
        'ada/mfa': 'quarantined',
        'bob/key': 'restored',
      });
    },
  );

  it("I25: a user who is gone, or whose name is another's now, hides no other", async () => {
    const { iam, restore } = await stage();
    iam.removeUser('ada');
    iam.addUser({ name: 'ada', attachedPolicies: [enrolment.arn] });
    expect(reasonsOf(await restore())).toEqual({
      'ada/key': 'user-gone',
      'ada/mfa': 'user-gone',
      'bob/key': 'restored',
    });
    expect(iam.user('ada').attachedPolicies).toEqual([enrolment.arn]);
  });

  it('says what cannot be undone', async () => {
    const { iam, restore, act, steps } = await stage();
    const base = steps[1] as ActionStep;
    await act(
      { ...base, id: 'ada/detach', action: 'detach-policy', precondition: { kind: 'attachment', attached: true } },
      'run-2',
    );
    await act(
      {
        ...base,
        id: 'ada/delete',
        action: 'delete-login-profile',
        target: { kind: 'login-profile' },
        precondition: { kind: 'login-profile', createdAt: old },
      },
      'run-2',
    );
    iam.resetCalls();
    expect(reasonsOf(await restore({}, 'run-2'))).toEqual({
      'ada/detach': 'not-restorable',
      'ada/delete': 'not-restorable',
    });
    expect(writesOf(iam)).toBe(0);
  });

  it('is idempotent: a second call writes nothing', async () => {
    const { iam, restore } = await stage();
    await restore();
    iam.resetCalls();
    const again = await restore();
    expect(again.steps.map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 3 }, () => ['already-applied', 'already-restored']),
    );
    expect(writesOf(iam)).toBe(0);
  });

  it('I15: does nothing on what could not be read, and goes on with the others', async () => {
    const { iam, restore } = await stage();
    iam.failNext('ListAttachedUserPolicies', {
      code: 'AccessDenied',
      times: Number.POSITIVE_INFINITY,
      when: ({ UserName }) => UserName === 'ada',
    });
    const outcome = await restore();
    expect(reasonsOf(outcome)).toEqual({ 'ada/key': 'read-failed', 'ada/mfa': 'read-failed', 'bob/key': 'restored' });
    expect(outcome.steps.filter(({ status }) => status === 'failed')).toHaveLength(2);
  });

  it('I26: what IAM refuses or does not answer is not reported as undone', async () => {
    const { iam, restore } = await stage();
    iam.failNext('UpdateAccessKey', { code: 'AccessDenied', when: ({ UserName }) => UserName === 'ada' });
    iam.failNext('UpdateAccessKey', { code: 'ECONNRESET', when: ({ UserName }) => UserName === 'bob' });
    iam.failNext('DetachUserPolicy', { code: 'ECONNRESET', after: 'effect' });
    expect(reasonsOf(await restore())).toEqual({
      'ada/key': 'write-failed',
      'ada/mfa': 'restored',
      'bob/key': 'unknown-effect',
    });
    expect(reasonsOf(await restore())).toMatchObject({ 'ada/key': 'restored', 'bob/key': 'restored' });
  });

  it('a pause of all writes stops it, a pause of new denies does not', async () => {
    const { iam, context } = await stage();
    const pause = { reason: 'change', requestedBy: 'c', from: toInstant(start), until: '2026-11-25T00:00:00.000Z' };
    const paused = (scope: 'all-writes' | 'new-denies'): ControlState => ({
      ...open,
      pauses: [{ ...pause, scope }],
    });
    const refused = await restoreRun({ ...context, control: async () => paused('all-writes') }, 'run-1', request);
    expect(refused.steps.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(3).fill('refused paused'));
    expect(iam.log).toEqual([]);
    await restoreRun({ ...context, control: async () => paused('new-denies') }, 'run-1', request);
    expect(accessOf(iam)).toEqual([free, free]);
  });

  it('ends before time does, and says what is left', async () => {
    const { context } = await stage();
    let left = 25_000;
    const remainingTimeMs = () => {
      left -= 10_000;
      return left;
    };
    const outcome = await restoreRun({ ...context, remainingTimeMs }, 'run-1', request);
    expect(outcome.done).toBe(false);
    expect(outcome.steps.map(({ reason }) => reason)).toEqual(['restored', 'out-of-time', 'out-of-time']);
  });

  it.each([
    { reason: ' ' },
    { requestedBy: '' },
    { exemptUntil: new Date(start) },
    { exemptUntil: new Date('never') },
    { only: [] },
  ])('refuses %o', async (changes) => {
    const { restore, iam } = await stage();
    await expect(restore(changes)).rejects.toMatchObject({ code: 'RESTORE_INVALID' });
    expect(iam.log).toEqual([]);
  });

  it('refuses a run that did nothing here, and what is no id of a run', async () => {
    const { restore } = await stage();
    await expect(restore({}, 'run-9')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(restore({}, '../x')).rejects.toMatchObject({ code: 'RUN_ID_INVALID' });
  });

  it('reports a broken entry of the run, and undoes the others', async () => {
    const { store, restore } = await stage();
    await store.putIfAbsent(`iam/${accountId}/journal/run-1/broken`, { schema: 1 });
    const outcome = await restore();
    expect(outcome.setAside).toEqual([expect.objectContaining({ key: expect.stringContaining('broken') })]);
    expect(outcome.steps).toHaveLength(3);
  });
});

describe('exemptions that people asked for', () => {
  it('a document that cannot be read names its user, so that nothing is done about them', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent(`iam/${accountId}/exemption/AIDAADA`, { schema: 1, userId: 'AIDAADA' });
    const { exemptions, broken } = await readExemptionDocuments(store, accountId);
    expect(exemptions).toEqual([]);
    expect([...broken.keys()]).toEqual(['AIDAADA']);
    await expect(readExemptionOf(store, { accountId, userId: 'AIDAADA' })).rejects.toMatchObject({
      code: 'EXEMPTION_BROKEN',
    });
  });

  it('one that a newer library wrote stops everything, loudly', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent(`iam/${accountId}/exemption/AIDAADA`, { schema: 2 });
    await expect(readExemptionDocuments(store, accountId)).rejects.toMatchObject({ code: 'EXEMPTION_NEWER' });
  });
});

const mortal = (iam: FakeIam, store: FaultyStore, dieAt: number, edge: 'before' | 'after'): { died: boolean } => {
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

describe('a restore that dies at any call', () => {
  const crashes = (['before', 'after'] as const).flatMap((edge) =>
    Array.from({ length: 36 }, (_, index) => ({ edge, dieAt: index + 1 })),
  );
  it.each(crashes)(
    '$edge call $dieAt: the same request again ends it, and nothing is lost or done twice',
    async ({ edge, dieAt }) => {
      const { iam, store, restore, entries, steps, act } = await stage();
      mortal(iam, store, dieAt, edge);
      await restore().catch(() => undefined);
      iam.before(undefined);
      store.hooks.beforeEach = () => {};
      store.hooks.afterEach = () => {};
      // A run in between acts on nobody again: what was undone is exempt by then, and the rest is as the run left it.
      for (const step of steps) expect((await act(step, 'run-2')).status).not.toBe('applied');
      const outcome = await restore();
      expect(outcome.steps.filter(({ status }) => status !== 'applied' && status !== 'already-applied')).toEqual([]);
      expect(accessOf(iam)).toEqual([free, free]);
      expect((await entries()).map(statusOf)).toEqual(['restored', 'restored', 'restored']);
      expect((await readExemptionDocuments(store, accountId)).exemptions).toHaveLength(2);
      // Each write once; one more where it died with the request on its way.
      expect(writesOf(iam)).toBeLessThanOrEqual(4);
    },
  );

  it('the crashes reach beyond the last call', async () => {
    const { iam, store, restore } = await stage();
    const death = mortal(iam, store, 36, 'before');
    await restore();
    expect(death.died).toBe(false);
  });
});

import { assertComplete, createMemoryStore, type Mode, pause, replay } from '@remedykit/core';
import { createFaultyStore, createRecordingSink, createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { executeAction } from '../actions/execute-action.ts';
import { listAccount, statusOf } from '../actions/journal.ts';
import { createIamCalls } from '../aws/calls.ts';
import { readExemptionOf } from '../exemptions/stored-exemptions.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { ActionStep } from '../model/action.ts';
import type { CredentialRestore } from '../restore/credential-restore.ts';
import { decideRestore } from '../restore/decide-restore.ts';
import type { RestoreRequest } from '../restore/restore-request.ts';
import { createFakeMailer } from '../testing/fake-mailer.ts';
import { createFakeIam } from '../testing/index.ts';
import type { CredentialEnforcerOptions } from './options.ts';
import { restoreAccounts } from './restore-accounts.ts';
import { readSettings } from './settings.ts';

const [first, second, third] = ['111122223333', '444455556666', '777788889999'] as const;
const start = new Date('2026-11-24T10:00:00Z');
const old = '2026-06-01T08:00:00.000Z';
const request: RestoreRequest = {
  reason: 'payroll stopped, CHG-4711',
  requestedBy: 'a.smith',
  exemptUntil: new Date('2026-12-24T00:00:00Z'),
};

/** Three accounts: a run denied ada of the first her console and a key, and bob of the second a key; nobody of the third. */
const stage = async (changes: Partial<CredentialEnforcerOptions> = {}) => {
  const clock = createTestClock(start);
  const store = createFaultyStore(createMemoryStore());
  const audit = createRecordingSink();
  const iamOf = (accountId: string) => {
    const iam = createFakeIam({ accountId, now: clock.now });
    const { enrolment, hold } = mfaPolicies({ accountId });
    for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
    return iam;
  };
  const iams = { [first]: iamOf(first), [second]: iamOf(second), [third]: iamOf(third) };
  const stepsOf = (accountId: typeof first | typeof second, name: string): readonly ActionStep[] => {
    const { userId, arn, keys } = iams[accountId].addUser({
      name,
      password: { createdAt: old },
      keys: [{ createdAt: old }],
    });
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
        target: { kind: 'managed-policy', policyArn: mfaPolicies({ accountId }).enrolment.arn },
        precondition: { kind: 'attachment', attached: false },
      },
    ];
  };
  const steps = [...stepsOf(first, 'ada'), ...stepsOf(second, 'bob').slice(0, 1)];
  const act = (step: ActionStep, runId = 'run-1') => {
    const iam = iams[step.subject.accountId as typeof first];
    const calls = createIamCalls({ iam, attempts: 1 });
    return executeAction(step, { calls, store, runId, now: clock.now, isStillDue: async () => true });
  };
  for (const step of steps) await act(step);
  clock.advance(3_600_000);
  for (const iam of Object.values(iams)) iam.resetCalls();
  const settingsOf = (more: Partial<CredentialEnforcerOptions> = {}) =>
    readSettings({
      mode: 'enforce',
      accounts: [first, second, third],
      iam: ({ accountId }) => iams[accountId as typeof first],
      store,
      mailer: createFakeMailer({ now: clock.now }),
      allowedRecipientDomains: ['example.com'],
      fallbackRecipient: 'security@example.com',
      rolloutDate: start,
      minimumWarningDays: 10,
      undeliverable: 'report',
      limits: { maxUsersPerDay: 0, maxPercentPerDay: 0 },
      breakGlass: [],
      ownPrincipals: [],
      accessKeys: { warnAtDays: [80], deactivateAtDays: 90 },
      audit: audit.sink,
      now: clock.now,
      sleep: async (ms) => clock.advance(ms),
      random: () => 0,
      ...changes,
      ...more,
    });
  const restore = (
    asked: Partial<RestoreRequest> = {},
    more: Partial<CredentialEnforcerOptions> = {},
    remainingTimeMs?: () => number,
  ) =>
    restoreAccounts(
      settingsOf(more),
      'run-1',
      { ...request, ...asked },
      remainingTimeMs === undefined ? {} : { remainingTimeMs },
    );
  const access = () => ({
    ada: iams[first].user('ada').keys[0]?.active,
    adaDenied: iams[first].user('ada').attachedPolicies.length > 0,
    bob: iams[second].user('bob').keys[0]?.active,
  });
  const writes = (): number =>
    Object.values(iams)
      .flatMap(({ log }) => log)
      .filter(({ operation }) => !/^(Get|List)/.test(operation)).length;
  const stored = async () => (await store.list('iam/', { limit: 1000 })).documents;
  return { clock, store, audit, iams, steps, act, restore, settingsOf, access, writes, stored };
};

const stepOf = (steps: readonly ActionStep[], id: string): ActionStep => {
  const found = steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`There is no step ${id}.`);
  return found;
};
const denied = { ada: false, adaDenied: true, bob: false };
const free = { ada: true, adaDenied: false, bob: true };
const reasonsOf = ({ steps }: CredentialRestore): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.map(({ stepId, reason }) => [stepId, reason]));
const all = (reason: string) => ({ 'ada/key': reason, 'ada/mfa': reason, 'bob/key': reason });

describe('a restore over all accounts', () => {
  it('I29: undoes what a run did in two accounts, exempts both users, and says who asked for it', async () => {
    const { iams, store, restore, access } = await stage();
    expect(access()).toEqual(denied);
    const outcome = await restore();
    expect(outcome).toMatchObject({
      runId: 'run-1',
      at: '2026-11-24T11:00:00.000Z',
      reason: request.reason,
      requestedBy: 'a.smith',
      exemptUntil: '2026-12-24T00:00:00.000Z',
      done: true,
    });
    expect(outcome.accounts.map(({ accountId, preview, steps }) => [accountId, preview, steps.length])).toEqual([
      [first, false, 2],
      [second, false, 1],
    ]);
    expect(outcome.steps.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    expect(access()).toEqual(free);
    for (const [accountId, name] of [
      [first, 'ada'],
      [second, 'bob'],
    ] as const) {
      const { userId } = iams[accountId].user(name);
      expect(await readExemptionOf(store, { accountId, userId })).toMatchObject({
        expires: '2026-12-24T00:00:00.000Z',
        reason: 'payroll stopped, CHG-4711 (a.smith)',
      });
    }
    assertComplete(outcome);
  });

  it('holds against the next run: the users are exempt right before anything would be done', async () => {
    const { restore, steps, act, access } = await stage();
    await restore();
    for (const step of steps) expect(await act(step, 'run-2')).toMatchObject({ status: 'skipped', reason: 'exempt' });
    expect(access()).toEqual(free);
  });

  it('a second call does nothing, and says so', async () => {
    const { restore, writes, stored } = await stage();
    await restore();
    const [before, after] = [writes(), await stored()];
    const again = await restore();
    expect(reasonsOf(again)).toEqual(all('already-restored'));
    expect(again.steps.every(({ status }) => status === 'already-applied')).toBe(true);
    expect(writes()).toBe(before);
    expect(await stored()).toEqual(after);
  });

  it('gives its reason for each thing that it leaves, account by account', async () => {
    const { iams, restore, act, steps, access } = await stage();
    await act({
      ...stepOf(steps, 'ada/mfa'),
      id: 'ada/password',
      action: 'delete-login-profile',
      target: { kind: 'login-profile' },
      precondition: { kind: 'login-profile', createdAt: old },
    });
    iams[first].setKeyActive('ada', iams[first].user('ada').keys[0]?.id ?? '', true);
    iams[second].attach('bob', 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3');
    expect(reasonsOf(await restore())).toEqual({
      'ada/password': 'not-restorable',
      'ada/mfa': 'restored',
      'ada/key': 'changed-since',
      'bob/key': 'quarantined',
    });
    expect(access()).toEqual({ ada: true, adaDenied: false, bob: false });
  });

  it('I25: a user who is gone, or whose name is given anew, hides no other', async () => {
    const { iams, restore } = await stage();
    iams[first].removeUser('ada');
    iams[second].removeUser('bob');
    iams[second].addUser({ name: 'bob', keys: [{ createdAt: old, active: false }] });
    expect(reasonsOf(await restore())).toEqual(all('user-gone'));
    expect(iams[second].user('bob').keys[0]?.active).toBe(false);
  });

  it('undoes only what is asked for, wherever it is', async () => {
    const { restore, access } = await stage();
    const one = await restore({ only: ['bob'] });
    expect(one.accounts.map(({ accountId }) => accountId)).toEqual([second]);
    expect(access()).toEqual({ ...denied, bob: true });
    await restore({ only: ['bob', 'mfa/password'] });
    expect(access()).toEqual({ ...free, ada: false });
  });

  it.each<Partial<RestoreRequest>>([
    { only: ['bob', 'eve'] },
    { only: [] },
    { reason: '' },
    { requestedBy: ' ' },
    { exemptUntil: start },
  ])('refuses %o before anything is undone', async (asked) => {
    const { restore, access } = await stage();
    await expect(restore(asked)).rejects.toMatchObject({ code: 'RESTORE_INVALID' });
    expect(access()).toEqual(denied);
  });

  it('refuses a run that no account knows, and what is no id of a run', async () => {
    const { settingsOf } = await stage();
    await expect(restoreAccounts(settingsOf(), 'run-9', request)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(restoreAccounts(settingsOf(), '../x', request)).rejects.toMatchObject({ code: 'RUN_ID_INVALID' });
    await expect(restoreAccounts(settingsOf({ accounts: [] }), 'run-1', request)).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
    });
  });

  it('refuses a remaining time that is none', async () => {
    const { restore } = await stage();
    await expect(restore({}, {}, () => Number.NaN)).rejects.toMatchObject({ code: 'REMAINING_TIME_INVALID' });
  });
});

describe('a restore in a dry-run', () => {
  it('says what would be undone, and writes nothing', async () => {
    const { restore, access, writes, stored } = await stage({ mode: 'dry-run' });
    const before = await stored();
    const outcome = await restore();
    expect(reasonsOf(outcome)).toEqual(all('dry-run'));
    expect(outcome.steps.every(({ status }) => status === 'skipped')).toBe(true);
    expect(outcome.accounts.map(({ preview }) => preview)).toEqual([true, true]);
    expect(access()).toEqual(denied);
    expect(writes()).toBe(0);
    expect(await stored()).toEqual(before);
    assertComplete(outcome);
  });

  it('finds the same reasons why something is left', async () => {
    const { iams, restore } = await stage();
    iams[first].attach('ada', 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine');
    expect(reasonsOf(await restore({}, { mode: 'dry-run' }))).toEqual({
      'ada/key': 'quarantined',
      'ada/mfa': 'quarantined',
      'bob/key': 'dry-run',
    });
  });

  it('leaves open what a dead worker left open, and neither a mark nor the settling is written', async () => {
    const { iams, store, steps, restore, stored } = await stage();
    store.failNext('compareAndSet', { times: 1 });
    iams[second].addKey('bob', { createdAt: old });
    const accessKeyId = iams[second].user('bob').keys[1]?.id ?? '';
    const executed = await executeAction(
      { ...stepOf(steps, 'bob/key'), id: 'bob/key2', target: { kind: 'access-key', accessKeyId } },
      {
        calls: createIamCalls({ iam: iams[second], attempts: 1 }),
        store,
        runId: 'run-1',
        now: () => new Date('2026-11-24T10:00:00Z'),
        isStillDue: async () => true,
      },
    );
    expect(executed).toMatchObject({ status: 'applied', reason: 'journal-unmarked' });
    const before = await stored();
    expect(reasonsOf(await restore({}, { mode: 'dry-run' }))).toMatchObject({ 'bob/key2': 'dry-run' });
    expect(await stored()).toEqual(before);
    expect(reasonsOf(await restore())).toMatchObject({ 'bob/key2': 'restored' });
  });

  it('holds account by account', async () => {
    const mode = ({ accountId }: { readonly accountId: string }): Mode => (accountId === first ? 'dry-run' : 'enforce');
    const { restore, access } = await stage({ mode });
    const outcome = await restore();
    expect(outcome.accounts.map(({ preview }) => preview)).toEqual([true, false]);
    expect(access()).toEqual({ ...denied, bob: true });
  });

  it('a mode that nobody knows fails its account alone, and nothing is undone there', async () => {
    const mode = ({ accountId }: { readonly accountId: string }): Mode => {
      if (accountId === first) throw new Error('no table');
      return 'enforce';
    };
    const { restore, access } = await stage({ mode });
    const outcome = await restore();
    expect(reasonsOf(outcome)).toEqual({ [`${first}/restore`]: 'MODE_INVALID', 'bob/key': 'restored' });
    expect(access()).toEqual({ ...denied, bob: true });
  });
});

describe('a restore of which something fails', () => {
  it('I25: an account whose journal cannot be read is a failed step that a retry mends, and hides no other', async () => {
    const { store, restore, access } = await stage();
    store.failNext('list', { prefix: `iam/${first}/` });
    const outcome = await restore();
    expect(outcome.accounts.map(({ accountId, error }) => [accountId, error?.code])).toEqual([
      [first, 'STATE_UNAVAILABLE'],
      [second, undefined],
    ]);
    expect(access()).toEqual({ ...denied, bob: true });
    expect(() => assertComplete(outcome)).toThrow(/STATE_UNAVAILABLE/);
    expect(reasonsOf(await restore())).toEqual({
      'ada/key': 'restored',
      'ada/mfa': 'restored',
      'bob/key': 'already-restored',
    });
  });

  it('does not say that no account knows the run, or a name, while one cannot be read', async () => {
    const { store, restore, settingsOf } = await stage();
    store.failNext('list', { prefix: `iam/${third}/`, times: 2 });
    const unknown = await restoreAccounts(settingsOf(), 'run-9', request);
    expect(reasonsOf(unknown)).toEqual({ [`${third}/restore`]: 'STATE_UNAVAILABLE' });
    expect(reasonsOf(await restore({ only: ['bob', 'eve'] }))).toEqual({
      'bob/key': 'restored',
      [`${third}/restore`]: 'STATE_UNAVAILABLE',
    });
  });

  it('a client that cannot be made fails its account alone', async () => {
    const { iams, restore, access } = await stage();
    const outcome = await restore(
      {},
      {
        iam: ({ accountId }) => {
          if (accountId === first) throw new Error('AssumeRole refused');
          return iams[second];
        },
      },
    );
    expect(outcome.accounts[0]).toMatchObject({ accountId: first, done: false, error: expect.anything() });
    expect(outcome.steps[0]).toMatchObject({ status: 'failed', retryable: true });
    expect(access()).toEqual({ ...denied, bob: true });
  });

  it('a broken entry is a failed step, whatever else is asked for, and the others are undone', async () => {
    const { store, restore, access } = await stage();
    const key = `iam/${second}/journal/run-1/broken`;
    await store.putIfAbsent(key, { schema: 1 });
    const outcome = await restore({ only: ['ada'] });
    expect(outcome.steps).toContainEqual(
      expect.objectContaining({ stepId: key, status: 'failed', retryable: false, reason: 'JOURNAL_INVALID' }),
    );
    expect(outcome.accounts[1]).toMatchObject({ accountId: second, steps: [], setAside: [{ key }] });
    expect(access()).toEqual({ ...free, bob: false });
    expect(reasonsOf(await restore())).toMatchObject({ 'bob/key': 'restored', [key]: 'JOURNAL_INVALID' });
  });

  it('a pause that a person asks for meanwhile is noticed', async () => {
    const { iams, store, clock, restore, access } = await stage();
    const asked = { reason: 'change', requestedBy: 'c', scope: 'all-writes', until: 3_600_000 } as const;
    iams[first].before(async ({ operation }) => {
      if (operation !== 'DetachUserPolicy') return;
      await pause(store, { ...asked, accountId: first }, { now: clock.now });
      clock.advance(15_000);
    });
    expect(reasonsOf(await restore())).toEqual({ 'ada/mfa': 'restored', 'ada/key': 'paused', 'bob/key': 'restored' });
    expect(access()).toEqual({ ...free, ada: false });
  });

  it('nothing is undone while nobody knows whether writes are paused, and a retry is asked for', async () => {
    const { store, restore, access } = await stage();
    store.failNext('get', { prefix: 'control/', times: 100 });
    const outcome = await restore();
    expect(reasonsOf(outcome)).toEqual(all('control-unreadable'));
    expect(() => assertComplete(outcome)).toThrow(/control-unreadable/);
    expect(access()).toEqual(denied);
  });

  it('ends before time does, over all accounts, and the same call goes on', async () => {
    const { iams, restore, access } = await stage();
    let left = 60_000;
    iams[first].before(({ operation }) => {
      if (operation === 'DetachUserPolicy') left = 9_999;
    });
    const cut = await restore({}, {}, () => left);
    expect(reasonsOf(cut)).toEqual({
      'ada/mfa': 'restored',
      'ada/key': 'out-of-time',
      [`${second}/restore`]: 'OUT_OF_TIME',
    });
    expect(cut.done).toBe(false);
    expect(() => assertComplete(cut)).toThrow(/time ran out/);
    iams[first].before(undefined);
    left = 60_000;
    assertComplete(await restore({}, {}, () => left));
    expect(access()).toEqual(free);
  });

  it('says of each account that time left nothing for', async () => {
    const { restore, access } = await stage();
    const outcome = await restore({}, {}, () => 14_999);
    expect(outcome.accounts.map(({ error }) => error?.code)).toEqual(['OUT_OF_TIME', 'OUT_OF_TIME', 'OUT_OF_TIME']);
    expect(outcome.done).toBe(false);
    expect(access()).toEqual(denied);
  });
});

describe('the audit trail of a restore', () => {
  it('holds each decision with the facts it was taken on, and replays to the same', async () => {
    const { audit, iams, restore } = await stage();
    iams[first].setKeyActive('ada', iams[first].user('ada').keys[0]?.id ?? '', true);
    const outcome = await restore();
    expect(audit.records).toHaveLength(3);
    for (const record of audit.records) {
      expect(record).toMatchObject({ decider: 'credentials/restore', policy: null, correlation: { runId: 'run-1' } });
      expect(replay(record, { 'credentials/restore': decideRestore })).toMatchObject({ same: true });
    }
    const outcomes = audit.records.flatMap((record) => ('outcomes' in record ? record.outcomes : []));
    expect(outcomes).toEqual(outcome.steps);
  });

  it('keeps of the journal what is about the user alone', async () => {
    const { audit, act, steps, restore } = await stage();
    for (const step of steps) await act({ ...step, id: `${step.id}/again` }, 'run-2');
    await restore({ only: ['bob'] });
    expect(audit.records).toHaveLength(1);
    expect(JSON.stringify(audit.records)).not.toContain('"userName":"ada"');
  });

  it('a sink that fails ends the restore, and the same call goes on', async () => {
    const { restore, access } = await stage();
    const audit = async () => {
      throw new Error('no bucket');
    };
    await expect(restore({}, { audit })).rejects.toMatchObject({ code: 'AUDIT_FAILED', retryable: true });
    await restore();
    expect(access()).toEqual(free);
  });
});

describe('a restore over two accounts that dies at any call', () => {
  const most = 44;
  const dyingAt = async (edge: 'before' | 'after', dieAt: number) => {
    const world = await stage();
    let calls = 0;
    let died = false;
    const cross = (at: 'before' | 'after'): void => {
      if (died) throw new Error('dead');
      if (at === 'before') calls += 1;
      if (at !== edge || calls !== dieAt) return;
      died = true;
      throw new Error('dies');
    };
    for (const iam of Object.values(world.iams)) iam.before(() => cross('before'));
    world.store.hooks.beforeEach = () => cross('before');
    world.store.hooks.afterEach = () => cross('after');
    await world.restore().catch(() => undefined);
    for (const iam of Object.values(world.iams)) iam.before(undefined);
    world.store.hooks.beforeEach = () => {};
    world.store.hooks.afterEach = () => {};
    return { ...world, died };
  };
  const deaths = (['before', 'after'] as const).flatMap((edge) =>
    Array.from({ length: most }, (_, index) => ({ edge, dieAt: index + 1 })),
  );

  it.each(deaths)('$edge call $dieAt: the same call ends it', async ({ edge, dieAt }) => {
    const { restore, access, store, writes } = await dyingAt(edge, dieAt);
    const outcome = await restore();
    expect(outcome.steps.filter(({ status }) => status !== 'applied' && status !== 'already-applied')).toEqual([]);
    assertComplete(outcome);
    expect(access()).toEqual(free);
    for (const accountId of [first, second])
      for (const entry of (await listAccount(store, accountId)).entries) expect(statusOf(entry)).toBe('restored');
    expect(writes()).toBeLessThanOrEqual(4);
  });

  it('the deaths reach beyond the last call', async () => {
    expect((await dyingAt('before', most)).died).toBe(false);
  });
});

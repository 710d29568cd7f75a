import { assertComplete, hours, pause } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { credentialDeciders } from '../deciders.ts';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { createTestWorld, daysBefore, lineOf } from '../testing/test-enforcer.ts';

const owner = (name: string) => ({ owner: `${name}@example.com` });

describe('a key that ages', () => {
  it('I32: its owner is mailed at 80, 85, 89 and 90 days, once each, however often the enforcer runs', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(75) }], tags: owner('alice') });
    const mailedOn: Record<number, number> = {};
    for (let day = 0; day <= 20; day += 1) {
      for (const hour of [0, 4]) {
        goToDay(day + hour / 24);
        const before = mailer.mails.length;
        assertComplete(await enforcer.run());
        if (mailer.mails.length > before) mailedOn[75 + day] = (mailedOn[75 + day] ?? 0) + mailer.mails.length - before;
      }
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
    }
    expect(mailedOn).toEqual({ 80: 1, 85: 1, 89: 1, 90: 1 });
    expect(mailer.mails.map(lineOf)).toMatchInlineSnapshot(`
      [
        "alice@example.com: Access key AKIA…EACA of alice will be deactivated on Friday, 16 January 2026",
        "alice@example.com: Reminder: access key AKIA…EACA of alice will be deactivated on Friday, 16 January 2026",
        "alice@example.com: Tomorrow: access key AKIA…EACA of alice will be deactivated on Friday, 16 January 2026",
        "alice@example.com: Today: access key AKIA…EACA of alice will be deactivated (deadline Friday, 16 January 2026)",
      ]
    `);
  });
});

describe('who is mailed', () => {
  it('I11, I12, I14: console users without MFA are, signed in or not; machine users, compliant users and root are not', async () => {
    const { iam, mailer, enforcer } = createTestWorld();
    const password = { createdAt: daysBefore(100) };
    iam.addUser({ name: 'never-signed-in', password, tags: owner('never-signed-in') });
    iam.addUser({ name: 'signed-in', password: { ...password, lastUsed: daysBefore(1) }, tags: owner('signed-in') });
    iam.addUser({ name: 'with-mfa', password: { ...password, mfa: 'fido' }, tags: owner('with-mfa') });
    iam.addUser({ name: 'machine', keys: [{ createdAt: daysBefore(10) }], tags: owner('machine') });
    const run = await enforcer.run();
    expect(mailer.mails.map(({ to }) => to).sort()).toEqual(['never-signed-in@example.com', 'signed-in@example.com']);
    expect(run.accounts[0]?.open.map(({ userName, state }) => `${userName} ${state}`).sort()).toEqual([
      'never-signed-in warned',
      'signed-in warned',
    ]);
  });

  it('I6, I7, I9: the old key of two, by its id; an inactive key never', async () => {
    const { iam, mailer, enforcer } = createTestWorld();
    iam.addUser({
      name: 'alice',
      keys: [{ createdAt: daysBefore(20) }, { createdAt: daysBefore(120) }],
      tags: owner('alice'),
    });
    iam.addUser({ name: 'bob', keys: [{ createdAt: daysBefore(120), active: false }], tags: owner('bob') });
    const run = await enforcer.run();
    const [young, old] = iam.user('alice').keys;
    expect(old?.createdAt).toBe(daysBefore(120).toISOString());
    expect(run.accounts[0]?.open.map(({ credentialId }) => credentialId)).toEqual([old?.id]);
    expect(mailer.mails).toHaveLength(1);
    expect(young?.id).not.toBe(old?.id);
  });

  it('nobody who has put it right since the report was made', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld({
      mfa: { action: 'report', graceDays: 14, remindDaysBefore: [10] },
    });
    iam.addUser({ name: 'alice', password: { createdAt: daysBefore(100) }, tags: owner('alice') });
    iam.addUser({ name: 'bob', keys: [{ createdAt: daysBefore(76) }], tags: owner('bob') });
    await enforcer.run();
    // A report is made, and kept by IAM for four hours.
    goToDay(3.5);
    await enforcer.run();
    iam.enableMfa('alice', 'virtual');
    iam.setKeyActive('bob', iam.user('bob').keys[0]?.id ?? '', false);
    goToDay(3.62);
    const run = await enforcer.run();
    expect(mailer.mails).toEqual([]);
    expect(run.accounts[0]?.open).toEqual([]);
  });

  it('nobody who is exempt, and who it is and until when is reported', async () => {
    const expires = new Date('2026-03-31T00:00:00Z');
    const { iam, mailer, enforcer } = createTestWorld({
      exemptions: [{ path: '/mainframe/', reason: 'legacy bridge', expires }],
      exemptByTag: { key: 'remedykit:exempt', acknowledge: 'whoever-may-tag-users-may-exempt-them' },
    });
    const keys = [{ createdAt: daysBefore(100) }];
    iam.addUser({ name: 'bridge', path: '/mainframe/cics/', keys });
    iam.addUser({ name: 'tagged', keys, tags: { 'remedykit:exempt': '2026-02-01 migration' } });
    iam.addUser({ name: 'badly-tagged', keys, tags: { 'remedykit:exempt': 'yes' } });
    const run = await enforcer.run();
    const [account] = run.accounts;
    expect(account?.exempt.map(({ userName, by, expires: until }) => `${userName} ${by} ${until}`)).toEqual([
      'bridge path:/mainframe/ 2026-03-31T00:00:00.000Z',
      'tagged tag:remedykit:exempt 2026-02-01T00:00:00.000Z',
    ]);
    expect(mailer.mails.map(({ to }) => to)).toEqual(['security@example.com']);
    expect(account?.skipped).toEqual([expect.objectContaining({ reason: 'exemption-void', subject: 'badly-tagged' })]);
  });
});

describe('an exemption', () => {
  it('is told when it is new, before it ends and once it is over, as a notice and no fault', async () => {
    const { iam, enforcer, goToDay } = createTestWorld({
      exemptions: [{ user: 'alice', reason: 'migration', expires: new Date('2026-02-01T00:00:00Z') }],
    });
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
    const toldOn: number[] = [];
    for (let day = 0; day < 60; day += 1) {
      goToDay(day);
      const [account] = (await enforcer.run()).accounts;
      expect(account?.faults).toEqual([]);
      if ([...(account?.exempt ?? []), ...(account?.ended ?? [])].some(({ announce }) => announce)) toldOn.push(day);
      // Nobody is called exempt who is not.
      expect(account?.exempt).toHaveLength(day < 31 ? 1 : 0);
    }
    // The first of January, fourteen days before the first of February, and that day.
    expect(toldOn).toEqual([0, 17, 31]);
  });
});

describe('what fails', () => {
  it('I16: exemptions that cannot be read: nobody is mailed, and the run asks for a retry', async () => {
    const { iam, mailer, enforcer } = createTestWorld({
      exemptions: () => Promise.reject(Object.assign(new Error('directory down'), { $retryable: {} })),
    });
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }] });
    const run = await enforcer.run();
    expect(mailer.mails).toEqual([]);
    expect(() => assertComplete(run)).toThrow(expect.objectContaining({ code: 'INCOMPLETE' }));
  });

  it('I19: an account whose report cannot be had is an error, never clean, and costs no other account anything', async () => {
    const broken = createTestWorld();
    const sound = createTestWorld({}, { accountId: '444455556666' });
    broken.iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }] });
    sound.iam.addUser({ name: 'bob', keys: [{ createdAt: daysBefore(100) }] });
    broken.iam.failNext('GetAccountSummary', { code: 'AccessDenied' });
    const enforcer = sound.createEnforcer({
      accounts: ['111122223333', '444455556666'],
      iam: ({ accountId }) => (accountId === '111122223333' ? broken.iam : sound.iam),
    });
    const run = await enforcer.run();
    const accounts = new Map(run.accounts.map((account) => [account.accountId, account]));
    expect(accounts.get('111122223333')).toMatchObject({
      error: { code: 'AccessDenied' },
      faults: [{ announce: true }],
    });
    expect(accounts.get('444455556666')).toMatchObject({ done: true });
    expect(sound.mailer.mails).toHaveLength(1);
    expect(run.steps).toContainEqual(expect.objectContaining({ stepId: '111122223333/look', status: 'failed' }));
  });

  it('I17, I20: a user who cannot be read is skipped and said, and the others are mailed', async () => {
    const { iam, mailer, enforcer } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
    iam.addUser({ name: 'bob', keys: [{ createdAt: daysBefore(100) }], tags: owner('bob') });
    iam.failNext('ListAccessKeys', { code: 'AccessDenied' });
    const run = await enforcer.run();
    expect(mailer.mails).toHaveLength(1);
    expect(run.accounts[0]?.skipped).toEqual([expect.objectContaining({ reason: 'read-failed' })]);
  });

  it('I33: an address that refuses: the next of the chain is asked at once, and the refusal does not count', async () => {
    const { iam, mailer, enforcer } = createTestWorld({ contacts: { alice: 'lead@example.com' } });
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
    mailer.refuse('alice@example.com');
    const run = await enforcer.run();
    expect(mailer.mails.map(({ to }) => to)).toEqual(['lead@example.com']);
    expect(run.accounts[0]?.mails).toEqual([
      { stage: 10, status: 'rejected', count: 1 },
      { stage: 10, status: 'sent', count: 1 },
    ]);
  });

  it('a mail that bounces does not count: the next address is warned, and the deadline waits for it', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(80) }], tags: owner('alice') });
    await enforcer.run();
    goToDay(1);
    const [first] = mailer.mails;
    if (first === undefined) throw new Error('nobody was mailed');
    expect(await enforcer.recordMailEvent(mailer.eventOf(first, 'Bounced'))).toMatchObject({ status: 'recorded' });
    const run = await enforcer.run();
    expect(mailer.mails.map(({ to }) => to)).toEqual(['alice@example.com', 'security@example.com']);
    const [open] = run.accounts[0]?.open ?? [];
    expect(open).toMatchObject({ state: 'unowned' });
    expect(Date.parse(open?.deadline ?? '')).toBeGreaterThan(daysBefore(80).getTime() + 90 * 86_400_000);
  });

  it.each(['SES_SANDBOX', 'SES_SENDING_PAUSED', 'SES_QUOTA_NONE'])(
    '%s: nobody is mailed, no clock runs, and people are told once',
    async (code) => {
      const { iam, mailer, enforcer, goToDay } = createTestWorld();
      iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
      mailer.failPreflight(code);
      const run = await enforcer.run();
      expect(mailer.mails).toEqual([]);
      expect(run.accounts[0]?.open).toEqual([expect.objectContaining({ state: 'cannot-warn' })]);
      expect(run.accounts[0]?.cannotWarn).toEqual([expect.objectContaining({ announce: true })]);
      goToDay(1);
      expect((await enforcer.run()).accounts[0]?.cannotWarn).toEqual([expect.objectContaining({ announce: false })]);
      mailer.failPreflight(undefined);
      goToDay(2);
      await enforcer.run();
      expect(mailer.mails.map(({ to }) => to)).toEqual(['alice@example.com']);
    },
  );

  it('events that stay silent stop every clock, and a probe finds out when they come back', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(80) }], tags: owner('alice') });
    await enforcer.run();
    goToDay(2);
    const silent = await enforcer.run();
    expect(silent.accounts[0]?.open).toEqual([expect.objectContaining({ state: 'cannot-warn' })]);
    const [, probe] = mailer.mails;
    expect(probe?.to).toBe('security@example.com');
    if (probe === undefined) throw new Error('no probe');
    await enforcer.recordMailEvent(mailer.eventOf(probe, 'Delivered'));
    goToDay(2.2);
    const heard = await enforcer.run();
    expect(heard.accounts[0]?.open).toEqual([expect.objectContaining({ state: 'warned' })]);
  });

  it('a mailer whose preflight fails otherwise: nobody is mailed, and the run asks for a retry', async () => {
    const { iam, mailer, enforcer } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }] });
    mailer.failPreflight('SES_ACCOUNT_UNREADABLE');
    const run = await enforcer.run();
    expect(run.accounts[0]?.error).toMatchObject({ code: 'MAILER_UNREADY' });
    expect(mailer.mails).toEqual([]);
  });

  it('paused: nobody is mailed while all writes are, and the refusal is said', async () => {
    const { iam, mailer, enforcer, store, clock } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }] });
    await pause(
      store,
      { scope: 'all-writes', reason: 'audit', requestedBy: 'a.smith', until: hours(1) },
      { now: clock.now },
    );
    const run = await enforcer.run();
    expect(mailer.mails).toEqual([]);
    expect(run.steps).toEqual([expect.objectContaining({ status: 'refused', reason: 'paused' })]);
  });

  it('a poisoned document of a user costs that user alone', async () => {
    const { iam, mailer, enforcer, store } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
    iam.addUser({ name: 'bob', keys: [{ createdAt: daysBefore(100) }], tags: owner('bob') });
    await store.putIfAbsent(`iam/111122223333/user/${iam.user('alice').userId}`, { schema: 1, memory: 'poison' });
    const run = await enforcer.run();
    expect(mailer.mails.map(({ to }) => to)).toEqual(['bob@example.com']);
    expect(run.accounts[0]?.skipped).toEqual([expect.objectContaining({ subject: 'alice', reason: 'read-failed' })]);
  });
});

describe('cost', () => {
  it('I39, I40: detection reads no user; a second run with nothing to do makes no call about any user, and writes nothing', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUsers(250, (index) => ({
      name: `user-${index}`,
      tags: owner(`user-${index}`),
      ...(index % 10 === 0 ? { keys: [{ createdAt: daysBefore(100) }] } : {}),
      ...(index % 10 === 5 ? { password: { createdAt: daysBefore(100) } } : {}),
    }));
    const first = await enforcer.run();
    expect(first.accounts[0]?.calls.detection).toBeLessThanOrEqual(10);
    expect(mailer.mails).toHaveLength(50);
    goToDay(0.3);
    const second = await enforcer.run();
    const { detection, polls, all } = second.accounts[0]?.calls ?? { detection: 0, polls: 0, all: -1 };
    expect(all).toBe(detection + polls);
    expect(mailer.mails).toHaveLength(50);
    expect(second.accounts[0]?.open).toHaveLength(50);
  });

  it('ends before time does, says so, and the next run does what was left', async () => {
    const { iam, mailer, enforcer, createEnforcer } = createTestWorld();
    iam.addUsers(20, (index) => ({
      name: `user-${index}`,
      keys: [{ createdAt: daysBefore(100) }],
      tags: owner(`user-${index}`),
    }));
    let left = 40_000;
    const run = await createEnforcer({ concurrency: 1 }).run({ remainingTimeMs: () => (left -= 400) });
    expect(run.accounts[0]?.done).toBe(false);
    expect(() => assertComplete(run)).toThrow(expect.objectContaining({ code: 'INCOMPLETE' }));
    expect(mailer.mails.length).toBeLessThan(20);
    assertComplete(await enforcer.run());
    expect(new Set(mailer.mails.map(({ to }) => to)).size).toBe(20);
    expect(mailer.mails).toHaveLength(20);
  });
});

describe('dry-run and plan', () => {
  it('dry-run says what would be mailed, mails nobody, stores nothing, and is recorded', async () => {
    const { iam, mailer, createEnforcer, store, audit } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(100) }], tags: owner('alice') });
    const run = await createEnforcer({ mode: 'dry-run' }).run();
    expect(run.accounts[0]).toMatchObject({ preview: true, mails: [{ status: 'planned', count: 1 }] });
    expect(mailer.mails).toEqual([]);
    expect((await store.list('iam/')).documents).toEqual([]);
    expect(audit.decisions()).toHaveLength(1);
    expect(runSummaryMessage(run)?.preview).toBe(true);
  });

  it('plan says who will be warned when, whose time will be up, and who is exempt until when', async () => {
    const { iam, mailer, enforcer, store } = createTestWorld({
      exemptions: [{ user: 'carol', reason: 'migration', expires: new Date('2026-01-12T00:00:00Z') }],
    });
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(75) }], tags: owner('alice') });
    iam.addUser({ name: 'carol', keys: [{ createdAt: daysBefore(100) }], tags: owner('carol') });
    iam.addUser({ name: 'young', keys: [{ createdAt: daysBefore(5) }], tags: owner('young') });
    const forecast = await enforcer.plan({ days: 30 });
    const [account] = forecast.accounts;
    const days = account?.cases.map(({ userName, days: each }) => [
      userName,
      each.map(({ day, action, stage }) => `${day.slice(0, 10)} ${action} ${stage}`),
    ]);
    expect(days).toEqual([
      ['alice', ['2026-01-06 warn 10', '2026-01-11 warn 5', '2026-01-15 warn 1', '2026-01-16 act 0']],
      ['carol', expect.arrayContaining([expect.stringMatching(/^2026-01-12 warn/)])],
    ]);
    expect(account?.exempt).toEqual([expect.objectContaining({ userName: 'carol', reason: 'migration' })]);
    expect(mailer.mails).toEqual([]);
    expect((await store.list('iam/')).documents).toEqual([]);
  });

  it.each([-1, 1.5, 366, Number.NaN])('plan refuses %d days', async (days) => {
    await expect(createTestWorld().enforcer.plan({ days })).rejects.toMatchObject({ code: 'IAM_PLAN_INVALID' });
  });
});

describe('the audit trail', () => {
  it('every decision replays to the same plan', async () => {
    const { iam, mailer, enforcer, goToDay, audit } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(75) }], tags: owner('alice') });
    iam.addUser({ name: 'bob', password: { createdAt: daysBefore(50) }, tags: owner('bob') });
    for (let day = 0; day < 20; day += 1) {
      goToDay(day);
      await enforcer.run();
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
    }
    expect(audit.decisions().length).toBeGreaterThan(6);
    audit.assertReplays(credentialDeciders);
  });
});

describe('the summary', () => {
  it('is told on change, and nothing is said on a day without news', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(80) }], tags: owner('alice') });
    const titles: (string | undefined)[] = [];
    for (let day = 0; day < 13; day += 1) {
      goToDay(day);
      const message = runSummaryMessage(await enforcer.run());
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
      titles.push(message === undefined ? undefined : 'news');
    }
    expect(titles.flatMap((title, day) => (title === undefined ? [] : [day]))).toEqual([0, 5, 9, 10]);
  });
});

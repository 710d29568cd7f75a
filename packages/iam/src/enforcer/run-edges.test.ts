import { createMemoryStore, hours, needsRetry, pause } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { createTestWorld, daysBefore } from '../testing/test-enforcer.ts';

const owner = (name: string) => ({ owner: `${name}@example.com` });
const idsOf = (open: readonly { readonly credentialId: string }[] | undefined): string[] =>
  (open ?? []).map(({ credentialId }) => credentialId);

describe('what the report does not show', () => {
  it('I31: a second key that comes of age while the first one waits is warned about on its day', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    const keys = [{ createdAt: daysBefore(80) }, { createdAt: daysBefore(78) }];
    iam.addUser({ name: 'ana', keys, tags: owner('ana') });
    await enforcer.run();
    expect(mailer.mails).toHaveLength(1);
    for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
    goToDay(2);
    const run = await enforcer.run();
    expect(idsOf(run.accounts[0]?.open).sort()).toEqual(
      iam
        .user('ana')
        .keys.map(({ id }) => id)
        .sort(),
    );
    expect(mailer.mails).toHaveLength(2);
  });

  it('an SSH key that comes of age is found on its day: no report has it', async () => {
    const age = { warnAtDays: [80], deactivateAtDays: 90 };
    const { iam, mailer, enforcer, goToDay } = createTestWorld({ sshKeys: age });
    iam.addUser({
      name: 'ana',
      createdAt: daysBefore(90),
      sshKeys: [{ createdAt: daysBefore(78) }],
      tags: owner('ana'),
    });
    await enforcer.run();
    expect(mailer.mails).toEqual([]);
    goToDay(2);
    await enforcer.run();
    expect(mailer.mails).toHaveLength(1);
  });

  it('a service-specific credential that comes of age is found on its day', async () => {
    const age = { warnAtDays: [80], deactivateAtDays: 90 };
    const { iam, mailer, enforcer, goToDay } = createTestWorld({ serviceSpecificCredentials: age });
    iam.addUser({
      name: 'ana',
      createdAt: daysBefore(90),
      serviceSpecific: [{ createdAt: daysBefore(78) }],
      tags: owner('ana'),
    });
    await enforcer.run();
    goToDay(2);
    await enforcer.run();
    expect(mailer.mails).toHaveLength(1);
  });
});

describe('what was not done is said', () => {
  it('a pause: people hear that warnings were due and not sent', async () => {
    const { iam, enforcer, store, clock } = createTestWorld();
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(100) }] });
    const author = { reason: 'audit', requestedBy: 'a.smith' };
    await pause(store, { ...author, scope: 'all-writes', until: hours(1) }, { now: clock.now });
    const message = runSummaryMessage(await enforcer.run());
    expect(JSON.stringify(message?.body)).toContain('a.smith paused all writes');
  });

  it('a pause that begins while a run is under way is noticed by it', async () => {
    const { iam, mailer, enforcer, store, clock } = createTestWorld({ concurrency: 1 });
    for (const name of ['ana', 'bo']) iam.addUser({ name, keys: [{ createdAt: daysBefore(100) }], tags: owner(name) });
    iam.before(async ({ operation, user }) => {
      if (operation !== 'ListAccessKeys' || user !== 'ana') return;
      const author = { reason: 'audit', requestedBy: 'a.smith' };
      await pause(store, { ...author, scope: 'all-writes', until: hours(1) }, { now: clock.now });
      clock.advance(20_000);
    });
    const run = await enforcer.run();
    expect(mailer.mails.map(({ to }) => to)).toEqual(['ana@example.com']);
    expect(run.steps).toContainEqual(expect.objectContaining({ status: 'refused', reason: 'paused' }));
  });

  it('whether writes are paused cannot be read: nobody is mailed, and the run asks for a retry', async () => {
    const store = createFaultyStore(createMemoryStore());
    const { iam, mailer, enforcer } = createTestWorld({ store });
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(100) }] });
    store.failNext('get', { prefix: 'control/', times: 10 });
    const run = await enforcer.run();
    expect(mailer.mails).toEqual([]);
    expect(needsRetry(run)).toBe(true);
  });

  it('a probe that is not taken is a step of the outcome, and is tried again by the next run', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(80) }], tags: owner('ana') });
    await enforcer.run();
    goToDay(2);
    mailer.failNext({ status: 'deferred' });
    const run = await enforcer.run();
    expect(run.steps).toContainEqual(expect.objectContaining({ stepId: '111122223333/probe', status: 'failed' }));
    expect(needsRetry(run)).toBe(true);
    await enforcer.run();
    expect(mailer.mails.map(({ to }) => to)).toEqual(['ana@example.com', 'security@example.com']);
  });

  it('no probe goes out in a pause', async () => {
    const { iam, mailer, enforcer, goToDay, store, clock } = createTestWorld();
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(80) }], tags: owner('ana') });
    await enforcer.run();
    goToDay(2);
    const author = { reason: 'audit', requestedBy: 'a.smith' };
    await pause(store, { ...author, scope: 'all-writes', until: hours(1) }, { now: clock.now });
    await enforcer.run();
    expect(mailer.mails).toHaveLength(1);
  });

  it('what was told cannot be stored: the mails that went out are in the outcome, which asks for a retry', async () => {
    const store = createFaultyStore(createMemoryStore());
    const { iam, enforcer } = createTestWorld({ store });
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(100) }], tags: owner('ana') });
    store.failNext('putIfAbsent', { prefix: 'iam/111122223333/account' });
    const run = await enforcer.run();
    expect(run.accounts[0]?.mails).toEqual([expect.objectContaining({ status: 'sent', count: 1 })]);
    expect(run.steps).toContainEqual(expect.objectContaining({ stepId: '111122223333/keep', status: 'failed' }));
    expect(needsRetry(run)).toBe(true);
  });

  it('what was told of somebody is not forgotten because they could not be read for a day', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(100) }], tags: { owner: 'x@elsewhere.example' } });
    iam.addUser({ name: 'bo', keys: [{ createdAt: daysBefore(100) }], tags: owner('bo') });
    const newsOn = async (day: number): Promise<(string | undefined)[]> => {
      goToDay(day);
      const run = await enforcer.run();
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
      return (run.accounts[0]?.skipped ?? []).flatMap(({ announce, reason, subject }) =>
        announce ? [`${subject} ${reason}`] : [],
      );
    };
    expect(await newsOn(0)).toEqual(['ana domain-not-allowed']);
    // Of ana a second mail is due, so she is read.
    iam.failNext('ListAccessKeys', { code: 'AccessDenied', when: ({ UserName }) => UserName === 'ana' });
    expect(await newsOn(1)).toEqual(['ana read-failed']);
    expect(await newsOn(2)).toEqual([]);
  });
});

describe('what people change meanwhile', () => {
  it('I24: a run that takes long reads again before it mails, mails nobody who complied, and lists no such case', async () => {
    const { iam, mailer, createEnforcer, clock } = createTestWorld({ concurrency: 1 });
    const keys = [{ createdAt: daysBefore(100) }, { createdAt: daysBefore(99) }];
    iam.addUser({ name: 'ana', keys, tags: owner('ana') });
    const [first, second] = iam.user('ana').keys.map(({ id }) => id);
    const slow = {
      ...mailer,
      notify: async (message: Parameters<typeof mailer.notify>[0]) => {
        // Between the first mail and the second: both keys are put right, and time passes.
        iam.setKeyActive('ana', first ?? '', false);
        iam.setKeyActive('ana', second ?? '', false);
        clock.advance(11 * 60_000);
        return mailer.notify(message);
      },
    };
    const run = await createEnforcer({ mailer: slow }).run();
    expect(mailer.mails).toHaveLength(1);
    expect(run.steps.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      'applied warning-due',
      'skipped no-longer-due',
    ]);
    expect(run.accounts[0]?.open).toEqual([]);
  });
});

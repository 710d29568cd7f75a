import { assertComplete, createMemoryStore, days, type StateStore } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { complete, intend, listAccount } from '../actions/journal.ts';
import { readAnswers, writeAnswer } from '../answers/answer-documents.ts';
import { readExemptionDocuments, writeExemption } from '../exemptions/stored-exemptions.ts';
import type { JournalEntry } from '../model/action.ts';
import { createTestWorld, daysBefore, worldStart } from '../testing/test-enforcer.ts';
import { decideForget, executeForget, type ForgetFacts } from './forget.ts';

const now = new Date(worldStart.getTime() + days(500));
const recent = { claimedAt: new Date(now.getTime() - days(399)).toISOString() };
const oldMail = (userId: string, caseId: string) => ({ key: `mail/${userId}/${caseId}`, version: '1', userId, caseId });
const held = (userId: string) =>
  [userId, { document: { schema: 1, userId, memory: { firstSeenAt: {} } }, version: '7' }] as const;

const facts: ForgetFacts = {
  accountId: '111122223333',
  oldMails: [],
  documents: new Map(),
  mails: new Map(),
  users: new Set(['here']),
  unread: new Set(),
  open: [],
  journal: [],
  exemptions: [],
  answers: [],
};

describe('decideForget', () => {
  it('deletes old mails, but those of an open case and of whom nobody knows what is open', () => {
    const oldMails = [oldMail('here', 'key-age/A'), oldMail('here', 'key-age/B'), oldMail('odd', 'mfa/password')];
    const open = [{ userId: 'here', caseId: 'key-age/B' }];
    expect(decideForget({ ...facts, oldMails, open, unread: new Set(['odd']) }, now)).toEqual([
      { key: 'mail/here/key-age/A', version: '1' },
    ]);
  });

  it('deletes what is known of users who are gone, unless they got a mail not long ago', () => {
    const documents = new Map([held('here'), held('gone'), held('mailed')]);
    expect(decideForget({ ...facts, documents, mails: new Map([['mailed', [recent]]]) }, now)).toEqual([
      { key: 'iam/111122223333/user/gone', version: '7' },
    ]);
  });

  const daysAgo = (count: number, ms = 0): string => new Date(now.getTime() - days(count) - ms).toISOString();
  const done = (changes: Partial<JournalEntry> = {}) => {
    const entry: JournalEntry = {
      schema: 1,
      runId: 'run-1',
      stepId: 'here/key',
      caseId: 'key-age/A',
      subject: {
        accountId: '111122223333',
        userId: 'here',
        userName: 'here',
        arn: 'arn:aws:iam::111122223333:user/here',
      },
      action: 'deactivate',
      target: { kind: 'access-key', accessKeyId: 'A' },
      effect: 'new-deny',
      reason: 'due',
      because: 'Its time is up.',
      before: { kind: 'credential', active: true, createdAt: daysAgo(600) },
      intendedAt: daysAgo(400, 1),
      requestIds: [],
      ...changes,
    };
    return { key: 'entry', version: '3', document: entry };
  };
  const restoration = { at: daysAgo(400, 1), requestedBy: 'a.smith', reason: 'x' };
  const forgets = (changes: Partial<ForgetFacts>): boolean => decideForget({ ...facts, ...changes }, now).length > 0;

  it.each<[string, Partial<JournalEntry>, boolean]>([
    ['intended', {}, true],
    ['completed', { completedAt: daysAgo(400, 1) }, true],
    ['failed', { failedAt: daysAgo(400, 1), failure: 'x' }, true],
    ['restored', { completedAt: daysAgo(400, 1), restored: restoration }, true],
    ['being restored', { completedAt: daysAgo(400, 1), restoring: restoration }, false],
    ['intended 400 days ago', { intendedAt: daysAgo(400) }, false],
    ['completed later', { completedAt: daysAgo(399) }, false],
    ['failed later', { failedAt: daysAgo(399), failure: 'x' }, false],
    ['settled later', { completedAt: daysAgo(400, 1), settledAt: daysAgo(399) }, false],
    ['restored later', { restored: { ...restoration, at: daysAgo(399) } }, false],
  ])('forgets a change of more than 400 days ago, but what a restore has begun: %s', (_, changes, forgotten) => {
    expect(forgets({ journal: [done(changes)] })).toBe(forgotten);
  });

  it('forgets exemptions that have been over for 30 days', () => {
    const exemption = (expires: string) => ({
      key: 'exemption',
      version: '4',
      document: {
        schema: 1,
        accountId: '111122223333',
        userId: 'here',
        reason: 'x',
        requestedBy: 'y',
        expires,
        writtenAt: daysAgo(500),
      } as const,
    });
    expect(decideForget({ ...facts, exemptions: [exemption(daysAgo(30, 1))] }, now)).toEqual([
      { key: 'exemption', version: '4' },
    ]);
    expect(forgets({ exemptions: [exemption(daysAgo(30))] })).toBe(false);
  });

  it('forgets answers that have been over for 30 days, but a confirmation whose user may still be without MFA', () => {
    const answer = (until: string, decision: 'confirm' | 'act' = 'confirm') => ({
      key: 'answer',
      version: '5',
      document: {
        schema: 1,
        accountId: '111122223333',
        userId: 'here',
        decision,
        reason: 'x',
        requestedBy: 'y',
        at: daysAgo(500),
        until,
      } as const,
    });
    const open = [{ userId: 'here', caseId: 'mfa/password' }];
    const unread = new Set(['here']);
    expect(decideForget({ ...facts, answers: [answer(daysAgo(30, 1))] }, now)).toEqual([
      { key: 'answer', version: '5' },
    ]);
    expect(forgets({ answers: [answer(daysAgo(30))] })).toBe(false);
    expect(forgets({ answers: [answer(daysAgo(31))], open })).toBe(false);
    expect(forgets({ answers: [answer(daysAgo(31))], unread })).toBe(false);
    expect(forgets({ answers: [answer(daysAgo(31))], open: [{ userId: 'here', caseId: 'key-age/A' }] })).toBe(true);
    expect(forgets({ answers: [answer(daysAgo(31))], open: [{ userId: 'gone', caseId: 'mfa/password' }] })).toBe(true);
    expect(forgets({ answers: [answer(daysAgo(31), 'act')], open, unread })).toBe(true);
  });

  it('takes what the lists of the account hold, and deletes it unless somebody has changed it since', async () => {
    const store = createMemoryStore();
    const accountId = '111122223333';
    const over = { schema: 1, accountId, userId: 'here', reason: 'x', requestedBy: 'y' } as const;
    const { document: entry } = done();
    await intend(store, entry);
    await intend(store, { ...entry, stepId: 'here/other' });
    await writeExemption(store, { ...over, expires: daysAgo(31), writtenAt: daysAgo(60) });
    await writeAnswer(store, { ...over, decision: 'act', at: daysAgo(60), until: daysAgo(31) });
    const journal = (await listAccount(store, accountId)).held;
    const exemptions = (await readExemptionDocuments(store, accountId)).held;
    const answers = (await readAnswers(store, accountId)).held;
    const forgotten = decideForget({ ...facts, journal, exemptions, answers }, now);
    expect(forgotten).toHaveLength(4);
    await complete(store, entry, { at: daysAgo(0) });
    await executeForget(store, forgotten, 2);
    const left = (await store.list('iam/')).documents.map(({ value }) => (value as { stepId?: string }).stepId);
    expect(left).toEqual(['here/key']);
  });

  it('deletes at most 200 of all kinds at once', () => {
    const oldMails = Array.from({ length: 150 }, (_, index) => oldMail('here', `key-age/${index}`));
    expect(decideForget({ ...facts, oldMails, journal: Array.from({ length: 100 }, () => done()) }, now)).toHaveLength(
      200,
    );
  });

  it('deletes at most 200 at once', () => {
    const oldMails = Array.from({ length: 500 }, (_, index) => oldMail('here', `key-age/${index}`));
    expect(decideForget({ ...facts, oldMails }, now)).toHaveLength(200);
  });
});

describe('a run', () => {
  const keysOf = async (store: StateStore): Promise<string[]> =>
    (await store.list('iam/', { limit: 1000 })).documents.map(({ key }) => key);

  const worldWithOldMail = async (store: StateStore = createMemoryStore()) => {
    const world = createTestWorld({ store });
    const { iam, enforcer } = world;
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(100) }], tags: { owner: 'ana@example.com' } });
    iam.addUser({ name: 'bo', keys: [{ createdAt: daysBefore(100) }], tags: { owner: 'bo@example.com' } });
    await enforcer.run();
    for (const mail of world.mailer.mails) await enforcer.recordMailEvent(world.mailer.eventOf(mail, 'Delivered'));
    expect(await keysOf(world.store)).toHaveLength(5);
    iam.removeUser('bo');
    return world;
  };

  it('forgets who is gone and what is 400 days old, and keeps what an open case was told', async () => {
    const { iam, enforcer, store, goToDay } = await worldWithOldMail();
    goToDay(399);
    assertComplete(await enforcer.run());
    expect((await keysOf(store)).filter((key) => key.includes('/user/'))).toHaveLength(2);
    goToDay(401);
    assertComplete(await enforcer.run());
    const left = await keysOf(store);
    expect(left).toContain(`iam/111122223333/user/${iam.user('ana').userId}`);
    expect(left.filter((key) => key.includes('/user/'))).toHaveLength(1);
    const mails = (await store.list('iam/111122223333/mail/', { limit: 1000 })).documents;
    expect(mails.some(({ value }) => (value as { address: string }).address === 'bo@example.com')).toBe(false);
    expect(mails.some(({ value }) => (value as { address: string }).address === 'ana@example.com')).toBe(true);
  });

  it('a deletion that fails is a step of the outcome, and hides nothing of it', async () => {
    const store = createFaultyStore(createMemoryStore());
    const { enforcer, goToDay } = await worldWithOldMail(store);
    goToDay(401);
    store.failNext('delete', { times: 2 });
    const run = await enforcer.run();
    expect(run.steps).toContainEqual(
      expect.objectContaining({ stepId: '111122223333/forget', status: 'failed', retryable: true }),
    );
    expect(run.accounts[0]?.open).toHaveLength(1);
  });
});

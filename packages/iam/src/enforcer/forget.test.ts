import { assertComplete, createMemoryStore, days, type StateStore } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createTestWorld, daysBefore, worldStart } from '../testing/test-enforcer.ts';
import { decideForget, type ForgetFacts } from './forget.ts';

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

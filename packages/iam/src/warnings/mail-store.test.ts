import { createMemoryStore, minutes, toJson } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { mailKey, mailStoreKey, sha256 } from './mail-key.ts';
import { addMailFacts, claimMail, listMails, markAccepted, markRejected, releaseClaim } from './mail-store.ts';
import { sampleMail } from './sample-mail.ts';

const start = new Date('2026-11-24T10:00:00.000Z');
const account = '111122223333';

describe('mailKey', () => {
  it('I32: is the same for the same mail, and another for another stage, deadline day, case, user or address', () => {
    const key = mailKey(sampleMail());
    expect(key).toBe(
      `iam/111122223333/AIDAEXAMPLEALICE00001/key-age/AKIAIOSFODNN7EXAMPLE/2026-12-04/10/${sha256('alice@example.com').slice(0, 12)}`,
    );
    expect(mailKey(sampleMail({ address: 'ALICE@example.com', deadline: '2026-12-04T09:00:00Z' }))).toBe(key);
    const others = [
      sampleMail({ stage: 5 }),
      sampleMail({ stage: 'unowned' }),
      sampleMail({ deadline: '2026-12-05T00:00:00.000Z' }),
      sampleMail({ caseId: 'key-unused/AKIAIOSFODNN7EXAMPLE' }),
      sampleMail({ userId: 'AIDAEXAMPLEBOB0000001' }),
      sampleMail({ address: 'bob@example.com' }),
      sampleMail({ accountId: '444455556666' }),
    ].map(mailKey);
    expect(new Set([key, ...others]).size).toBe(8);
  });

  it('fits a message however long the ids of IAM are, and stays one of its own', () => {
    const long = (end: string) =>
      mailKey(sampleMail({ userId: 'A'.repeat(128), caseId: `ssh-key-age/${'B'.repeat(127)}${end}` }));
    expect(long('1').length).toBeLessThanOrEqual(255);
    expect(long('1')).not.toBe(long('2'));
  });

  it('keeps a mail under the hash that the tag of the mail holds', () => {
    expect(mailStoreKey(sampleMail())).toBe(`iam/111122223333/mail/${sha256(mailKey(sampleMail()))}`);
  });

  it('refuses a deadline that is none', () => {
    expect(() => mailKey(sampleMail({ deadline: 'soon' }))).toThrow(
      expect.objectContaining({ code: 'MAIL_DEADLINE_INVALID' }),
    );
  });
});

describe('listMails', () => {
  it('I4: reads every page of an account, and no other account', async () => {
    const store = createMemoryStore();
    for (let index = 0; index < 2500; index += 1)
      await claimMail(store, sampleMail({ userId: `AIDA${index}` }), { now: start, claim: 'a' });
    await claimMail(store, sampleMail({ accountId: '444455556666' }), { now: start, claim: 'a' });
    const { mails, setAside } = await listMails(store, account);
    expect(new Set(mails.map(({ userId }) => userId)).size).toBe(2500);
    expect(setAside).toEqual([]);
  });

  it('sets aside and reports what fails its schema or is under another key, and counts it never', async () => {
    const store = createMemoryStore();
    const { record } = await claimMail(store, sampleMail(), { now: start, claim: 'a' });
    await store.putIfAbsent('iam/111122223333/mail/0', toJson(record));
    await store.putIfAbsent('iam/111122223333/mail/1', {
      ...(toJson({ ...record, acceptedAt: 'yesterday' }) as object),
    });
    await store.putIfAbsent('iam/111122223333/mail/2', null);
    const { mails, setAside } = await listMails(store, account);
    expect(mails).toEqual([record]);
    expect(setAside.map(({ key }) => key.at(-1))).toEqual(['0', '1', '2']);
    expect(setAside[1]?.because).toContain('does not fit its schema at acceptedAt');
  });

  it('stops, loudly, at what a newer library wrote', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent(mailStoreKey(sampleMail()), { schema: 2 });
    const newer = expect.objectContaining({ code: 'MAIL_NEWER', retryable: true });
    await expect(listMails(store, account)).rejects.toThrow(newer);
    await expect(claimMail(store, sampleMail(), { now: start, claim: 'a' })).rejects.toThrow(newer);
    expect((await store.get(mailStoreKey(sampleMail())))?.value).toEqual({ schema: 2 });
  });
});

describe('claimMail', () => {
  it('I32: of many at once exactly one gets the mail', async () => {
    const store = createMemoryStore();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claimMail(store, sampleMail(), { now: start, claim: `c${index}` })),
    );
    expect(claims.map(({ status }) => status).sort()).toEqual(['claimed', ...Array(19).fill('in-progress')]);
  });

  it('takes over a claim of which nothing was heard for more than 15 minutes, once', async () => {
    const store = createMemoryStore();
    const clock = createTestClock(start);
    await claimMail(store, sampleMail(), { now: clock.now(), claim: 'dead' });
    clock.advance(minutes(15));
    expect(await claimMail(store, sampleMail(), { now: clock.now(), claim: 'early' })).toMatchObject({
      status: 'in-progress',
      record: { claim: 'dead' },
    });
    clock.advance(1);
    const claims = await Promise.all(
      ['b', 'c', 'd'].map((claim) => claimMail(store, sampleMail(), { now: clock.now(), claim })),
    );
    expect(claims.filter(({ status }) => status === 'claimed')).toHaveLength(1);
  });

  it('leaves alone for ever what SES took, refused or gave back', async () => {
    const later = new Date('2026-12-24T10:00:00.000Z');
    const after = async (settle: (store: ReturnType<typeof createMemoryStore>) => Promise<unknown>) => {
      const store = createMemoryStore();
      await settle(store);
      return (await claimMail(store, sampleMail(), { now: later, claim: 'b' })).status;
    };
    const claimed = async (store: ReturnType<typeof createMemoryStore>) =>
      (await claimMail(store, sampleMail(), { now: start, claim: 'a' })).record;
    expect(await after(async (store) => markAccepted(store, await claimed(store), { now: start }))).toBe(
      'already-sent',
    );
    expect(
      await after(async (store) =>
        markRejected(store, await claimed(store), { now: start, reason: 'MessageRejected' }),
      ),
    ).toBe('rejected');
    expect(
      await after(async (store) => {
        await claimed(store);
        const facts = [{ kind: 'failed', at: '2026-11-24T10:00:00Z', failure: 'Bounce' }] as const;
        await addMailFacts(store, mailStoreKey(sampleMail()), facts);
      }),
    ).toBe('already-sent');
  });

  it('holds a claim whose answer was lost', async () => {
    const store = createFaultyStore(createMemoryStore());
    store.failNext('putIfAbsent', { after: 'effect' });
    const claim = { now: start, claim: 'a' };
    await expect(claimMail(store, sampleMail(), claim)).rejects.toThrow();
    expect((await claimMail(store, sampleMail(), claim)).status).toBe('claimed');
  });
});

describe('releaseClaim', () => {
  it('gives a mail free at once, and hides it from the list', async () => {
    const store = createMemoryStore();
    const { record } = await claimMail(store, sampleMail(), { now: start, claim: 'a' });
    expect(await releaseClaim(store, record, { now: start })).toBeUndefined();
    expect((await listMails(store, account)).mails).toEqual([]);
    expect((await claimMail(store, sampleMail(), { now: start, claim: 'b' })).status).toBe('claimed');
    expect((await listMails(store, account)).mails).toMatchObject([{ claim: 'b' }]);
  });

  it('leaves the claim of somebody else, and what SES took', async () => {
    const store = createMemoryStore();
    const { record } = await claimMail(store, sampleMail(), { now: start, claim: 'a' });
    expect(await releaseClaim(store, { ...record, claim: 'old' }, { now: start })).toMatchObject({ claim: 'a' });
    await markAccepted(store, record, { now: start, messageId: 'm1' });
    expect(await releaseClaim(store, record, { now: start })).toMatchObject({ messageId: 'm1' });
    expect((await listMails(store, account)).mails).toHaveLength(1);
  });
});

describe('markAccepted', () => {
  it('I36: is kept as the instant of the first acceptance, and makes a document again that somebody deleted', async () => {
    const store = createMemoryStore();
    const { record } = await claimMail(store, sampleMail(), { now: start, claim: 'a' });
    const stored = await store.get(mailStoreKey(record));
    await store.delete(mailStoreKey(record), stored?.version ?? '');
    await markAccepted(store, record, { now: new Date('2026-11-24T10:00:02Z'), messageId: 'm1' });
    await markAccepted(store, record, { now: new Date('2026-11-24T10:00:01Z') });
    await markAccepted(store, record, { now: new Date('2026-11-24T10:00:03Z'), messageId: 'm2' });
    expect((await listMails(store, account)).mails).toEqual([
      { ...record, acceptedAt: '2026-11-24T10:00:01.000Z', messageId: 'm1' },
    ]);
  });

  it('is made again when somebody else was faster, and gives up when that does not end', async () => {
    const store = createFaultyStore(createMemoryStore());
    const { record } = await claimMail(store, sampleMail(), { now: start, claim: 'a' });
    store.hooks.beforeEach = async (operation) => {
      if (operation !== 'compareAndSet') return;
      delete store.hooks.beforeEach;
      await addMailFacts(store, mailStoreKey(record), [{ kind: 'delivered', at: '2026-11-24T10:00:01Z' }]);
    };
    await markAccepted(store, record, { now: start, messageId: 'm1' });
    expect((await listMails(store, account)).mails).toMatchObject([
      { messageId: 'm1', events: { deliveredAt: '2026-11-24T10:00:01.000Z' } },
    ]);
    const losing = {
      ...store,
      compareAndSet: async (key: string) => {
        const current = await store.get(key);
        return { ok: false as const, ...(current === undefined ? {} : { current }) };
      },
    };
    await expect(markRejected(losing, record, { now: start, reason: 'x' })).rejects.toThrow(
      expect.objectContaining({ code: 'STATE_CONFLICT', retryable: true }),
    );
  });
});

import { createMemoryStore, type Json } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { type AnswerDocument, readAnswerOf, readAnswers, writeAnswer } from './answer-documents.ts';

const accountId = '111122223333';
const answer = (userId: string, changes: Partial<AnswerDocument> = {}): AnswerDocument => ({
  schema: 1,
  accountId,
  userId,
  decision: 'confirm',
  reason: 'seen at the desk',
  requestedBy: 'a.smith',
  at: '2026-11-24T10:00:00.000Z',
  until: '2026-11-26T10:00:00.000Z',
  ...changes,
});
const keyOf = (userId: string): string => `iam/${accountId}/answer/${userId}`;
const put = async (userId: string, value: Json) => {
  const store = createMemoryStore();
  await store.putIfAbsent(keyOf(userId), value);
  return store;
};

describe('answers about users', () => {
  it('gives back what was answered, without who answered and why', async () => {
    const store = createMemoryStore();
    await writeAnswer(store, answer('AIDA1'));
    await writeAnswer(store, answer('AIDA2', { decision: 'act' }));
    const { answers, broken, held } = await readAnswers(store, accountId);
    const { at, until } = answer('AIDA1');
    expect([...answers]).toEqual([
      ['AIDA1', { decision: 'confirm', at, until }],
      ['AIDA2', { decision: 'act', at, until }],
    ]);
    expect(broken.size).toBe(0);
    expect(held.map(({ key }) => key)).toEqual([keyOf('AIDA1'), keyOf('AIDA2')]);
    expect(await readAnswerOf(store, { accountId, userId: 'AIDA2' })).toEqual({ decision: 'act', at, until });
  });

  it('keeps accounts and users apart', async () => {
    const store = createMemoryStore();
    await writeAnswer(store, answer('AIDA1', { accountId: '444455556666' }));
    expect((await readAnswers(store, accountId)).answers.size).toBe(0);
    expect(await readAnswerOf(store, { accountId, userId: 'AIDA1' })).toBeUndefined();
  });

  it('lets the latest answer stand, whatever the order in which they are stored', async () => {
    const earlier = answer('AIDA1');
    const later = answer('AIDA1', { decision: 'act', at: '2026-11-24T11:00:00.000Z' });
    for (const order of [
      [earlier, later],
      [later, earlier],
    ]) {
      const store = createMemoryStore();
      for (const each of order) await writeAnswer(store, each);
      expect((await readAnswerOf(store, { accountId, userId: 'AIDA1' }))?.decision).toBe('act');
    }
  });

  it('says which answer stands, and takes the same one twice', async () => {
    const store = createMemoryStore();
    const later = answer('AIDA1', { at: '2026-11-24T11:00:00.000Z' });
    expect(await writeAnswer(store, later)).toEqual(later);
    expect(await writeAnswer(store, later)).toEqual(later);
    expect(await writeAnswer(store, answer('AIDA1'))).toEqual(later);
    expect((await readAnswers(store, accountId)).held).toHaveLength(1);
  });

  it('takes the other one of two that were given at the same instant', async () => {
    const store = createMemoryStore();
    await writeAnswer(store, answer('AIDA1'));
    expect((await writeAnswer(store, answer('AIDA1', { decision: 'act' }))).decision).toBe('act');
  });

  it('tries again when somebody else answered in between, and gives up after ten times', async () => {
    const store = createMemoryStore();
    let conflicts = 9;
    const contested: typeof store = {
      ...store,
      putIfAbsent: async (key, value) => {
        conflicts -= 1;
        return conflicts >= 0 ? { ok: false } : store.putIfAbsent(key, value);
      },
    };
    await writeAnswer(contested, answer('AIDA1'));
    expect((await readAnswers(store, accountId)).held).toHaveLength(1);
    conflicts = 10;
    await expect(writeAnswer(contested, answer('AIDA2'))).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      retryable: true,
    });
  });

  it.each<[string, Json]>([
    ['no object', 'confirm'],
    ['an unknown decision', { ...answer('AIDA1'), decision: 'exempt' }],
    ['an instant that is none', { ...answer('AIDA1'), until: '2026-11-26' }],
    ['a document of another user', { ...answer('AIDA2') }],
    ['an unknown field', { ...answer('AIDA1'), extra: true }],
    ['no reason', { ...answer('AIDA1'), reason: '' }],
  ])('sets one broken document aside and reads the rest: %s', async (_, value) => {
    const store = await put('AIDA1', value);
    await writeAnswer(store, answer('AIDA3'));
    const { answers, broken } = await readAnswers(store, accountId);
    expect([...answers.keys()]).toEqual(['AIDA3']);
    expect(broken.get('AIDA1')).toMatchObject({ code: 'ANSWER_BROKEN', retryable: false });
    await expect(readAnswerOf(store, { accountId, userId: 'AIDA1' })).rejects.toMatchObject({ code: 'ANSWER_BROKEN' });
    await expect(writeAnswer(store, answer('AIDA1'))).rejects.toMatchObject({ code: 'ANSWER_BROKEN' });
  });

  it('does not guess at what a newer library wrote', async () => {
    const store = await put('AIDA1', { ...answer('AIDA1'), schema: 2 });
    const newer = { code: 'ANSWER_NEWER', retryable: true };
    await expect(readAnswers(store, accountId)).rejects.toMatchObject(newer);
    await expect(readAnswerOf(store, { accountId, userId: 'AIDA1' })).rejects.toMatchObject(newer);
    await expect(writeAnswer(store, answer('AIDA1'))).rejects.toMatchObject(newer);
  });

  it('I4: reads however many pages the store gives', async () => {
    const store = createMemoryStore();
    const ids = Array.from({ length: 25 }, (_, index) => `AIDA${String(index).padStart(2, '0')}`);
    for (const id of ids) await writeAnswer(store, answer(id));
    const paged: typeof store = { ...store, list: (prefix, options) => store.list(prefix, { ...options, limit: 7 }) };
    expect([...(await readAnswers(paged, accountId)).answers.keys()]).toEqual(ids);
  });
});

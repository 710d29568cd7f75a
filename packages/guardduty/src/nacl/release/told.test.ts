import { hours } from '@remedykit/core';
import { expect, it } from 'vitest';
import { createTestBlocker, createTestWorld } from '../../testing/test-blocker.ts';
import { beginRun, type Run } from '../run.ts';
import { readSettings } from '../settings.ts';
import { noteTold, toldKey } from './told.ts';

const setUp = () => {
  const { clock, ec2, store } = createTestWorld();
  const settings = readSettings({
    mode: 'enforce',
    accounts: [],
    trust: { channels: [] },
    allowList: ['203.0.113.1'],
    blockFor: hours(24),
    ec2,
    store,
    now: clock.now,
  });
  const run: Run = beginRun(settings, {});
  const tell = async (...abouts: string[]): Promise<string[]> => [...(await noteTold(run, abouts))];
  return { clock, store, tell };
};

const noticesIn = async (store: ReturnType<typeof setUp>['store']): Promise<unknown[]> => {
  const value = (await store.get(toldKey))?.value as { notices?: unknown[] } | undefined;
  return value?.notices ?? [];
};

it('each thing is news once, and again after a day', async () => {
  const { clock, tell } = setUp();
  expect(await tell('a', 'b')).toEqual(['a', 'b']);
  expect(await tell('a', 'c')).toEqual(['c']);
  clock.advance(hours(24) - 1);
  expect(await tell('a', 'b', 'c')).toEqual([]);
  clock.advance(1);
  expect(await tell('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
});

it('what is no news writes nothing', async () => {
  const { store, tell } = setUp();
  await tell('a');
  const { compareAndSet, putIfAbsent } = store.calls;
  await tell('a');
  expect({ compareAndSet: store.calls.compareAndSet, putIfAbsent: store.calls.putIfAbsent }).toEqual({
    compareAndSet,
    putIfAbsent,
  });
});

it('of two that tell at the same time one does', async () => {
  const { store, tell } = setUp();
  await tell('a');
  let once = true;
  store.hooks.beforeEach = async (operation) => {
    if (operation !== 'compareAndSet' || !once) return;
    once = false;
    expect(await tell('b')).toEqual(['b']);
  };
  expect(await tell('b', 'c')).toEqual(['c']);
  expect(await tell('b', 'c')).toEqual([]);
});

it('the document holds five hundred and no more, the latest', async () => {
  const { store, tell } = setUp();
  await tell(...Array.from({ length: 400 }, (_, n) => `old ${n}`));
  await tell(...Array.from({ length: 400 }, (_, n) => `new ${n}`));
  expect(await noticesIn(store)).toHaveLength(500);
  expect(await tell('new 0', 'new 399')).toEqual([]);
  expect(await tell('old 0', 'old 399')).toEqual(['old 399']);
});

it('what cannot be kept is told again, and nobody is stopped by it', async () => {
  const { store, tell } = setUp();
  store.failNext('get', { prefix: toldKey, times: 1 });
  expect(await tell('a')).toEqual(['a']);
  store.failNext('putIfAbsent', { prefix: toldKey, times: 1 });
  expect(await tell('a')).toEqual(['a']);
  expect(await tell('a')).toEqual(['a']);
  expect(await tell('a')).toEqual([]);
});

it.each([
  ['no list', { schema: 1, notices: 'none' }],
  ['nonsense in the list', { schema: 1, notices: [null, 1, { about: 'a' }, { about: 'a', at: 'never' }] }],
  ['null', null],
])('a document that holds %s is written anew', async (_, value) => {
  const { store, tell } = setUp();
  await store.putIfAbsent(toldKey, value);
  expect(await tell('a')).toEqual(['a']);
  expect(await tell('a')).toEqual([]);
});

it('alerts of one kind about one subject are one', async () => {
  const blocker = createTestBlocker();
  await blocker.store.putIfAbsent('nacl/111122223333/eu-west-1/acl-1/ingress', 'nonsense');
  const [swept, reconciled] = [await blocker.sweep(), await blocker.reconcile()];
  expect(swept.alerts).toMatchObject([{ announce: true }]);
  // Another look at the same thing tells nobody again.
  expect(reconciled.alerts).toMatchObject([{ announce: false }]);
});

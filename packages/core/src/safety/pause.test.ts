import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { createMemoryStore } from '../state/memory.ts';
import type { StateStore } from '../state/store.ts';
import { hours, minutes } from '../time.ts';
import { type PauseRequest, pause, resume } from './pause.ts';

const accountId = '111122223333';
const start = new Date('2026-11-24T10:00:00.000Z');
const now = (): Date => start;
const author = { reason: 'network change window', requestedBy: 'a.smith' };
const request: PauseRequest = { ...author, until: hours(2) };

const stored = async (store: StateStore, key: string): Promise<Json | undefined> => (await store.get(key))?.value;

describe('pause', () => {
  it('stops new denies of every account by default', async () => {
    const store = createMemoryStore();
    const kept = {
      ...author,
      scope: 'new-denies',
      from: '2026-11-24T10:00:00.000Z',
      until: '2026-11-24T12:00:00.000Z',
    };
    await expect(pause(store, request, { now })).resolves.toEqual([kept]);
    await expect(stored(store, 'control/all')).resolves.toEqual({ schema: 1, pauses: [kept], suppressions: [] });
  });

  it('takes an instant, a scope and an account', async () => {
    const store = createMemoryStore();
    await pause(store, { ...author, scope: 'all-writes', until: new Date('2026-11-25T10:00:00Z'), accountId }, { now });
    await expect(stored(store, `control/${accountId}`)).resolves.toMatchObject({
      pauses: [{ scope: 'all-writes', until: '2026-11-25T10:00:00.000Z' }],
    });
  });

  it('never shortens or narrows a pause in force, whatever the order', async () => {
    const long: PauseRequest = { ...request, until: hours(5) };
    const wide: PauseRequest = { ...request, scope: 'all-writes', until: hours(1) };
    for (const order of [
      [request, long, wide],
      [wide, long, request],
      [long, wide, request],
    ]) {
      const store = createMemoryStore();
      let inForce: unknown;
      for (const one of order) inForce = await pause(store, one, { now });
      expect(inForce).toHaveLength(2);
      expect(inForce).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ scope: 'new-denies', until: '2026-11-24T15:00:00.000Z' }),
          expect.objectContaining({ scope: 'all-writes', until: '2026-11-24T11:00:00.000Z' }),
        ]),
      );
    }
  });

  it('keeps one of two pauses of the same scope: the longer, or the first of equals', async () => {
    for (const scope of ['new-denies', 'all-writes'] as const) {
      const store = createMemoryStore();
      await pause(store, { ...request, scope }, { now });
      const again = await pause(store, { ...request, scope, requestedBy: 'b.jones' }, { now });
      expect(again).toMatchObject([{ scope, requestedBy: 'a.smith' }]);
      const longer = await pause(store, { ...request, scope, until: hours(3), requestedBy: 'c.lee' }, { now });
      expect(longer).toMatchObject([{ scope, requestedBy: 'c.lee' }]);
    }
  });

  it('forgets a pause that is over', async () => {
    const store = createMemoryStore();
    await pause(store, { ...request, scope: 'all-writes' }, { now });
    const inForce = await pause(store, request, { now: () => new Date('2026-11-24T12:00:00.000Z') });
    expect(inForce).toHaveLength(1);
  });

  it.each<[string, Partial<PauseRequest>]>([
    ['no reason', { reason: ' ' }],
    ['a reason that is no text', JSON.parse('{ "reason": 5 }') as Partial<PauseRequest>],
    ['a reason without bound', { reason: 'x'.repeat(257) }],
    ['nobody', { requestedBy: '' }],
    ['no time', { until: 0 }],
    ['the past', { until: new Date('2026-11-24T09:59:59Z') }],
    ['no date', { until: new Date('never') }],
    ['no number', { until: Number.NaN }],
    ['more than 24 hours', { until: hours(24) + 1 }],
    ['a scope that is none', JSON.parse('{ "scope": "everything" }') as Partial<PauseRequest>],
  ])('refuses %s and writes nothing', async (_, change) => {
    const store = createMemoryStore();
    await expect(pause(store, { ...request, ...change }, { now })).rejects.toMatchObject({ code: 'PAUSE_INVALID' });
    await expect(store.get('control/all')).resolves.toBeUndefined();
  });

  it('says what is missing: the reason, or who asks', async () => {
    await expect(pause(createMemoryStore(), { ...request, reason: '' }, { now })).rejects.toThrow(/^reason must hold/);
    await expect(pause(createMemoryStore(), { ...request, requestedBy: '' }, { now })).rejects.toThrow(
      /^requestedBy must hold/,
    );
  });

  it('refuses an account that is none', async () => {
    await expect(pause(createMemoryStore(), { ...request, accountId: 'all' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  it('overwrites neither a newer nor a malformed document', async () => {
    for (const [value, code] of [
      [{ schema: 2 }, 'SCHEMA_NEWER'],
      [{ schema: 1 }, 'CONTROL_MALFORMED'],
    ] as const) {
      const store = createMemoryStore();
      await store.putIfAbsent('control/all', value);
      await expect(pause(store, request, { now })).rejects.toMatchObject({ code });
      await expect(resume(store, author, { now })).rejects.toMatchObject({ code });
      await expect(stored(store, 'control/all')).resolves.toEqual(value);
    }
  });

  it('loses nothing to somebody who writes at the same time', async () => {
    const memory = createMemoryStore();
    let raced = false;
    const racing: StateStore = {
      ...memory,
      putIfAbsent: async (key, value) => {
        if (!raced) {
          raced = true;
          await pause(memory, { ...request, scope: 'all-writes', until: minutes(5) }, { now });
        }
        return memory.putIfAbsent(key, value);
      },
    };
    await expect(pause(racing, request, { now })).resolves.toHaveLength(2);
  });

  it('gives up after ten conflicts, retryable', async () => {
    let writes = 0;
    const contested: StateStore = {
      ...createMemoryStore(),
      putIfAbsent: async () => {
        writes += 1;
        return { ok: false };
      },
    };
    await expect(pause(contested, request, { now })).rejects.toMatchObject({ code: 'STATE_CONFLICT', retryable: true });
    expect(writes).toBe(10);
  });

  it('uses the clock of the machine by default', async () => {
    const [made] = await pause(createMemoryStore(), request);
    expect(Date.parse(made?.until ?? '')).toBeGreaterThan(Date.now());
  });
});

describe('resume', () => {
  it('ends the pauses of every account, keeps those of one, and says by whom', async () => {
    const store = createMemoryStore();
    await pause(store, request, { now });
    await pause(store, { ...request, accountId }, { now });
    const ended = await resume(store, { reason: 'window is over', requestedBy: 'b.jones' }, { now });
    expect(ended).toMatchObject([{ requestedBy: 'a.smith' }]);
    await expect(stored(store, 'control/all')).resolves.toEqual({
      schema: 1,
      pauses: [],
      suppressions: [],
      lastResume: { reason: 'window is over', requestedBy: 'b.jones', at: '2026-11-24T10:00:00.000Z' },
    });
    await expect(stored(store, `control/${accountId}`)).resolves.toMatchObject({ pauses: [{}] });
    await expect(resume(store, { ...author, accountId }, { now })).resolves.toHaveLength(1);
  });

  it('does not say that it ended a pause that was over already', async () => {
    const store = createMemoryStore();
    await pause(store, request, { now });
    const late = (): Date => new Date('2026-11-24T12:00:00.000Z');
    await expect(resume(store, author, { now: late })).resolves.toEqual([]);
  });

  it('refuses to be done by nobody or for no reason', async () => {
    await expect(resume(createMemoryStore(), { ...author, reason: '' })).rejects.toMatchObject({
      code: 'PAUSE_INVALID',
    });
  });
});

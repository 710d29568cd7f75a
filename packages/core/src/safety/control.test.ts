import { describe, expect, it } from 'vitest';
import { RemediationError } from '../errors.ts';
import type { Json } from '../json.ts';
import { createMemoryStore } from '../state/memory.ts';
import type { StateStore } from '../state/store.ts';
import { hours, seconds } from '../time.ts';
import { type ControlState, createControlReader, pausedFor, suppressionsAt } from './control.ts';
import type { Pause } from './control-document.ts';
import { pause } from './pause.ts';
import { addSuppressions } from './suppression.ts';

const accountId = '111122223333';
const start = new Date('2026-11-24T10:00:00.000Z');
const author = { reason: 'network change window', requestedBy: 'a.smith' };
const onePause: Pause = {
  ...author,
  scope: 'new-denies',
  from: '2026-11-24T10:00:00.000Z',
  until: '2026-11-24T12:00:00.000Z',
};

const later = (ms: number): Date => new Date(start.getTime() + ms);

const counting = (store: StateStore): { reads: string[]; store: Pick<StateStore, 'get'> } => {
  const reads: string[] = [];
  return {
    reads,
    store: {
      get: (key) => {
        reads.push(key);
        return store.get(key);
      },
    },
  };
};

describe('createControlReader', () => {
  it('pauses and suppresses nothing when there is no document', async () => {
    const reader = createControlReader(createMemoryStore());
    await expect(reader.read(accountId)).resolves.toEqual({ readable: true, pauses: [], suppressions: [] });
  });

  it('merges what was said about the account and about every account', async () => {
    const store = createMemoryStore();
    const now = (): Date => start;
    const until = '2026-11-25T10:00:00.000Z';
    await pause(store, { ...author, until: hours(1) }, { now });
    await pause(store, { ...author, scope: 'all-writes', until: hours(2), accountId }, { now });
    await addSuppressions(store, [{ ...author, cidr: '198.51.100.7/32', until }], { now });
    await addSuppressions(store, [{ ...author, cidr: '203.0.113.0/24', until }], { now, accountId });
    const state = await createControlReader(store).read(accountId);
    expect(state.readable && state.pauses.map(({ scope }) => scope)).toEqual(['all-writes', 'new-denies']);
    expect(suppressionsAt(state, start).map(({ cidr }) => cidr)).toEqual(['203.0.113.0/24', '198.51.100.7/32']);
    const other = await createControlReader(store).read('444455556666');
    expect(other.readable && other.pauses.map(({ scope }) => scope)).toEqual(['new-denies']);
  });

  it('notices a pause after 15 seconds at the latest and reads no more often than that', async () => {
    let at = start;
    const memory = createMemoryStore();
    const { reads, store } = counting(memory);
    const reader = createControlReader(store, { now: () => at });
    await reader.read(accountId);
    await pause(memory, { ...author, until: hours(1) }, { now: () => at });
    at = later(seconds(15) - 1);
    expect(await reader.read(accountId)).toMatchObject({ pauses: [] });
    expect(reads).toEqual([`control/${accountId}`, 'control/all']);
    at = later(seconds(15));
    expect(await reader.read(accountId)).toMatchObject({ pauses: [{ reason: 'network change window' }] });
    expect(reads).toHaveLength(4);
  });

  it('reads again after the clock was set back', async () => {
    let at = start;
    const { reads, store } = counting(createMemoryStore());
    const reader = createControlReader(store, { now: () => at });
    await reader.read(accountId);
    at = later(-1);
    await reader.read(accountId);
    expect(reads).toHaveLength(4);
  });

  it('shares one request among concurrent reads, and the common document among accounts', async () => {
    const { reads, store } = counting(createMemoryStore());
    const reader = createControlReader(store, { now: () => start });
    await Promise.all([reader.read(accountId), reader.read(accountId), reader.read('444455556666')]);
    expect(reads.sort()).toEqual([`control/${accountId}`, 'control/444455556666', 'control/all']);
  });

  it('is unreadable when the store fails, and reads again at the next call', async () => {
    let fails = true;
    const memory = createMemoryStore();
    const unavailable = new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'down', retryable: true });
    const get: StateStore['get'] = (key) => (fails ? Promise.reject(unavailable) : memory.get(key));
    const reader = createControlReader({ get }, { now: () => start });
    await expect(reader.read(accountId)).resolves.toEqual({
      readable: false,
      error: { code: 'STATE_UNAVAILABLE', message: 'down' },
    });
    fails = false;
    await expect(reader.read(accountId)).resolves.toMatchObject({ readable: true });
  });

  const suppression = { ...author, cidr: '198.51.100.7/32', until: '2026-11-25T10:00:00.000Z' };
  const document = { schema: 1, pauses: [onePause], suppressions: [suppression] };

  it('reads the document that the malformed ones below differ from', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent('control/all', document as unknown as Json);
    await expect(createControlReader(store).read(accountId)).resolves.toMatchObject({ readable: true });
  });

  it.each<[string, unknown]>([
    ['no schema', { ...document, schema: undefined }],
    ['schema as text', { ...document, schema: '1' }],
    ['a newer schema as text', { ...document, schema: '2' }],
    ['no pauses', { ...document, pauses: undefined }],
    ['a pause without scope', { ...document, pauses: [{ ...onePause, scope: undefined }] }],
    ['a pause without reason', { ...document, pauses: [{ ...onePause, reason: ' ' }] }],
    ['a pause by nobody', { ...document, pauses: [{ ...onePause, requestedBy: '' }] }],
    ['a pause without start', { ...document, pauses: [{ ...onePause, from: 'now' }] }],
    ['a pause without end', { ...document, pauses: [{ ...onePause, until: 'never' }] }],
    ['a pause of 25 hours', { ...document, pauses: [{ ...onePause, until: '2026-11-25T11:00:00.000Z' }] }],
    ['a reason that is no text', { ...document, pauses: [{ ...onePause, reason: 5 }] }],
    ['a pause that is no object', { ...document, pauses: [[]] }],
    ['a pause that is null', { ...document, pauses: [null] }],
    ['no suppressions', { ...document, suppressions: undefined }],
    ['a suppression that is null', { ...document, suppressions: [null] }],
    ['a suppression of no range', { ...document, suppressions: [{ ...suppression, cidr: '198.51.100.7' }] }],
    ['a suppression without end', { ...document, suppressions: [{ ...suppression, until: 1 }] }],
    ['a suppression without reason', { ...document, suppressions: [{ ...suppression, reason: '' }] }],
  ])('takes a malformed document for unreadable: %s', async (_, value) => {
    const store = createMemoryStore();
    await store.putIfAbsent('control/all', value as Json);
    await expect(createControlReader(store).read(accountId)).resolves.toMatchObject({
      readable: false,
      error: { code: 'CONTROL_MALFORMED' },
    });
  });

  it.each<[string, Json]>([
    ['text', 'paused'],
    ['a list', []],
    ['null', null],
    ['a number', 1],
  ])('says of a document that is %s that it is no object', async (_, value) => {
    const store = createMemoryStore();
    await store.putIfAbsent('control/all', value);
    await expect(createControlReader(store).read(accountId)).resolves.toMatchObject({
      readable: false,
      error: { code: 'CONTROL_MALFORMED', message: expect.stringContaining('is no object') },
    });
  });

  it('reads a pause of exactly 24 hours', async () => {
    const store = createMemoryStore();
    const longest = { ...onePause, until: '2026-11-25T10:00:00.000Z' };
    await store.putIfAbsent('control/all', { schema: 1, pauses: [longest], suppressions: [] } as unknown as Json);
    await expect(createControlReader(store).read(accountId)).resolves.toMatchObject({ pauses: [longest] });
  });

  it('keeps a later reading when an earlier one fails late', async () => {
    let at = start;
    const { reads, store } = counting(createMemoryStore());
    const late: ((error: Error) => void)[] = [];
    const get: StateStore['get'] = (key) =>
      at === start ? new Promise((_, reject) => void late.push(reject)) : store.get(key);
    const reader = createControlReader({ get }, { now: () => at });
    const early = reader.read(accountId);
    at = later(seconds(15));
    await reader.read(accountId);
    for (const reject of late) reject(new Error('timed out'));
    await expect(early).resolves.toMatchObject({ readable: false });
    await expect(reader.read(accountId)).resolves.toMatchObject({ readable: true });
    expect(reads).toEqual([`control/${accountId}`, 'control/all']);
  });

  it('takes a document of a newer version for unreadable', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent('control/all', { schema: 2, anything: true });
    await expect(createControlReader(store).read(accountId)).resolves.toMatchObject({
      readable: false,
      error: { code: 'SCHEMA_NEWER' },
    });
  });

  it('refuses to be staler than 15 seconds, and an account that is none', async () => {
    const misuse = { code: 'OPTION_INVALID' };
    for (const [maxAgeMs, message] of [
      [15_001, /^createControlReader: maxAgeMs is at most 15000/],
      [-1, /^createControlReader: maxAgeMs must be/],
    ] as const) {
      const create = () => createControlReader(createMemoryStore(), { maxAgeMs });
      expect(create).toThrow(expect.objectContaining(misuse));
      expect(create).toThrow(message);
    }
    const reader = createControlReader(createMemoryStore());
    for (const account of ['prod', '1111222233334', '11112222333', `x${accountId}`, `${accountId}x`])
      await expect(reader.read(account)).rejects.toMatchObject({
        ...misuse,
        message: `control: accountId must be 12 digits, it is "${account}".`,
      });
  });
});

describe('suppressionsAt', () => {
  it('leaves out a suppression from its end on', () => {
    const suppression = { ...author, cidr: '198.51.100.7/32', until: '2026-11-24T12:00:00.000Z' };
    const state: ControlState = { readable: true, pauses: [], suppressions: [suppression] };
    expect(suppressionsAt(state, new Date('2026-11-24T11:59:59.999Z'))).toEqual([suppression]);
    expect(suppressionsAt(state, new Date('2026-11-24T12:00:00.000Z'))).toEqual([]);
  });
});

describe('pausedFor', () => {
  const paused = (...pauses: Pause[]): ControlState => ({ readable: true, pauses, suppressions: [] });

  it('lets releases through a pause of new denies', () => {
    expect(pausedFor(paused(onePause), 'new-deny', start)).toEqual({
      reason: 'paused',
      because: 'a.smith paused new denies until 2026-11-24T12:00:00.000Z: network change window',
    });
    expect(pausedFor(paused(onePause), 'release', start)).toBeUndefined();
  });

  it('stops releases as well when all writes are paused', () => {
    const all = paused({ ...onePause, scope: 'all-writes' });
    expect(pausedFor(all, 'release', start)?.reason).toBe('paused');
    expect(pausedFor(all, 'new-deny', start)?.because).toContain('paused all writes');
  });

  it('ends with the pause, and holds before its start (another machine’s clock)', () => {
    expect(pausedFor(paused(onePause), 'new-deny', new Date('2026-11-24T11:59:59.999Z'))?.reason).toBe('paused');
    expect(pausedFor(paused(onePause), 'new-deny', new Date('2026-11-24T12:00:00.000Z'))).toBeUndefined();
    expect(pausedFor(paused(onePause), 'new-deny', later(-1))?.reason).toBe('paused');
  });

  it('names the pause that lasts longest, and no expired one hides another', () => {
    const short: Pause = {
      ...onePause,
      scope: 'all-writes',
      until: '2026-11-24T10:30:00.000Z',
      requestedBy: 'b.jones',
    };
    expect(pausedFor(paused(short, onePause), 'new-deny', start)?.because).toContain('a.smith');
    expect(pausedFor(paused(short, onePause), 'new-deny', later(hours(1)))?.because).toContain('a.smith');
    expect(pausedFor(paused(short, onePause), 'release', later(hours(1)))).toBeUndefined();
  });

  it('stops every write when nobody knows', () => {
    const unreadable: ControlState = { readable: false, error: { code: 'STATE_UNAVAILABLE', message: 'down' } };
    expect(pausedFor(unreadable, 'new-deny', start)?.reason).toBe('control-unreadable');
    expect(pausedFor(unreadable, 'release', start)?.reason).toBe('control-unreadable');
    expect(suppressionsAt(unreadable, start)).toEqual([]);
  });

  it('stops nothing when nothing is paused', () => {
    expect(pausedFor(paused(), 'new-deny', start)).toBeUndefined();
  });
});

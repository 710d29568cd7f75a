import { createMemoryStore, days, type Message, minutes, type Notifier, seconds } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore, type TestClock } from '@remedykit/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutbox } from '../outbox/outbox.ts';
import { createRecordingNotifier, type RecordingNotifier, wordsOf } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createLiveNotifier, type LiveNotifier, type LiveNotifierOptions } from './live-notifier.ts';

const start = '2026-11-24T10:00:00.000Z';
let clock: TestClock;
let store: FaultyStore;
let channel: RecordingNotifier;
let live: LiveNotifier;

const liveFor = (options: Partial<LiveNotifierOptions> = {}): LiveNotifier =>
  createLiveNotifier({
    store,
    notifier: channel,
    now: clock.now,
    random: () => 0,
    sleep: async (ms) => {
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    ...options,
  });

beforeEach(() => {
  clock = createTestClock(new Date(start));
  store = createFaultyStore(createMemoryStore());
  channel = createRecordingNotifier('slack');
  live = liveFor();
});

/** A message of `minute`, about one finding. */
const message = (title: string, minute: number, changes: Partial<Message> = {}): Message =>
  sampleMessage({ title, at: new Date(Date.parse(start) + minutes(minute - 60)).toISOString(), ...changes });

/** What stands in the channel: titles, replies indented. */
const standing = (): string[] =>
  channel
    .messages()
    .map(
      ({ message: { title, status, severity }, repliesTo }) =>
        `${repliesTo === undefined ? '' : '> '}${wordsOf(title)} (${severity}${status === 'resolved' ? ', resolved' : ''})`,
    );

const factOf = (label: string): string | undefined => {
  const fact = channel.messages()[0]?.message.facts.find((one) => one.label === label);
  return fact && wordsOf(fact.value);
};

const matter = (region: string, accountId = '111122223333'): Partial<Message> => ({
  key: `${accountId}/${region}/id`,
  subject: { accountId, region, matter: 'one matter' },
});

describe('one live message', () => {
  it('is posted once and updated in its place', async () => {
    const first = await live.notify(message('first', 1));
    expect(first).toMatchObject({ status: 'delivered', messageId: '1' });
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'delivered', messageId: '1' });
    expect(standing()).toEqual(['second (medium)']);
    expect(channel.messages()[0]?.edits).toBe(1);
  });

  it('is not touched by the same message again, however often its event is retried', async () => {
    for (let retries = 0; retries < 3; retries += 1)
      expect(await live.notify(message('first', 1))).toMatchObject({ status: 'delivered', messageId: '1' });
    expect(channel.said).toEqual(['first']);
  });

  it('costs four requests to the store, and one where it is a repetition', async () => {
    const total = (): number => Object.values(store.calls).reduce((sum, count) => sum + count, 0);
    await live.notify(message('first', 1));
    expect(total()).toBe(4);
    await live.notify(message('second', 2));
    expect(total()).toBe(8);
    await live.notify(message('second', 2));
    expect(total()).toBe(9);
  });

  it('is one per key, and one per name', async () => {
    await live.notify(message('one', 1));
    await live.notify(message('two', 1, { key: 'another' }));
    await liveFor({ name: 'other' }).notify(message('one', 1));
    expect(standing()).toHaveLength(3);
  });

  it('is never touched by a preview, which is a message of its own', async () => {
    await live.notify(message('blocked', 1));
    await live.notify(message('would block', 2, { preview: true }));
    expect(standing()).toEqual(['blocked (medium)', 'would block (medium)']);
  });

  it('an older message never overwrites a newer one', async () => {
    await live.notify(message('newer', 2));
    expect(await live.notify(message('older', 1))).toMatchObject({ status: 'nothing' });
    expect(standing()).toEqual(['newer (medium)']);
  });

  it('but an older one that says that something was not done is said below, once', async () => {
    await live.notify(message('newer', 2));
    const late = message('not blocked', 1, { undone: true });
    for (let retries = 0; retries < 2; retries += 1) await live.notify(late);
    expect(standing()).toEqual(['newer (medium)', '> not blocked (medium)']);
  });

  it('messages without an instant are taken in the order in which they come', async () => {
    const { at: _at, ...timeless } = message('a', 1);
    await live.notify(timeless);
    clock.advance(1);
    await live.notify({ ...timeless, title: 'b' });
    clock.advance(1);
    await live.notify(timeless);
    expect(standing()).toEqual(['a (medium)']);
    expect(channel.messages()[0]?.edits).toBe(2);
  });

  it('a message from the future shuts out nothing for more than five minutes', async () => {
    await live.notify(message('future', 60 * 24 * 365));
    clock.advance(minutes(6));
    await live.notify(message('now', 66));
    expect(standing()).toEqual(['now (medium)']);
  });

  it('is resolved when the matter is over, which is also said below', async () => {
    await live.notify(message('open', 1));
    await live.notify(message('archived', 2, { status: 'resolved' }));
    expect(standing()).toEqual(['archived (medium, resolved)', '> archived (medium, resolved)']);
  });

  it('is a new message when a resolved matter is opened again', async () => {
    await live.notify(message('open', 1));
    await live.notify(message('over', 2, { status: 'resolved' }));
    await live.notify(message('again', 3));
    expect(standing()).toEqual(['over (medium, resolved)', '> over (medium, resolved)', 'again (medium)']);
    await live.notify(message('more', 4));
    expect(standing().at(-1)).toBe('more (medium)');
  });

  it('is a new message when the old one is far up, unless it is to be resolved', async () => {
    await live.notify(message('first', 1));
    clock.advance(days(7));
    await live.notify(message('second', 60 * 24 * 7));
    expect(standing()).toEqual(['first (medium)', 'second (medium)']);
    clock.advance(days(30));
    await live.notify(message('over', 60 * 24 * 37, { status: 'resolved' }));
    expect(standing()).toEqual(['first (medium)', 'over (medium, resolved)', '> over (medium, resolved)']);
  });

  it('N20: is posted anew when the old one is gone, and the new one is updated from then on', async () => {
    await live.notify(message('first', 1));
    channel.remove('1');
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'delivered', messageId: '2' });
    await live.notify(message('third', 3));
    expect(standing()).toEqual(['third (medium)']);
  });

  it('N20: what was to be said below a message that is gone is said by itself', async () => {
    await live.notify(message('first', 1));
    channel.before = async (operation) => {
      if (operation === 'reply') channel.remove('1');
    };
    await live.notify(message('not blocked', 2, { undone: true }));
    expect(standing()).toEqual(['not blocked (medium)']);
  });
});

describe('what is said below', () => {
  const change = async (changes: Partial<Message>, options: Partial<LiveNotifierOptions> = {}): Promise<number> => {
    live = liveFor(options);
    await live.notify(message('first', 1));
    await live.notify(message('second', 2, changes));
    return channel.messages().filter(({ repliesTo }) => repliesTo !== undefined).length;
  };

  it.each<[string, Partial<Message>, number]>([
    ['the same severity', {}, 0],
    ['a worse severity', { severity: 'high' }, 1],
    ['a better severity', { severity: 'low' }, 0],
    ['a resolution', { status: 'resolved' }, 1],
    ['what was not done', { undone: true }, 1],
  ])('%s', async (_what, changes, count) => expect(await change(changes)).toBe(count));

  it('every change, or none but what was not done, where that is asked for', async () => {
    expect(await change({}, { replies: 'every', name: 'every' })).toBe(1);
    channel = createRecordingNotifier();
    expect(await change({ severity: 'critical' }, { replies: 'none', name: 'none' })).toBe(0);
    channel = createRecordingNotifier();
    expect(await change({ undone: true }, { replies: 'none', name: 'undone' })).toBe(1);
  });

  it('a reply that is refused for good keeps nothing back', async () => {
    await live.notify(message('first', 1));
    channel.before = async (operation) => channel.failAll(operation === 'update' ? undefined : { status: 'rejected' });
    expect(await live.notify(message('second', 2, { severity: 'high' }))).toMatchObject({ status: 'delivered' });
    channel.before = undefined;
    channel.failAll(undefined);
    await live.notify(message('third', 3));
    expect(standing()).toEqual(['third (medium)']);
  });
});

describe('copies of one matter', () => {
  it('of several Regions and accounts are one message, which says where it was seen', async () => {
    await live.notify(message('seen', 1, matter('eu-west-1')));
    await live.notify(message('seen', 2, matter('us-east-1')));
    await live.notify(message('seen', 3, matter('us-east-1', '444455556666')));
    expect(standing()).toEqual(['seen (medium)']);
    expect(factOf('Seen in')).toBe('eu-west-1 / 111122223333, us-east-1 / 111122223333, us-east-1 / 444455556666');
  });

  it('is resolved when all of them are, and not before', async () => {
    await live.notify(message('seen', 1, matter('eu-west-1')));
    await live.notify(message('seen', 2, matter('us-east-1')));
    await live.notify(message('archived', 3, { ...matter('us-east-1'), status: 'resolved' }));
    expect(standing()).toEqual(['seen (medium)']);
    expect(factOf('Resolved in')).toBe('us-east-1 / 111122223333');
    await live.notify(message('archived', 4, { ...matter('eu-west-1'), status: 'resolved' }));
    expect(standing()[0]).toBe('archived (medium, resolved)');
  });

  it('has the severity of the worst that is open', async () => {
    await live.notify(message('seen', 1, { ...matter('eu-west-1'), severity: 'high' }));
    await live.notify(message('seen', 2, { ...matter('us-east-1'), severity: 'low' }));
    expect(standing()).toEqual(['seen (high)']);
    await live.notify(message('over', 3, { ...matter('eu-west-1'), status: 'resolved' }));
    expect(standing()[0]).toBe('seen (low)');
  });

  it('an old copy is counted and not shown in place of a newer one', async () => {
    await live.notify(message('newer', 2, matter('eu-west-1')));
    await live.notify(message('older', 1, matter('us-east-1')));
    expect(standing()).toEqual(['newer (medium)']);
    expect(factOf('Seen in')).toContain('us-east-1');
  });

  it('is one matter to the channel too: key and matter of all that is said are the same', async () => {
    await live.notify(message('seen', 1, matter('eu-west-1')));
    await live.notify(message('worse', 2, { ...matter('us-east-1'), severity: 'high' }));
    const said = channel.messages().map(({ message: { key, subject } }) => [key, subject?.matter]);
    expect(said).toEqual([
      ['one matter', 'one matter'],
      ['one matter', 'one matter'],
    ]);
    live = liveFor({ collapse: () => 'x'.repeat(1000) });
    await live.notify(message('long', 1));
    expect(channel.messages().at(-1)?.message.key.length).toBeLessThanOrEqual(255);
  });

  it('may be told by a function of yours', async () => {
    live = liveFor({ collapse: ({ subject }) => subject?.type ?? '' });
    await live.notify(message('one', 1, { key: 'a', subject: { type: 'Recon' } }));
    await live.notify(message('two', 2, { key: 'b', subject: { type: 'Recon' } }));
    expect(standing()).toEqual(['two (medium)']);
  });

  it('stays within its document however many there are', async () => {
    for (let index = 0; index < 100; index += 1)
      await live.notify(message('seen', index, matter(`region-${index}`.repeat(10))));
    const { documents } = await store.list('notify-live/');
    expect(documents).toHaveLength(1);
    expect(JSON.stringify(documents[0]?.value).length).toBeLessThan(60_000);
    expect(standing()).toEqual(['seen (medium)']);
  });
});

describe('workers that share nothing but the store', () => {
  /** Time does not run away with ten who wait. */
  const worker = (): LiveNotifier => liveFor({ sleep: () => new Promise((resolve) => setTimeout(resolve, 2)) });

  it('N19: two that see the first event at once make one parent message', async () => {
    const deliveries = await Promise.all([
      liveFor().notify(message('first', 1)),
      liveFor().notify(message('first', 1)),
    ]);
    expect(deliveries).toMatchObject([
      { status: 'delivered', messageId: '1' },
      { status: 'delivered', messageId: '1' },
    ]);
    expect(standing()).toEqual(['first (medium)']);
  });

  it('N19: ten with ten different updates at once make one parent, which shows the newest', async () => {
    channel.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    const deliveries = await Promise.all(
      Array.from({ length: 10 }, (_, index) => worker().notify(message(`update ${index}`, index))),
    );
    expect(deliveries.filter(({ status }) => status !== 'delivered' && status !== 'nothing')).toEqual([]);
    expect(standing()).toEqual(['update 9 (medium)']);
  });

  it('what was not done is never lost among updates at once', async () => {
    channel.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => worker().notify(message(`undone ${index}`, index, { undone: true }))),
    );
    for (let index = 0; index < 8; index += 1) expect(channel.said).toContain(`undone ${index}`);
    expect(channel.messages().filter(({ repliesTo }) => repliesTo === undefined)).toHaveLength(1);
  });

  it('one that waits in vain is deferred, and takes over when the lease is over', async () => {
    channel.before = () => new Promise(() => {});
    void liveFor().notify(message('first', 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    channel.before = undefined;
    expect(await liveFor().notify(message('second', 2))).toMatchObject({
      status: 'deferred',
      reason: expect.stringContaining('another worker'),
    });
    clock.advance(seconds(30));
    expect(await liveFor().notify(message('second', 2))).toMatchObject({ status: 'delivered' });
    expect(standing()).toEqual(['second (medium)']);
  });
});

describe('a worker that comes back after its lease', () => {
  it('N19: takes nothing over from the one that has posted meanwhile', async () => {
    let thaw = (): void => {};
    channel.before = () => new Promise((resolve) => (thaw = resolve));
    const frozen = liveFor().notify(message('first', 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    channel.before = undefined;
    clock.advance(seconds(30));
    await liveFor().notify(message('second', 2));
    thaw();
    await frozen;
    await liveFor().notify(message('third', 3));
    // The late post stands for itself; what is updated is the message of the one that had the claim.
    expect(standing()).toEqual(['third (medium)', 'first (medium)']);
  });
});

describe('a channel that fails', () => {
  it('what was not done is said although something newer came before it could be', async () => {
    channel.failNext({ status: 'deferred' });
    expect(await live.notify(message('not blocked', 1, { undone: true }))).toMatchObject({ status: 'deferred' });
    await live.notify(message('newer', 2));
    expect(standing()).toEqual(['newer (medium)', '> not blocked (medium)']);
  });

  it('N18: nothing is taken for said that was not: the retry says it', async () => {
    channel.failNext({ status: 'deferred' });
    expect(await live.notify(message('first', 1))).toMatchObject({ status: 'deferred', channel: 'slack' });
    expect(await live.notify(message('first', 1))).toMatchObject({ status: 'delivered' });
    channel.failNext({ status: 'rejected', reason: 'HTTP 404' });
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'rejected', reason: 'HTTP 404' });
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'delivered' });
    expect(standing()).toEqual(['second (medium)']);
  });

  it('is made up for by an outbox around it, once', async () => {
    const outbox = createOutbox({ store, notifier: live, now: clock.now, random: () => 0, sleep: async () => {} });
    channel.failNext({ status: 'deferred', retryAfterMs: 0 }, { status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('first', 1));
    await outbox.notify(message('second', 2, { severity: 'high' }));
    await outbox.drain();
    await outbox.drain();
    expect(standing()).toEqual(['second (high)', '> second (high)']);
  });
});

describe('a channel that cannot update', () => {
  beforeEach(() => {
    const plain: Notifier = { notify: channel.notify };
    live = liveFor({ notifier: plain });
  });

  it('is told once, and then of significant changes alone', async () => {
    await live.notify(message('first', 1));
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'nothing' });
    await live.notify(message('worse', 3, { severity: 'high' }));
    await live.notify(message('over', 4, { status: 'resolved' }));
    await live.notify(message('over', 4, { status: 'resolved' }));
    expect(channel.said).toEqual(['first', 'worse', 'over']);
  });

  it('is told that all is over, or open again, even where no change is said', async () => {
    live = liveFor({ notifier: { notify: channel.notify }, replies: 'none' });
    await live.notify(message('first', 1, matter('eu-west-1')));
    await live.notify(message('copy', 2, matter('us-east-1')));
    await live.notify(message('over there', 3, { ...matter('us-east-1'), status: 'resolved' }));
    expect(standing()).toEqual(['first (medium)']);
    await live.notify(message('over here', 4, { ...matter('eu-west-1'), status: 'resolved' }));
    await live.notify(message('again', 5, matter('us-east-1')));
    expect(standing()).toEqual(['first (medium)', 'over here (medium, resolved)', 'again (medium)']);
  });

  it('is not told that it is over by the end of one copy', async () => {
    live = liveFor({ notifier: { notify: channel.notify }, replies: 'every' });
    await live.notify(message('first', 1, matter('eu-west-1')));
    await live.notify(message('copy', 2, matter('us-east-1')));
    await live.notify(message('over there', 3, { ...matter('us-east-1'), status: 'resolved' }));
    expect(standing()).toEqual(['first (medium)', 'copy (medium)', 'over there (medium)']);
  });

  it('N19: is told once by two workers at once', async () => {
    const plain: Notifier = { notify: channel.notify };
    await Promise.all([
      liveFor({ notifier: plain }).notify(message('first', 1)),
      liveFor({ notifier: plain }).notify(message('first', 1)),
    ]);
    expect(channel.said).toEqual(['first']);
  });
});

describe('more than one call can say', () => {
  /** Twelve changes that wait, the last of which was not done. */
  const fillUp = async (): Promise<void> => {
    await live.notify(message('first', 1));
    channel.failAll({ status: 'deferred' });
    for (let index = 2; index < 12; index += 1)
      await live.notify(message(`undone ${index}`, index, { undone: true, severity: index % 2 ? 'high' : 'low' }));
    channel.failAll(undefined);
  };

  it('is not reported as delivered before all of it is said', async () => {
    await fillUp();
    const last = message('undone 11', 11, { undone: true, severity: 'high' });
    expect(await live.notify(last)).toMatchObject({ status: 'deferred', channel: 'live', retryAfterMs: 0 });
    expect(await live.notify(last)).toMatchObject({ status: 'delivered' });
    expect(standing().at(-1)).toBe('> undone 11 (high)');
  });

  it('is made up for by an outbox around it', async () => {
    await fillUp();
    const outbox = createOutbox({ store, notifier: live, now: clock.now, random: () => 0, sleep: async () => {} });
    await outbox.notify(message('undone 11', 11, { undone: true, severity: 'high' }));
    expect(await outbox.drain()).toMatchObject({ waiting: 0 });
    expect(standing().at(-1)).toBe('> undone 11 (high)');
  });

  it('is not reported as delivered either where the store fails in between', async () => {
    await live.notify(message('first', 1));
    channel.before = async (operation) => {
      if (operation === 'update') store.failNext('compareAndSet');
    };
    const late = message('not blocked', 2, { undone: true });
    expect(await live.notify(late)).toMatchObject({ status: 'deferred' });
    channel.before = undefined;
    clock.advance(seconds(30));
    expect(await live.notify(late)).toMatchObject({ status: 'delivered' });
    expect(standing()).toEqual(['not blocked (medium)', '> not blocked (medium)']);
  });
});

describe('a store that fails', () => {
  it('silences nobody', async () => {
    store.failNext('get', { times: 100 });
    expect(await live.notify(message('first', 1))).toMatchObject({ status: 'delivered' });
  });

  it('after the post makes no second post', async () => {
    store.failNext('compareAndSet');
    expect(await live.notify(message('first', 1))).toMatchObject({ status: 'delivered' });
    expect(channel.said).toEqual(['first']);
  });

  it('a document of a newer version is left as it is, and the message is posted without it', async () => {
    await live.notify(message('first', 1));
    const [document] = (await store.list('notify-live/')).documents;
    const newer = { schema: 2 };
    await store.compareAndSet(document?.key ?? '', newer, document?.version ?? '');
    expect(await live.notify(message('second', 2))).toMatchObject({ status: 'delivered' });
    expect((await store.get(document?.key ?? ''))?.value).toEqual(newer);
    expect(standing()).toEqual(['first (medium)', 'second (medium)']);
  });
});

describe('crashes', () => {
  const story = [
    message('first', 1),
    message('not blocked', 2, { undone: true }),
    message('worse', 3, { severity: 'high' }),
    message('over', 4, { status: 'resolved', severity: 'high' }),
  ];

  it.each(['before', 'effect'] as const)(
    'at every call to the store (%s) end with the newest shown, and nothing lost that was not done',
    async (moment) => {
      let finished = false;
      for (let crashAt = 1; !finished; crashAt += 1) {
        expect(crashAt).toBeLessThan(100);
        clock = createTestClock(new Date(start));
        store = createFaultyStore(createMemoryStore());
        channel = createRecordingNotifier();
        let calls = 0;
        const die = (): void => {
          calls += 1;
          if (calls >= crashAt) throw new Error('crashed');
        };
        if (moment === 'before') store.hooks.beforeEach = die;
        else store.hooks.afterEach = die;
        // What is posted when the store is down is posted by a process that is dead: nobody sees that.
        channel.before = async () => {
          if (calls >= crashAt) throw new Error('crashed');
        };
        live = liveFor();
        for (const one of story) await live.notify(one);
        finished = calls < crashAt;
        delete store.hooks.beforeEach;
        delete store.hooks.afterEach;
        channel.before = undefined;
        clock.advance(seconds(30));

        // Events are retried in order.
        live = liveFor();
        for (const one of story) await live.notify(one);
        const parents = channel.messages().filter(({ repliesTo }) => repliesTo === undefined);
        // A second parent only where the crash fell between the post and its settling.
        expect(parents.length).toBeLessThanOrEqual(2);
        expect(parents.at(-1)?.message).toMatchObject({ title: 'over', status: 'resolved' });
        expect(channel.said).toContain('not blocked');
      }
    },
  );
});

describe('sweep', () => {
  it('forgets what has not changed for long, and nothing else', async () => {
    await live.notify(message('old', 1));
    clock.advance(days(60));
    await live.notify(message('new', 1, { key: 'new' }));
    clock.advance(days(30));
    expect(await live.sweep({ remainingTimeMs: () => 1999 })).toEqual({ removed: 0, done: false });
    expect(await live.sweep()).toEqual({ removed: 1, done: true });
    expect((await store.list('notify-live/')).documents).toHaveLength(1);
  });
});

it.each([{ name: 'A' }, { renewAfterMs: 0 }, { keepForMs: Number.NaN }])('refuses %j', (options) => {
  expect(() => liveFor(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

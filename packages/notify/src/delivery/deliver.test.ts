import { describe, expect, it, vi } from 'vitest';
import { type Attempt, rejected, unavailable } from './attempt.ts';
import type { DelivererSettings, DeliveryOptions, Send } from './deliver.ts';
import { createDeliverer } from './deliver.ts';

const start = Date.parse('2026-11-24T10:00:00Z');

const createTarget = (options: DeliveryOptions = {}, settings: Partial<DelivererSettings> = {}) => {
  let ms = start;
  const waits: number[] = [];
  const sentAt: number[] = [];
  const answers: (Attempt | 'hang' | 'throw')[] = [];
  const send: Send = async ({ signal }) => {
    sentAt.push(ms - start);
    const answer = answers.shift() ?? { result: 'delivered' };
    if (answer === 'throw') throw new Error('https://secret.example');
    if (answer !== 'hang') return answer;
    // Says nothing even when it is aborted, as a fake client would.
    return new Promise((_, reject) => signal.addEventListener('abort', () => setTimeout(reject, 60_000).unref()));
  };
  const deliver = createDeliverer({
    where: 'createTest',
    channel: 'test',
    options: {
      now: () => new Date(ms),
      random: () => 0.5,
      sleep: async (duration) => {
        waits.push(duration);
        ms += duration;
      },
      ...options,
    },
    ...settings,
  });
  return {
    waits,
    sentAt,
    answer: (...next: typeof answers) => void answers.push(...next),
    deliver: (left?: number) => deliver(() => send, left === undefined ? {} : { remainingTimeMs: () => left }),
    raw: deliver,
  };
};

describe('createDeliverer', () => {
  it('gives the message id that the channel gave', async () => {
    const target = createTarget();
    target.answer({ result: 'delivered', messageId: '17' });
    expect(await target.deliver()).toEqual({ status: 'delivered', channel: 'test', messageId: '17' });
  });

  it('N1: gives up a transport that ignores its signal', async () => {
    const target = createTarget({ timeoutMs: 20, attempts: 1 });
    target.answer('hang');
    expect(await target.deliver()).toMatchObject({ status: 'deferred', reason: 'timeout' });
  });

  it('N5: leaves no timer behind that keeps the process alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const target = createTarget({ attempts: 1 });
    target.answer({ result: 'delivered' }, 'throw');
    await target.deliver();
    await target.deliver();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('N7, N8: a transport that throws is a deferral without its words', async () => {
    const target = createTarget({ attempts: 1 });
    target.answer('throw');
    expect(await target.deliver()).toEqual({
      status: 'deferred',
      channel: 'test',
      reason: 'the transport failed',
      retryAfterMs: 30_000,
    });
  });

  it('a message that cannot be rendered is rejected, and the next one has its turn', async () => {
    const target = createTarget();
    const broken = target.raw(() => {
      throw new Error('cannot');
    });
    expect([await broken, await target.deliver()]).toMatchObject([{ status: 'rejected' }, { status: 'delivered' }]);
  });

  it('N2, N10: waits exactly as long as it was asked to, and not at all where that does not fit', async () => {
    const target = createTarget();
    target.answer(unavailable('HTTP 429', false, 4000));
    expect(await target.deliver(10_000)).toMatchObject({ status: 'delivered' });
    expect(target.waits).toEqual([4000]);
    target.answer(unavailable('HTTP 429', false, 40_000));
    expect(await target.deliver(10_000)).toMatchObject({ status: 'deferred', retryAfterMs: 40_000 });
    expect(target.waits).toEqual([4000]);
  });

  it('N4: all attempts and waits end within the time that is left', async () => {
    for (const left of [1, 250, 1000, 5000, 60_000]) {
      let ms = start;
      const deliver = createDeliverer({
        where: 'createTest',
        channel: 'test',
        options: {
          attempts: 50,
          now: () => new Date(ms),
          random: () => 0.99,
          sleep: async (duration) => {
            ms += duration;
          },
        },
      });
      const failing: Send = async () => {
        ms += 700;
        return unavailable('HTTP 500', true);
      };
      const delivery = await deliver(() => failing, { remainingTimeMs: () => start + left - ms });
      expect(delivery.status).toBe('deferred');
      // The last request may still be under way when the time ends: it has a timeout of its own.
      expect(ms - start).toBeLessThanOrEqual(left + 700);
    }
  });

  it('sends again after an answer that leaves it open, unless told to give up', async () => {
    const again = createTarget();
    again.answer(unavailable('HTTP 502', true));
    expect(await again.deliver()).toMatchObject({ status: 'delivered' });

    const careful = createTarget({ whenUnsure: 'give-up' });
    careful.answer(unavailable('HTTP 502', true));
    expect(await careful.deliver()).toEqual({
      status: 'rejected',
      channel: 'test',
      reason: 'HTTP 502; not sent again, for it may have arrived',
    });
    expect(careful.sentAt).toHaveLength(1);
    careful.answer(unavailable('HTTP 429', false));
    expect(await careful.deliver()).toMatchObject({ status: 'delivered' });
  });

  it('keeps to the pace of its target, retries included', async () => {
    const target = createTarget({}, { pace: { everyMs: 1000, burst: 2 } });
    target.answer({ result: 'delivered' }, unavailable('HTTP 500', true), { result: 'delivered' });
    await Promise.all([target.deliver(), target.deliver(), target.deliver(), target.deliver()]);
    expect(target.sentAt).toEqual([0, 0, 500, 2000, 3000]);
  });

  it('defers what its pace leaves no time for', async () => {
    const target = createTarget({}, { pace: { everyMs: 60_000, burst: 1 } });
    expect(await target.deliver(5000)).toMatchObject({ status: 'delivered' });
    expect(await target.deliver(5000)).toEqual({
      status: 'deferred',
      channel: 'test',
      reason: 'rate limited',
      retryAfterMs: 60_000,
    });
    expect(target.sentAt).toHaveLength(1);
  });

  it('a rejection is final', async () => {
    const target = createTarget();
    target.answer(rejected('HTTP 400: no'));
    expect(await target.deliver()).toEqual({ status: 'rejected', channel: 'test', reason: 'HTTP 400: no' });
    expect(target.sentAt).toHaveLength(1);
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { attempts: 0 }, { attempts: 1.5 }])(
    'refuses the options %j',
    (options) => {
      expect(() => createTarget(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    },
  );
});

import { createMemoryStore, type Delivery, minutes, type Notifier, type StateStore, seconds } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { parseMailEvent } from './mail-events.ts';
import { claimMail, listMails } from './mail-store.ts';
import { recordMailEvent } from './record-mail-event.ts';
import { sampleMail, sampleMailMessage, sampleSesEvent } from './sample-mail.ts';
import { type SendWarningOptions, sendWarning } from './send-warning.ts';

const mail = sampleMail();
const message = sampleMailMessage(mail);
const channel = 'ses';

/** A notifier that answers as it is told, and counts what SES took. */
const createMailer = (answer: (attempt: number) => Delivery | Error) => {
  const taken: string[] = [];
  let attempts = 0;
  const notifier: Notifier = {
    notify: async (sent) => {
      attempts += 1;
      const delivery = answer(attempts);
      if (delivery instanceof Error) throw delivery;
      if (delivery.status === 'delivered') taken.push(sent?.key ?? '');
      return delivery;
    },
  };
  return { notifier, taken };
};

const delivered: Delivery = { status: 'delivered', channel, messageId: 'm1' };

const world = (answer: (attempt: number) => Delivery | Error = () => delivered) => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  const store = createFaultyStore(createMemoryStore());
  const mailer = createMailer(answer);
  let ids = 0;
  const send = (changes: Partial<SendWarningOptions> = {}) =>
    sendWarning(mail, message, {
      store,
      notifier: mailer.notifier,
      newId: () => {
        ids += 1;
        return `claim-${ids}`;
      },
      isStillDue: () => true,
      now: clock.now,
      ...changes,
    });
  const mails = async () => (await listMails(store, mail.accountId)).mails;
  return { clock, store, mailer, send, mails };
};

describe('sendWarning', () => {
  it('I32: mails a stage once, however often and by however many it is run', async () => {
    const { send, mailer, mails } = world();
    expect((await Promise.all([send(), send(), send()])).map(({ status }) => status).sort()).toEqual([
      'in-progress',
      'in-progress',
      'sent',
    ]);
    expect((await send()).status).toBe('already-sent');
    expect(mailer.taken).toEqual([message.key]);
    expect(await mails()).toMatchObject([{ acceptedAt: '2026-11-24T10:00:00.000Z', messageId: 'm1' }]);
  });

  it('mails nobody who put it right after the decision, and mails him if it is open again', async () => {
    const { send, mailer, mails } = world();
    expect(await send({ isStillDue: async () => false })).toEqual({ status: 'no-longer-due' });
    expect(mailer.taken).toEqual([]);
    expect(await mails()).toEqual([]);
    expect((await send()).status).toBe('sent');
  });

  it('mails nobody when it cannot be told whether it is still due, and gives the claim back', async () => {
    const { send, mailer } = world();
    const unreadable = new Error('Throttling');
    await expect(send({ isStillDue: () => Promise.reject(unreadable) })).rejects.toBe(unreadable);
    expect(mailer.taken).toEqual([]);
    expect((await send()).status).toBe('sent');
  });

  it('I36: says that it was sent when only the mark failed, and an event makes up for the mark', async () => {
    const { send, store, mailer, clock, mails } = world();
    store.failNext('compareAndSet');
    expect(await send()).toMatchObject({ status: 'sent', marked: false, error: { code: 'STATE_UNAVAILABLE' } });
    expect((await mails())[0]).not.toHaveProperty('acceptedAt');
    const event = parseMailEvent(sampleSesEvent(mail, 'Email Delivered', { mailAt: '2026-11-24T10:00:01Z' }));
    await recordMailEvent(store, event);
    clock.advance(minutes(16));
    expect((await send()).status).toBe('already-sent');
    expect(mailer.taken).toHaveLength(1);
    expect(await mails()).toMatchObject([{ acceptedAt: '2026-11-24T10:00:01.000Z' }]);
  });

  it('sends twice only where neither mark nor event came within 15 minutes', async () => {
    const { send, store, mailer, clock } = world();
    store.failNext('compareAndSet');
    await send();
    clock.advance(minutes(15));
    expect((await send()).status).toBe('in-progress');
    clock.advance(seconds(1));
    expect((await send()).status).toBe('sent');
    expect(mailer.taken).toHaveLength(2);
  });

  it('gives a deferred mail back, so that the next run sends it', async () => {
    const { send, mailer, mails } = world((attempt) =>
      attempt === 1
        ? { status: 'deferred', channel, reason: 'LimitExceededException', retryAfterMs: 900_000 }
        : delivered,
    );
    expect(await send()).toEqual({
      status: 'deferred',
      reason: 'LimitExceededException',
      retryAfterMs: 900_000,
      cannotWarn: false,
    });
    expect(await mails()).toEqual([]);
    expect((await send()).status).toBe('sent');
    expect(mailer.taken).toHaveLength(1);
  });

  it('takes a deferred mail for sent when an event proved meanwhile that SES has it', async () => {
    const { store, mails, ...rest } = world();
    const result = await rest.send({
      notifier: {
        notify: async () => {
          await recordMailEvent(store, parseMailEvent(sampleSesEvent(mail, 'Email Sent')));
          return { status: 'deferred', channel, reason: 'timeout', retryAfterMs: 0 };
        },
      },
    });
    expect(result).toMatchObject({ status: 'sent', marked: true });
    expect(await mails()).toMatchObject([{ acceptedAt: '2026-11-24T10:00:01.000Z' }]);
  });

  it('attributes an event about a mail whose answer was lost and whose claim was given back', async () => {
    const { send, store, mailer } = world(() => ({ status: 'deferred', channel, reason: 'timeout', retryAfterMs: 0 }));
    await send();
    expect(await recordMailEvent(store, parseMailEvent(sampleSesEvent(mail, 'Email Delivered')))).toMatchObject({
      status: 'recorded',
    });
    expect((await send()).status).toBe('already-sent');
    expect(mailer.taken).toEqual([]);
  });

  it('keeps the claim of a mail that an outbox sends later', async () => {
    const { send, mails } = world(() => ({ status: 'deferred', channel, reason: 'x', retryAfterMs: 1, kept: true }));
    expect((await send()).status).toBe('deferred');
    expect((await send()).status).toBe('in-progress');
    expect(await mails()).toHaveLength(1);
  });

  it('marks a refusal for good, and does not ask again', async () => {
    const { send, store } = world(() => ({ status: 'rejected', channel, reason: 'MessageRejected' }));
    expect(await send()).toMatchObject({ status: 'rejected', reason: 'MessageRejected', marked: true });
    expect(await send()).toMatchObject({ status: 'rejected', reason: 'MessageRejected' });
    expect(store.calls.compareAndSet).toBe(1);
    const failing = world(() => ({ status: 'rejected', channel, reason: 'MessageRejected' }));
    failing.store.failNext('compareAndSet');
    expect(await failing.send()).toMatchObject({ status: 'rejected', marked: false });
  });

  it.each([
    'AccountSuspendedException',
    'SendingPausedException',
    'MailFromDomainNotVerifiedException',
    'AccessDeniedException',
  ])('uses up no stage where %s is in the way of all mails', async (reason) => {
    const { send, mails } = world((attempt) => (attempt === 1 ? { status: 'rejected', channel, reason } : delivered));
    expect(await send()).toMatchObject({ status: 'deferred', reason, cannotWarn: true });
    expect(await mails()).toEqual([]);
    expect((await send()).status).toBe('sent');
  });

  it('keeps the claim when the notifier throws, for nobody knows whether SES has the mail', async () => {
    const { send, mails } = world(() => new TypeError('broken'));
    expect(await send()).toMatchObject({ status: 'deferred', reason: 'the notifier threw TypeError' });
    expect((await send()).status).toBe('in-progress');
    expect(await mails()).toHaveLength(1);
  });

  it('does not call a message sent of which the notifier sent nothing', async () => {
    const { send } = world(() => ({ status: 'nothing', channel }));
    expect(await send()).toMatchObject({ status: 'deferred', reason: 'the notifier sent nothing' });
  });

  it('ends before the time is up: without a claim, or by giving it back', async () => {
    const { send, store, mailer } = world();
    expect(await send({ remainingTimeMs: () => seconds(5) })).toEqual({ status: 'out-of-time' });
    expect(store.calls.putIfAbsent).toBe(0);
    let left = seconds(10);
    const isStillDue = (): boolean => {
      left = seconds(1);
      return true;
    };
    expect(await send({ remainingTimeMs: () => left, isStillDue })).toEqual({ status: 'out-of-time' });
    expect(mailer.taken).toEqual([]);
    expect((await send()).status).toBe('sent');
  });

  it('leaves time for the mark', async () => {
    let given: number | undefined;
    const { send } = world();
    const notifier: Notifier = {
      notify: async (_, options) => {
        given = options?.remainingTimeMs?.();
        return delivered;
      },
    };
    await send({ notifier, remainingTimeMs: () => seconds(20) });
    expect(given).toBe(seconds(18));
  });

  it.each([
    ['key', { ...message, key: 'another' }],
    ['recipient', { ...message, recipient: 'bob@example.com' }],
    ['subject.accountId', { ...message, subject: { accountId: '444455556666' } }],
  ])('refuses a message by whose %s no event would find its mail', async (_, other) => {
    const { store, mailer } = world();
    const options = { store, notifier: mailer.notifier, newId: () => 'a', isStillDue: () => true };
    await expect(sendWarning(mail, other, options)).rejects.toThrow(
      expect.objectContaining({ code: 'MAIL_MESSAGE_MISMATCH' }),
    );
    expect(store.calls.putIfAbsent).toBe(0);
  });
});

describe('a crash', () => {
  class Crash extends Error {}

  /** Runs until the worker dies at its n-th step; each call of the store and of SES has a step before and one after it. */
  const runUntil = async (deadAt: number, store: StateStore, taken: string[], now: () => Date): Promise<boolean> => {
    let step = 0;
    const live = (): void => {
      step += 1;
      if (step >= deadAt) throw new Crash();
    };
    const mortal = createFaultyStore(store, { beforeEach: live, afterEach: live });
    const notifier: Notifier = {
      notify: async (sent) => {
        live();
        taken.push(sent?.key ?? '');
        live();
        return delivered;
      },
    };
    const options = { store: mortal, notifier, newId: () => `worker-${deadAt}`, isStillDue: () => true, now };
    const result = await sendWarning(mail, message, options).catch((error: unknown) => error);
    return !(result instanceof Crash) && step < deadAt;
  };

  it('at any step loses no warning, and doubles one only between acceptance and mark', async () => {
    const doubled: number[] = [];
    let survived = false;
    let deadAt = 1;
    for (; !survived; deadAt += 1) {
      const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
      const store = createMemoryStore();
      const taken: string[] = [];
      survived = await runUntil(deadAt, store, taken, clock.now);
      const takenFirst = taken.length;
      const markedFirst = (await listMails(store, mail.accountId)).mails[0]?.acceptedAt !== undefined;
      clock.advance(minutes(16));
      expect(await runUntil(Number.POSITIVE_INFINITY, store, taken, clock.now)).toBe(true);
      const { mails } = await listMails(store, mail.accountId);
      expect(mails, `dead at step ${deadAt}`).toMatchObject([{ messageId: 'm1', events: {} }]);
      expect(mails[0]?.acceptedAt).toBeDefined();
      expect(taken.length).toBe(takenFirst === 1 && !markedFirst ? 2 : 1);
      if (taken.length === 2) doubled.push(deadAt);
    }
    // get, putIfAbsent, notify, get, compareAndSet: ten steps; SES has the mail from the sixth on, the mark is there at the tenth.
    expect(deadAt - 2).toBe(10);
    expect(doubled).toEqual([6, 7, 8, 9]);
  });

  it('at any step doubles nothing where the event came before the next run', async () => {
    for (let deadAt = 1; deadAt <= 10; deadAt += 1) {
      const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
      const store = createMemoryStore();
      const taken: string[] = [];
      await runUntil(deadAt, store, taken, clock.now);
      if (taken.length > 0) await recordMailEvent(store, parseMailEvent(sampleSesEvent(mail, 'Email Delivered')));
      clock.advance(minutes(16));
      await runUntil(Number.POSITIVE_INFINITY, store, taken, clock.now);
      expect(taken, `dead at step ${deadAt}`).toHaveLength(1);
    }
  });

  it('while a claim is given back leaves it to lapse', async () => {
    const { send, store, clock } = world();
    store.failNext('compareAndSet');
    expect(await send({ isStillDue: () => false })).toEqual({ status: 'no-longer-due' });
    expect((await claimMail(store, mail, { now: clock.now(), claim: 'x' })).status).toBe('in-progress');
    clock.advance(minutes(16));
    expect((await send()).status).toBe('sent');
  });
});

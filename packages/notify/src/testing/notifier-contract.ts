import assert from 'node:assert/strict';
import type { Delivery, Message, Notifier } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import type { ContractCase } from '@remedykit/core/testing';

/** A notifier with the target that it sends to, as a contract needs them. */
export interface NotifierHarness {
  readonly notifier: Notifier;
  /** How many messages the target has taken. */
  taken(): number;
  /** Makes the next requests of one message fail: refused for good, not now, without any answer. */
  fail(how: 'refused' | 'busy' | 'silent'): void;
  /** Parts of what must appear in no result. */
  readonly secrets?: readonly string[];
  close?(): Promise<void>;
}

const message = (changes: Partial<Message> = {}): Message => ({
  key: '111122223333/eu-west-1/4ec1',
  severity: 'medium',
  preview: false,
  title: 'Blocked 198.51.100.7',
  body: ['It is denied until 25 November 2026, 10:00 UTC.'],
  facts: [{ label: 'Account', value: '111122223333' }],
  links: [{ label: 'Open', url: 'https://eu-west-1.console.aws.amazon.com/' }],
  recipient: 'alice@example.com',
  ...changes,
});

const huge = '<!channel> {{x}} <b>é😀\u202e\ud800</b>\r\nBcc: x@example.com "&'.repeat(300);

const hostile = message({
  title: untrusted(huge),
  body: Array.from({ length: 60 }, () => untrusted(huge)),
  facts: Array.from({ length: 60 }, () => ({ label: huge, value: untrusted(huge) })),
  links: Array.from({ length: 60 }, () => ({ label: huge, url: `https://example.com/${huge}` })),
  actions: Array.from({ length: 60 }, () => ({ text: untrusted(huge), url: 'javascript:alert(1)' })),
  subject: { accountId: huge, region: huge, type: huge, matter: huge },
  at: huge,
});

type Check = (harness: NotifierHarness) => Promise<void>;

const enough = { remainingTimeMs: () => 1500 };

const checkSecrets = ({ secrets = [], notifier }: NotifierHarness, delivery: Delivery): void => {
  const text = JSON.stringify([delivery, notifier]).toLowerCase();
  for (const secret of secrets) assert.ok(!text.includes(secret.toLowerCase()), 'a result holds a secret');
};

const checks: Readonly<Record<string, Check>> = {
  'nothing to say is nothing, and reaches nobody': async ({ notifier, taken }) => {
    assert.equal((await notifier.notify(undefined)).status, 'nothing');
    assert.equal(taken(), 0);
  },
  'a message is delivered once, and its channel is named': async (harness) => {
    const delivery = await harness.notifier.notify(message(), enough);
    assert.equal(delivery.status, 'delivered');
    assert.ok(delivery.channel.length > 0);
    assert.equal(harness.taken(), 1);
    checkSecrets(harness, delivery);
  },
  'any message is taken: the largest and most hostile, the emptiest, a preview, one that is over': async (harness) => {
    const empty = message({ title: '', body: [''], facts: [], links: [] });
    const messages = [hostile, empty, message({ preview: true }), message({ status: 'resolved', undone: true })];
    for (const [index, one] of messages.entries()) {
      const delivery = await harness.notifier.notify(one);
      assert.equal(delivery.status, 'delivered', `message ${index} is ${JSON.stringify(delivery)}`);
    }
    assert.equal(harness.taken(), messages.length);
  },
  'the message is left as it was': async ({ notifier }) => {
    const given = message({ actions: [{ text: untrusted('x') }] });
    const before = structuredClone(given);
    await notifier.notify(given, enough);
    assert.deepEqual(given, before);
  },
  'what is refused for good is rejected with a reason, and the next message is delivered': async (harness) => {
    harness.fail('refused');
    const delivery = await harness.notifier.notify(message(), enough);
    assert.equal(delivery.status, 'rejected');
    assert.ok('reason' in delivery && delivery.reason.length > 0);
    checkSecrets(harness, delivery);
    assert.equal((await harness.notifier.notify(message())).status, 'delivered');
  },
  'what is not taken now is deferred, with a time to come back': async (harness) => {
    harness.fail('busy');
    const delivery = await harness.notifier.notify(message(), enough);
    assert.equal(delivery.status, 'deferred');
    assert.ok(delivery.status === 'deferred' && delivery.retryAfterMs >= 0 && delivery.reason.length > 0);
    checkSecrets(harness, delivery);
    assert.equal(harness.taken(), 0);
  },
  'a target that does not answer is deferred before the time is over': async (harness) => {
    harness.fail('silent');
    const start = Date.now();
    const delivery = await harness.notifier.notify(message(), { remainingTimeMs: () => 600 - (Date.now() - start) });
    assert.equal(delivery.status, 'deferred');
    checkSecrets(harness, delivery);
  },
  'without time nothing is sent': async ({ notifier, taken }) => {
    assert.equal((await notifier.notify(message(), { remainingTimeMs: () => 0 })).status, 'deferred');
    assert.equal(taken(), 0);
  },
  'messages at once each have their own result': async ({ notifier, taken }) => {
    const deliveries = await Promise.all([1, 2, 3].map((index) => notifier.notify(message({ key: `key-${index}` }))));
    assert.deepEqual(
      deliveries.map(({ status }) => status),
      ['delivered', 'delivered', 'delivered'],
    );
    assert.equal(taken(), 3);
  },
  'what is no message is a result, not an exception': async ({ notifier, taken }) => {
    // What untyped callers pass.
    const delivery = await notifier.notify({} as Message, enough);
    assert.equal(delivery.status, 'rejected');
    assert.equal(taken(), 0);
  },
};

/**
 * What every notifier must do that sends to one target, as cases for any test runner. `create` gives a new notifier, with a
 * target that has taken nothing, each time it is called.
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * import { notifierContract, startSlackServer } from '@remedykit/notify/testing';
 * const create = async () => {
 *   const server = await startSlackServer();
 *   const failures = {
 *     refused: { status: 400, body: 'invalid_payload' },
 *     busy: { status: 429, headers: { 'retry-after': '60' } },
 *     silent: { hang: 'answer' },
 *   } as const;
 *   return {
 *     notifier: createSlackNotifier({ webhookUrl: server.url, allowedHosts: [server.host] }),
 *     taken: () => server.messages.length,
 *     fail: (how: keyof typeof failures) => server.failNext(failures[how]),
 *     close: server.close,
 *   };
 * };
 * for (const { title, run } of notifierContract(create)) test(title, run);
 * ```
 */
export const notifierContract = (create: () => Promise<NotifierHarness>): ContractCase[] =>
  Object.entries(checks).map(([title, check]) => ({
    title,
    run: async () => {
      const harness = await create();
      try {
        await check(harness);
      } finally {
        await harness.close?.();
      }
    },
  }));

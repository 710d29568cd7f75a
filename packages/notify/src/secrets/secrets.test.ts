import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlackNotifier } from '../slack/notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { type SlackServer, startSlackServer } from '../testing/slack-server.ts';
import { secretFromSecretsManager, secretFromSsm } from './index.ts';

/** Stands in for both clients: gives the answers in turn, the last one again and again, and keeps the inputs. */
const createClient = (...answers: readonly unknown[]) => {
  const inputs: unknown[] = [];
  const send = async (command: { input: unknown }): Promise<unknown> => {
    inputs.push(command.input);
    const answer = answers[Math.min(inputs.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // A stub of one method has not the overloads of a client's.
  return { inputs, send } as unknown as { inputs: unknown[] } & Pick<SecretsManagerClient, 'send'> &
    Pick<SSMClient, 'send'>;
};

const awsError = (name: string): Error =>
  Object.assign(new Error('https://hooks.slack.com/services/secret'), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });

const text = (SecretString: string) => ({ SecretString });

describe('secretFromSecretsManager', () => {
  it('reads once within its time, shares concurrent reads, then reads again', async () => {
    let ms = 0;
    const client = createClient(text('one'), text('two'));
    const secret = secretFromSecretsManager({ client, secretId: 'slack', ttlMs: 1000, now: () => new Date(ms) });
    expect(await Promise.all([secret.read(), secret.read()])).toEqual(['one', 'one']);
    ms = 999;
    expect(await secret.read()).toBe('one');
    expect(client.inputs).toEqual([{ SecretId: 'slack' }]);
    ms = 1000;
    expect(await secret.read()).toBe('two');
    expect(client.inputs).toHaveLength(2);
  });

  it('reads anew when asked to, and keeps nothing with a time of 0', async () => {
    const client = createClient(text('one'), text('two'), text('three'));
    const secret = secretFromSecretsManager({ client, secretId: 'slack' });
    await secret.read();
    expect(await secret.read({ refresh: true })).toBe('two');
    expect(await secret.read()).toBe('two');
    const eager = secretFromSecretsManager({ client, secretId: 'slack', ttlMs: 0 });
    await eager.read();
    await eager.read();
    expect(client.inputs).toHaveLength(4);
  });

  it('N1: a read that never ends is given up, and keeps back no later one', async () => {
    vi.useFakeTimers();
    try {
      const client = createClient(new Promise(() => {}), text('two'));
      const secret = secretFromSecretsManager({ client, secretId: 'slack' });
      const hung = expect(secret.read()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retryable: true });
      await vi.advanceTimersByTimeAsync(4000);
      await hung;
      expect(await secret.read()).toBe('two');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes one field of a JSON secret, and no blanks around it', async () => {
    const client = createClient(text('{"url":"https://x.example\\n","n":1}'));
    const read = (field: string) => secretFromSecretsManager({ client, secretId: 'slack', field }).read();
    expect(await read('url')).toBe('https://x.example');
    for (const field of ['n', 'absent', 'toString'])
      await expect(read(field)).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retryable: false });
  });

  it.each([{}, text(''), text('  \n'), { SecretString: 7 }])('N23: %j is no secret', async (answer) => {
    const secret = secretFromSecretsManager({ client: createClient(answer), secretId: 'slack' });
    await expect(secret.read()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retryable: false });
  });

  it('N9: an error never repeats the value', async () => {
    const client = createClient(text('{"url":"secret-value"'));
    const read = secretFromSecretsManager({ client, secretId: 'slack', field: 'url' }).read();
    await expect(read).rejects.toMatchObject({
      message: 'The secret slack is no JSON object, so it has no field "url".',
    });
  });

  it.each([
    ['ResourceNotFoundException', false],
    ['AccessDeniedException', false],
    ['DecryptionFailure', false],
    ['ThrottlingException', true],
    ['InternalServiceError', true],
  ])('N23: %s is said, is no value, and is not kept (retryable: %s)', async (name, retryable) => {
    const client = createClient(awsError(name), text('one'));
    const secret = secretFromSecretsManager({ client, secretId: 'slack' });
    await expect(secret.read()).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: `The secret slack could not be read: ${name}.`,
      retryable,
    });
    expect(await secret.read()).toBe('one');
  });

  it('N23: an older value never stands in for one that cannot be read', async () => {
    let ms = 0;
    const client = createClient(text('one'), new TypeError('fetch failed'));
    const secret = secretFromSecretsManager({ client, secretId: 'slack', ttlMs: 10, now: () => new Date(ms) });
    await secret.read();
    ms = 10;
    await expect(secret.read()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retryable: true });
  });

  it('refuses a time that is none', () => {
    expect(() => secretFromSecretsManager({ client: createClient(), secretId: 'slack', ttlMs: -1 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('secretFromSsm', () => {
  it('reads the parameter decrypted', async () => {
    const client = createClient({ Parameter: { Value: 'one' } }, {});
    const secret = secretFromSsm({ client, name: '/remedykit/slack' });
    expect(await secret.read()).toBe('one');
    expect(client.inputs).toEqual([{ Name: '/remedykit/slack', WithDecryption: true }]);
    await expect(secret.read({ refresh: true })).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  });
});

describe('a notifier with a secret source', () => {
  let server: SlackServer;
  beforeEach(async () => {
    server = await startSlackServer();
  });
  afterEach(() => server.close());

  const slackFor = (client: Pick<SecretsManagerClient, 'send'>) =>
    createSlackNotifier({
      webhookUrl: secretFromSecretsManager({ client, secretId: 'slack' }),
      allowedHosts: [server.host],
      attempts: 1,
    });

  it('follows a rotation at the first 404, without waiting for the cache', async () => {
    const old = `http://${server.host}/services/T0/B0/old`;
    const client = createClient(text(old), text(server.url));
    const slack = slackFor(client);
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(server.requests.map(({ status }) => status)).toEqual([404, 200, 200]);
    expect(client.inputs).toHaveLength(2);
  });

  it('N9, N23: says that the secret could not be read or used, and nothing of it', async () => {
    const failed = await slackFor(createClient(awsError('AccessDeniedException'))).notify(sampleMessage());
    expect(failed).toEqual({
      status: 'rejected',
      channel: 'slack',
      reason: 'no secret: The secret slack could not be read: AccessDeniedException.',
    });
    const unfit = await slackFor(createClient(text('https://evil.example/services/secret'))).notify(sampleMessage());
    expect(unfit).toMatchObject({ status: 'rejected', reason: expect.stringContaining('must be on hooks.slack.com') });
    expect(JSON.stringify(unfit)).not.toContain('evil');
    expect(server.requests).toHaveLength(0);
  });
});

import { type Delivery, type Notifier, RemediationError, type StateStore, seconds } from '@remedykit/core';
import type { VirtualTime } from '@remedykit/core/testing';
import type { Iam } from '../../enforcer/options.ts';
import { awsError } from '../aws-error.ts';
import type { Among, FaultKind } from './story.ts';

// For tests alone: the requests of one worker, each of which takes time and may go wrong.

/** A worker that is dead; nobody hears what becomes of its work. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** Which kind of call a request is. */
export type Service = 'iam' | 'store' | 'mailer';

/** One request of a worker. */
export interface ReachRequest {
  readonly service: Service;
  /** `GetUser`, `compareAndSet iam/…`, `notify`. */
  readonly name: string;
  /** When it was to take effect. */
  readonly at: number;
  /** The fault that it met. */
  readonly fault?: FaultKind;
}

const amongPatterns: Readonly<Record<Among, RegExp>> = {
  all: /^/,
  write: /^(Attach|Detach|Update|Delete)[A-Z]/,
  journal: /\/journal\//,
  mail: /\/mail\//,
  notify: /^notify$/,
  limits: /\/limits$/,
  user: /\/user\//,
  account: /\/account$/,
  answer: /\/answer\//,
  exemption: /\/exemption\//,
  policies: /^GetPolicy/,
};

/** Whether a request is of a kind. */
export const isAmong = (name: string, among: Among): boolean => amongPatterns[among].test(name);

/** A write of IAM that is about to take effect. */
export interface Write {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a worker reaches the world through. */
export interface Reach {
  readonly iam: Iam;
  readonly store: StateStore;
  readonly mailer: Notifier;
  /** All that it asked for, in order. */
  readonly requests: readonly ReachRequest[];
  readonly isDead: () => boolean;
}

interface ReachOptions {
  readonly time: Pick<VirtualTime, 'sleep'> & Partial<Pick<VirtualTime, 'now'>>;
  readonly random: () => number;
  /** What goes wrong with the request of this number, from 1 on. */
  readonly faultOf: (request: number, name: string) => FaultKind | undefined;
  /** What happens beside it before the request of this number. */
  readonly before?: (request: number, name: string) => Promise<void>;
  /** Told of a write of IAM right before it takes effect; what it gives is told of after the effect. */
  readonly onWrite?: (write: Write) => Promise<() => void>;
  /** Told when a mail was taken, or a document written: after the effect, whatever becomes of the answer. */
  readonly onEffect?: (name: string, detail: unknown, request: number) => void;
}

const unavailable = (): Error =>
  new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'A fault of the story.', retryable: true });

const errorOf = (service: Service, fault: FaultKind): Error => {
  if (service === 'store') return unavailable();
  if (fault === 'throttled') return awsError('Throttling', 'A fault of the story.');
  return fault === 'denied' ? awsError('AccessDenied', 'A fault of the story.') : awsError('TimeoutError', 'A fault.');
};

/** Puts the faults between a worker and the world. */
export const createReach = (
  world: { readonly iam: Iam; readonly store: StateStore; readonly mailer: Notifier },
  {
    time,
    random,
    faultOf,
    before = async () => undefined,
    onWrite = async () => () => undefined,
    onEffect = () => undefined,
  }: ReachOptions,
): Reach => {
  const requests: ReachRequest[] = [];
  let dead = false;

  const request = async <Answer>(
    service: Service,
    name: string,
    send: () => Promise<Answer>,
    effect?: (answer: Answer) => unknown,
  ): Promise<Answer> => {
    const fault = faultOf(requests.length + 1, name);
    const asked = { service, name, at: 0, ...(fault === undefined ? {} : { fault }) };
    requests.push(asked);
    const number = requests.length;
    await time.sleep(5 + random() * seconds(1));
    await before(number, name);
    asked.at = time.now?.().getTime() ?? 0;
    if (fault === 'dies-before') dead = true;
    if (dead) throw new Dead('before');
    if (fault === 'throttled' || fault === 'denied' || fault === 'lost-before') throw errorOf(service, fault);
    const answer = await send().catch((error: unknown) => {
      // An answer that is an error gets lost as well.
      if (fault === 'dies-after') dead = true;
      if (dead) throw new Dead('after');
      throw fault === 'lost-after' ? errorOf(service, fault) : error;
    });
    if (effect !== undefined) onEffect(name, effect(answer), number);
    if (fault === 'dies-after') dead = true;
    if (dead) throw new Dead('after');
    if (fault === 'lost-after') throw errorOf(service, fault);
    return answer;
  };

  const { iam, store, mailer } = world;
  const send = iam.send as (command: unknown, options: unknown) => Promise<unknown>;
  const through = (command: unknown, options: unknown): Promise<unknown> => {
    const { input } = command as { input: Write['input'] };
    const name = (command as { constructor: { name: string } }).constructor.name.replace(/Command$/, '');
    return request('iam', name, async () => {
      if (!isAmong(name, 'write')) return send(command, options);
      const after = await onWrite({ name, input });
      const answer = await send(command, options);
      after();
      return answer;
    });
  };
  // As the notifier for SES answers what SES did not.
  const mail = async (message: Parameters<Notifier['notify']>[0]): Promise<Delivery> => {
    try {
      return await request(
        'mailer',
        'notify',
        () => mailer.notify(message),
        (answer) => (answer.status === 'delivered' ? message : undefined),
      );
    } catch (error) {
      if (error instanceof Dead) throw error;
      return { status: 'deferred', channel: 'mail', reason: (error as Error).name, retryAfterMs: 1000 };
    }
  };
  const isWritten = (key: string, value: unknown) => (answer: { readonly ok: boolean }) =>
    answer.ok ? { key, value } : undefined;
  return {
    // The SDK's `send` is overloaded by command; this passes each on in its promise form.
    iam: { send: through } as unknown as Iam,
    store: {
      get: (key) => request('store', `get ${key}`, () => store.get(key)),
      putIfAbsent: (key, value) =>
        request('store', `putIfAbsent ${key}`, () => store.putIfAbsent(key, value), isWritten(key, value)),
      compareAndSet: (key, value, version) =>
        request('store', `compareAndSet ${key}`, () => store.compareAndSet(key, value, version), isWritten(key, value)),
      delete: (key, version) => request('store', `delete ${key}`, () => store.delete(key, version)),
      list: (prefix, options) => request('store', `list ${prefix}`, () => store.list(prefix, options)),
    },
    mailer: {
      notify: mail,
      preflight: () => request('mailer', 'preflight', async () => mailer.preflight?.()),
    },
    requests,
    isDead: () => dead,
  };
};

import type { StateStore } from '@remedykit/core';
import type { NaclBlocker } from '../nacl/blocker.ts';
import type { BlockerOptions, Ec2 } from '../nacl/options.ts';
import { createTestBlocker, type TestWorld } from './test-blocker.ts';

/** When a worker dies: its request has not reached anybody, or has taken effect and the answer is lost. */
export type Moment = 'before' | 'after';

/** A worker that dies at one of its requests; from then on it reaches nobody. */
export interface MortalWorker {
  readonly worker: NaclBlocker;
  /** What it asked for so far, in order: `CreateNetworkAclEntry`, `store:get`. */
  readonly requests: readonly string[];
  readonly isDead: () => boolean;
}

/** A worker that dies at its `at`-th request (from 1 on). For tests of what is left behind. */
export const createMortalWorker = (
  world: TestWorld,
  at: number,
  moment: Moment,
  options: Partial<BlockerOptions> = {},
): MortalWorker => {
  const requests: string[] = [];
  let dead = false;
  const die = (): never => {
    throw new Error('the worker is dead');
  };
  const step = async <T>(name: string, send: () => Promise<T>): Promise<T> => {
    requests.push(name);
    const last = requests.length === at;
    if (dead || (last && moment === 'before')) {
      dead = true;
      return die();
    }
    try {
      return await send();
    } finally {
      if (last) dead = true;
    }
  };
  const send = async (command: unknown, more: unknown): Promise<unknown> => {
    const name = (command as { constructor: { name: string } }).constructor.name.replace(/Command$/, '');
    const answer = await step(name, () => world.ec2.send(command as never, more as never));
    return dead ? die() : answer;
  };
  const through =
    <Args extends readonly unknown[], T>(name: string, call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const answer = await step(`store:${name}`, () => call(...args));
      return dead ? die() : answer;
    };
  const { get, putIfAbsent, compareAndSet, delete: remove, list } = world.store;
  const store: StateStore = {
    get: through('get', get),
    putIfAbsent: through('putIfAbsent', putIfAbsent),
    compareAndSet: through('compareAndSet', compareAndSet),
    delete: through('delete', remove),
    list: through('list', list),
  };
  // The SDK's `send` is overloaded; this one answers in its promise form.
  const ec2 = { send } as Ec2;
  const worker = createTestBlocker({ ...options, ec2, store, sleep: async () => undefined }, world);
  return { worker, requests, isDead: () => dead };
};

import { minutes, RemediationError, type StateStore, seconds } from '@remedykit/core';
import type { VirtualTime } from '@remedykit/core/testing';
import type { Ec2, GuardDuty } from '../../nacl/options.ts';
import { awsError } from '../aws-error.ts';
import type { Fault } from './actions.ts';

// For tests alone: the requests of one worker, each of which takes time and may go wrong.

/** A worker that is dead; nobody hears what becomes of its work. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** What a worker reaches the world through. */
export interface Reach {
  readonly ec2: Ec2;
  readonly guardDuty: GuardDuty;
  readonly store: StateStore;
  /** True once it died. */
  readonly isDead: () => boolean;
}

interface ReachOptions {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly faults: readonly Omit<Fault, 'worker'>[];
}

/** Longer than any lease. */
const frozenMs = minutes(20);

type Lost = () => Error;

const lostAnswer: Lost = () => awsError('TimeoutError', 'A fault of the story.');
const limited: Lost = () => awsError('RequestLimitExceeded', 'A fault of the story.');
const unavailable: Lost = () =>
  new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'A fault of the story.', retryable: true });

/** Puts the faults between a worker and the world. */
export const createReach = (
  world: { readonly ec2: Ec2; readonly guardDuty: GuardDuty; readonly store: StateStore },
  { time, random, faults }: ReachOptions,
): Reach => {
  let requests = 0;
  let dead = false;

  const request = async <Answer>(
    send: () => Promise<Answer>,
    { lost, throttled, aborts }: { readonly lost: Lost; readonly throttled: Lost; readonly aborts: boolean },
  ): Promise<Answer> => {
    requests += 1;
    const fault = faults.find((one) => one.request === requests)?.fault;
    await time.sleep(5 + random() * seconds(1));
    if (fault === 'dies-before') dead = true;
    if (dead) throw new Dead('before');
    if (fault === 'throttled') throw throttled();
    if (fault === 'lost-before') throw lost();
    if (fault === 'freezes-before') {
      await time.sleep(frozenMs);
      // The request to EC2 has a deadline, which passed while nothing moved: it is never sent.
      if (aborts) throw lost();
    }
    const answer = await send();
    if (fault === 'dies-after') dead = true;
    if (fault === 'freezes-after') await time.sleep(frozenMs);
    if (dead) throw new Dead('after');
    if (fault === 'lost-after') throw lost();
    return answer;
  };

  const ofAws =
    (send: (command: never, options: never) => Promise<unknown>) => async (command: never, options: never) =>
      request(() => send(command, options), { lost: lostAnswer, throttled: limited, aborts: true });
  const ofStore =
    <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> =>
      request(() => call(...args), { lost: unavailable, throttled: unavailable, aborts: false });

  const { ec2, guardDuty, store } = world;
  // The SDK's `send` is overloaded by command; these pass each command on in its promise form.
  const send = (client: Ec2 | GuardDuty) => ofAws(client.send as (command: never, options: never) => Promise<unknown>);
  return {
    ec2: { send: send(ec2) } as unknown as Ec2,
    guardDuty: { send: send(guardDuty) } as unknown as GuardDuty,
    store: {
      get: ofStore(store.get),
      putIfAbsent: ofStore(store.putIfAbsent),
      compareAndSet: ofStore(store.compareAndSet),
      delete: ofStore(store.delete),
      list: ofStore(store.list),
    },
    isDead: () => dead,
  };
};

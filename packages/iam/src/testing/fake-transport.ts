import { type AwsError, awsError, isAwsError } from './aws-error.ts';
import { createFaults, type FaultOptions } from './fake-faults.ts';

/** One request as sent. */
export interface FakeCall {
  /** `iam:UpdateAccessKey` */
  readonly action: string;
  /** `UpdateAccessKey` */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The user whom the request names, by name or by the id of a key. */
  readonly user?: string;
}

/** Requests counted by action: `{ 'iam:GetUser': 2 }`. */
export type CallCounts = Readonly<Record<string, number>>;

/** Requests sent so far, those that failed among them. */
export interface FakeCalls {
  readonly total: number;
  readonly byAction: CallCounts;
  /** Those that name a user, by the user's name. */
  readonly byUser: Readonly<Record<string, CallCounts>>;
  /** Those that name no user. */
  readonly withoutUser: CallCounts;
}

/** What the fake offers beside `send`. */
export interface FakeControls {
  /** Counts of the requests sent so far. */
  calls(): FakeCalls;
  /** The same requests in order, each with its input. */
  readonly log: readonly FakeCall[];
  /** Forgets `calls` and `log`. */
  resetCalls(): void;
  /**
   * Makes calls of one operation fail.
   * @example
   * ```ts
   * import { createFakeIam } from '@remedykit/iam/testing';
   * const iam = createFakeIam();
   * iam.failNext('UpdateAccessKey', { code: 'ServiceFailure', after: 'effect' });
   * ```
   */
  failNext(operation: string, fault: FaultOptions): void;
  /**
   * A function that every call waits for before it takes effect, so that a test can interleave workers; when it throws,
   * the call ends so and has no effect. undefined: none.
   */
  before(hook: ((call: FakeCall) => void | Promise<void>) | undefined): void;
}

interface TransportOptions {
  readonly operations: readonly string[];
  /** An error when the call is to be throttled. */
  readonly throttle?: (operation: string) => AwsError | undefined;
  /** The user whom an input names. */
  readonly userIn: (input: FakeCall['input']) => string | undefined;
  /** Does the work and gives the answer without `$metadata`, or throws an AWS error. */
  readonly perform: (operation: string, input: FakeCall['input']) => object;
}

/** The controls and a `send` without the SDK's types; the fake adds these. */
export interface Transport extends FakeControls {
  send(command: unknown, options?: unknown): Promise<object>;
}

const readCommand = (command: unknown, operations: readonly string[]): Pick<FakeCall, 'operation' | 'input'> => {
  const { input, schema } = command as { input?: unknown; schema?: unknown };
  // Bundlers rename classes, so the operation's name in the SDK's schema counts first where there is one.
  const named = Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : undefined;
  const operation = named ?? (command as object).constructor.name.replace(/Command\d*$/, '');
  if (!operations.includes(operation)) {
    throw new Error(`The fake iam does not answer ${operation}. It knows: ${operations.join(', ')}.`);
  }
  return { operation, input: structuredClone((input ?? {}) as Record<string, unknown>) };
};

const signalOf = (options: unknown): AbortSignal | undefined => {
  if (typeof options === 'function') throw new Error('The fakes answer with a promise; callbacks are not supported.');
  return (options as { abortSignal?: AbortSignal } | undefined)?.abortSignal;
};

const aborted = (): Error => awsError('AbortError', 'Request aborted');

const orAborted = async (work: void | Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  if (signal === undefined) return await work;
  let stop = (): void => {};
  const abort = new Promise<never>((_resolve, reject) => {
    stop = () => reject(aborted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, abort]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const countBy = (log: readonly FakeCall[]): CallCounts => {
  const counts: Record<string, number> = {};
  for (const { action } of log) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
};

const countAll = (log: readonly FakeCall[]): FakeCalls => {
  const ofUser = new Map<string, FakeCall[]>();
  for (const call of log) {
    if (call.user === undefined) continue;
    const others = ofUser.get(call.user);
    if (others === undefined) ofUser.set(call.user, [call]);
    else others.push(call);
  }
  return {
    total: log.length,
    byAction: countBy(log),
    byUser: Object.fromEntries([...ofUser].map(([user, calls]) => [user, countBy(calls)])),
    withoutUser: countBy(log.filter((call) => call.user === undefined)),
  };
};

/** Counting, faults, throttling, aborting and request ids around what does the work. */
export const createTransport = ({ operations, throttle, userIn, perform }: TransportOptions): Transport => {
  const log: FakeCall[] = [];
  const faults = createFaults(operations);
  let hook: ((call: FakeCall) => void | Promise<void>) | undefined;
  let requests = 0;

  const answer = ({ operation, input }: FakeCall, requestId: string): object => {
    try {
      const throttled = throttle?.(operation);
      if (throttled !== undefined) throw throttled;
      const fault = faults.take(operation, input);
      if (fault?.after === 'before') throw fault.error(requestId);
      const output = perform(operation, input);
      if (fault !== undefined) throw fault.error(requestId);
      return { ...output, $metadata: { httpStatusCode: 200, requestId, attempts: 1, totalRetryDelay: 0 } };
    } catch (error) {
      if (isAwsError(error)) throw awsError(error.Code, error.message, requestId);
      throw error;
    }
  };

  return {
    calls: () => countAll(log),
    log,
    resetCalls() {
      log.length = 0;
    },
    failNext(operation, fault) {
      faults.arm(operation, fault);
    },
    before(next) {
      hook = next;
    },
    async send(command, options) {
      const signal = signalOf(options);
      const { operation, input } = readCommand(command, operations);
      if (signal?.aborted) throw aborted();
      const user = userIn(input);
      const call: FakeCall = { action: `iam:${operation}`, operation, input, ...(user === undefined ? {} : { user }) };
      log.push(call);
      requests += 1;
      const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
      if (hook !== undefined) await orAborted(hook(call), signal);
      if (signal?.aborted) throw aborted();
      return answer(call, requestId);
    },
  };
};

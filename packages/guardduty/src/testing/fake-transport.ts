import { type AwsError, awsError, isAwsError } from './aws-error.ts';
import { createFaults, type FaultOptions } from './fake-faults.ts';

/** One request as sent. */
export interface FakeCall {
  /** `ec2:CreateNetworkAclEntry` */
  readonly action: string;
  /** `CreateNetworkAclEntry` */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What every fake client offers beside `send`. */
export interface FakeControls {
  /** Requests sent so far by action (`ec2:CreateNetworkAclEntry`), those that failed among them. */
  readonly calls: Readonly<Record<string, number>>;
  /** The same requests in order, each with its input. */
  readonly log: readonly FakeCall[];
  /** Forgets `calls` and `log`. */
  resetCalls(): void;
  /**
   * Makes calls of one operation fail.
   * @example
   * ```ts
   * import { createFakeEc2 } from '@remedykit/guardduty/testing';
   * const ec2 = createFakeEc2();
   * ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', after: 'effect' });
   * ```
   */
  failNext(operation: string, fault: FaultOptions): void;
  /** A function that every call waits for before it takes effect, so that a test can interleave; undefined: none. */
  onCall(hook: ((call: FakeCall) => void | Promise<void>) | undefined): void;
}

interface TransportOptions {
  /** The prefix of the actions: `ec2`. */
  readonly service: string;
  readonly operations: readonly string[];
  /** An error when the call is to be throttled. */
  readonly throttle?: (operation: string) => AwsError | undefined;
  /** Does the work and gives the answer without `$metadata`, or throws an AWS error. */
  readonly perform: (operation: string, input: Readonly<Record<string, unknown>>) => object;
}

/** The controls and a `send` without the SDK's types; the fakes add these. */
export interface Transport extends FakeControls {
  send(command: unknown, options?: unknown): Promise<object>;
}

interface SentCommand {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const readCommand = (command: unknown, service: string, operations: readonly string[]): SentCommand => {
  const { input, schema } = command as { input?: unknown; schema?: unknown };
  // Bundlers rename classes, so the operation's name in the SDK's schema counts first where there is one.
  const named = Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : undefined;
  const operation = named ?? (command as object).constructor.name.replace(/Command\d*$/, '');
  if (!operations.includes(operation)) {
    throw new Error(`The fake ${service} does not answer ${operation}. It knows: ${operations.join(', ')}.`);
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

/** What all fake clients share: counting, faults, throttling, aborting, request ids. */
export const createTransport = ({ service, operations, throttle, perform }: TransportOptions): Transport => {
  const calls: Record<string, number> = {};
  const log: FakeCall[] = [];
  const faults = createFaults(service, operations);
  let hook: ((call: FakeCall) => void | Promise<void>) | undefined;
  let requests = 0;

  const answer = (operation: string, input: FakeCall['input'], requestId: string): object => {
    try {
      const throttled = throttle?.(operation);
      if (throttled !== undefined) throw throttled;
      const fault = faults.take(operation, input);
      if (fault?.after === 'before') throw fault.error(requestId);
      const output = perform(operation, input);
      if (fault !== undefined) throw fault.error(requestId);
      return { ...output, $metadata: { httpStatusCode: 200, requestId, attempts: 1, totalRetryDelay: 0 } };
    } catch (error) {
      if (isAwsError(error)) throw awsError(error.name, error.message, requestId);
      throw error;
    }
  };

  return {
    calls,
    log,
    resetCalls() {
      for (const action of Object.keys(calls)) delete calls[action];
      log.length = 0;
    },
    failNext(operation, fault) {
      faults.arm(operation, fault);
    },
    onCall(next) {
      hook = next;
    },
    async send(command, options) {
      const signal = signalOf(options);
      const { operation, input } = readCommand(command, service, operations);
      if (signal?.aborted) throw aborted();
      const action = `${service}:${operation}`;
      const call: FakeCall = { action, operation, input };
      calls[action] = (calls[action] ?? 0) + 1;
      log.push(call);
      requests += 1;
      const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
      if (hook !== undefined) await orAborted(hook(call), signal);
      if (signal?.aborted) throw aborted();
      return answer(operation, input, requestId);
    },
  };
};

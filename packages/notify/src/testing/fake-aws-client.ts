/** A failure to come, armed with `failNext`. */
export interface AwsFault {
  /** The error's name: a service's code (`ThrottledException`), or `TimeoutError`, `ECONNRESET` where no answer comes. */
  readonly code: string;
  /** Whether the call fails before it does anything (default), or after: the work is done and the answer is lost. */
  readonly after?: 'before' | 'effect';
  /** How many calls fail; 1 by default, `Infinity` for all to come. */
  readonly times?: number;
  /** True: the call never ends by itself, only when it is aborted. */
  readonly hang?: boolean;
}

/** One request as sent. */
export interface AwsCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What every fake client offers beside `send`. */
export interface FakeAwsControls {
  /** Requests in order, those that failed among them. */
  readonly log: readonly AwsCall[];
  /** Makes calls of one operation fail. */
  failNext(operation: string, fault: AwsFault): void;
}

interface Transport extends FakeAwsControls {
  send(command: unknown, options?: unknown): Promise<object>;
  forget(): void;
}

/** Codes which services answer with another status than 400. */
const statusByCode: Readonly<Record<string, number>> = {
  InternalErrorException: 500,
  InternalServiceErrorException: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
  AuthorizationErrorException: 403,
  AccessDeniedException: 403,
  NotFoundException: 404,
  ThrottledException: 429,
  TooManyRequestsException: 429,
};

/** Codes for which no answer came: there is no status. */
const withoutAnswer: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError', 'ECONNRESET', 'ECONNREFUSED']);

/** An error in the shape of the SDK's. */
export const fakeAwsError = (code: string, message = `${code} of the fake`): Error =>
  Object.assign(new Error(message), {
    name: code,
    $fault: (statusByCode[code] ?? 400) < 500 ? 'client' : 'server',
    $metadata: withoutAnswer.has(code) ? {} : { httpStatusCode: statusByCode[code] ?? 400 },
  });

const readCommand = (command: unknown, operations: readonly string[]): AwsCall => {
  const { input, schema } = command as { input?: unknown; schema?: unknown };
  // Bundlers rename classes, so the operation's name in the SDK's schema counts first where there is one.
  const named = Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : undefined;
  const operation = named ?? (command as object).constructor.name.replace(/Command\d*$/, '');
  if (!operations.includes(operation))
    throw new Error(`The fake does not answer ${operation}. It knows: ${operations.join(', ')}.`);
  return { operation, input: structuredClone((input ?? {}) as Record<string, unknown>) };
};

const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(fakeAwsError('AbortError')), { once: true });
  });

/** What fake AWS clients share: a log, faults, aborting. */
export const createFakeTransport = (operations: readonly string[], perform: (call: AwsCall) => object): Transport => {
  const log: AwsCall[] = [];
  const armed: { readonly operation: string; readonly fault: AwsFault; left: number }[] = [];

  const takeFault = (operation: string): AwsFault | undefined => {
    const next = armed.find((entry) => entry.operation === operation && entry.left > 0);
    if (next === undefined) return undefined;
    next.left -= 1;
    return next.fault;
  };

  return {
    log,
    failNext: (operation, fault) => {
      if (!operations.includes(operation))
        throw new Error(`failNext: name one of ${operations.join(', ')}, not ${operation}.`);
      armed.push({ operation, fault, left: fault.times ?? 1 });
    },
    forget: () => {
      log.length = 0;
      armed.length = 0;
    },
    send: async (command, options) => {
      const signal = (options as { abortSignal?: AbortSignal } | undefined)?.abortSignal;
      const call = readCommand(command, operations);
      if (signal?.aborted) throw fakeAwsError('AbortError');
      log.push(call);
      const fault = takeFault(call.operation);
      if (fault?.hang === true) return untilAborted(signal);
      if (fault !== undefined && fault.after !== 'effect') throw fakeAwsError(fault.code);
      const output = perform(call);
      if (fault !== undefined) throw fakeAwsError(fault.code);
      return { ...output, $metadata: { httpStatusCode: 200 } };
    },
  };
};

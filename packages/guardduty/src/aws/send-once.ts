interface Sender {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/**
 * Carries an error past the SDK's retry middleware, which takes what it does not know as final. Not as its `cause`: the
 * middleware looks into that as well and tries again.
 */
class SingleAttempt extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('sent once');
    this.thrown = thrown;
  }
}

interface Stacked {
  readonly middlewareStack?: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: {
        readonly step: 'finalizeRequest';
        readonly priority: 'low';
        readonly name: string;
        readonly override: true;
      },
    ): void;
  };
}

/**
 * Sends a command exactly once, whatever retry strategy the caller's client has: a write to EC2 carries no idempotency
 * token, so each attempt has to be decided on by us, within the lease. Gives up after `timeoutMs`; the effect may then have
 * taken place.
 */
export const sendOnce = async <Output>(client: Sender, command: object, timeoutMs: number): Promise<Output> => {
  // The fakes of tests have no middleware and do not retry either.
  (command as Stacked).middlewareStack?.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw new SingleAttempt(error);
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'remedykitSingleAttempt', override: true },
  );
  try {
    // The command types of the SDK cannot be named without tying this helper to one client.
    return (await client.send(command as never, { abortSignal: AbortSignal.timeout(timeoutMs) })) as Output;
  } catch (error) {
    throw error instanceof SingleAttempt ? error.thrown : error;
  }
};

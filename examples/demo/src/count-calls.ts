/** Requests by action, `ec2:CreateNetworkAclEntry`. */
export type Counts = Record<string, number>;

const count = (counts: Counts, service: string, operation: string): void => {
  const action = `${service}:${operation}`;
  counts[action] = (counts[action] ?? 0) + 1;
};

interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: { readonly commandName?: string },
    ) => (args: unknown) => Promise<unknown>,
    options: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
  ): void;
}

/** Makes a client of the AWS SDK count every request that it sends; behind the SDK's own retries, so each attempt counts. */
export const countRequests = <Client extends { readonly middlewareStack: object }>(
  client: Client,
  service: string,
  counts: Counts,
): Client => {
  // The stack's own type is tied to each client's commands.
  (client.middlewareStack as Stack).add(
    (next, { commandName = 'unknown' }) =>
      (args) => {
        count(counts, service, commandName.replace(/Command$/, ''));
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  );
  return client;
};

/** The same for a fake, which has no middleware and does not retry: what is sent to it is one request. */
export const countSends = <Client extends { send: unknown }>(
  fake: Client,
  service: string,
  counts: Counts,
): Pick<Client, 'send'> => {
  const send = fake.send as (command: object, options?: unknown) => Promise<unknown>;
  return {
    // The SDK's `send` is overloaded by command; this one passes on what it is given.
    send: ((command: object, options?: unknown) => {
      count(counts, service, command.constructor.name.replace(/Command$/, ''));
      return send(command, options);
    }) as Client['send'],
  };
};

/** Both together, in the order of their names. */
export const sorted = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));

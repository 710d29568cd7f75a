import { isRemediationError, RemediationError } from '@remedykit/core';
import { type Attempt, rejected, unavailable } from './attempt.ts';
import type { Send } from './deliver.ts';

/** Where a secret is kept, `secretFromSecretsManager` or `secretFromSsm` of `@remedykit/notify/secrets`, or your own. */
export interface SecretSource {
  /**
   * The secret as it is now, or as it was a short while ago; with `refresh` read anew.
   * @throws RemediationError `SECRET_UNAVAILABLE`, which never holds the secret
   */
  read(options?: { readonly refresh?: boolean }): Promise<string>;
}

/** A secret itself, or where it is kept. */
export type Secret = string | SecretSource;

/** A secret that is at hand as a source. */
export const toSecretSource = (secret: Secret): SecretSource =>
  typeof secret === 'string' ? { read: async () => secret } : secret;

/** Why a secret is not at hand: our own code and words, never those of what was thrown. */
const readFailure = (error: unknown): Attempt => {
  const reason = 'no secret';
  if (!isRemediationError(error)) return unavailable(reason, false);
  const coded = `${reason}: ${error.message}`;
  return error.retryable ? unavailable(coded, false) : rejected(coded);
};

/**
 * A send that reads its secret first. Where the answer means that the secret may be an old one, it is read anew, once,
 * and the message sent again if it has changed. `parse` makes of it what is sent with; what it throws is a rejection.
 */
export const sendWithSecret =
  <T>(
    secret: Secret,
    parse: (secret: string) => T,
    send: (parsed: T, request: Parameters<Send>[0]) => Promise<Attempt>,
  ): Send =>
  async (request) => {
    const source = toSecretSource(secret);
    const use = async (value: string): Promise<Attempt> => {
      let parsed: T;
      try {
        parsed = parse(value);
      } catch (error) {
        return rejected(isRemediationError(error) ? error.message : 'the secret cannot be used');
      }
      return send(parsed, request);
    };
    try {
      const value = await source.read();
      const attempt = await use(value);
      if (attempt.result !== 'rejected' || attempt.staleSecret !== true || typeof secret === 'string') return attempt;
      const current = await source.read({ refresh: true });
      return current === value ? attempt : await use(current);
    } catch (error) {
      return readFailure(error);
    }
  };

/**
 * Checks a secret at the door: a string by `parse`, a source by its shape.
 * @throws what `parse` throws; RemediationError `OPTION_INVALID`
 */
export const checkSecret = (
  where: string,
  option: string,
  secret: unknown,
  parse: (secret: string) => unknown,
): void => {
  if (typeof secret === 'object' && secret !== null) {
    if ('read' in secret && typeof secret.read === 'function') return;
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: ${option} must be a string or a secret source, an object with read().`,
    });
  }
  // Whatever else untyped callers pass is refused by its parser, in the target's own words.
  parse(secret as string);
};

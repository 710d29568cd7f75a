import { RemediationError } from '../errors.ts';

/** Who asked for something, and why. */
export interface Author {
  readonly reason: string;
  readonly requestedBy: string;
}

/** The longest reason, in characters; keeps a full control document within the store's limit. */
const maxReason = 256;
const maxRequestedBy = 128;

/** Refuses a request by nobody or for no reason: what a person decided must be told to the next person. */
export const checkAuthor = (code: string, { reason, requestedBy }: Author): void => {
  for (const [name, text, max] of [
    ['reason', reason, maxReason],
    ['requestedBy', requestedBy, maxRequestedBy],
  ] as const)
    if (typeof text !== 'string' || text.trim() === '' || text.length > max)
      throw new RemediationError({
        code,
        message: `${name} must hold 1 to ${max} characters; it is kept with the decision.`,
      });
};

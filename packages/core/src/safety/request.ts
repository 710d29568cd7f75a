/** Who asked for something, and why. */
export interface Author {
  readonly reason: string;
  readonly requestedBy: string;
}

/** The longest reason, in characters; keeps a full control document within the store's limit. */
const maxReason = 256;
const maxRequestedBy = 128;

/**
 * What is wrong with a request by nobody or for no reason, in words: what a person decided must be told to the next
 * person. Undefined when nothing is wrong.
 */
export const authorFault = ({ reason, requestedBy }: Author): string | undefined =>
  textFault('reason', reason, maxReason) ?? textFault('requestedBy', requestedBy, maxRequestedBy);

const textFault = (name: string, text: string, max: number): string | undefined =>
  typeof text === 'string' && text.trim() !== '' && text.length <= max
    ? undefined
    : `${name} must hold 1 to ${max} characters; it is kept with the decision.`;

import { RemediationError } from '../errors.ts';
import { type Json, stringifyJson } from '../json.ts';

/** The largest document, in bytes of JSON; DynamoDB's own limit is 400 KB with everything around it. */
export const maxDocumentBytes: number = 256 * 1024;

/**
 * A document as text.
 * @throws RemediationError `STATE_TOO_LARGE` over 256 KB, `JSON_INVALID` for what is no plain JSON
 */
export const serializeDocument = (key: string, value: Json): string => {
  const text = stringifyJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxDocumentBytes) return text;
  throw new RemediationError({
    code: 'STATE_TOO_LARGE',
    message: `The document ${key} has ${bytes} bytes of JSON, at most ${maxDocumentBytes} are stored. Bound what it holds.`,
  });
};

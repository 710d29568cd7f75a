import { isRemediationError, RemediationError } from '@remedykit/core';

/**
 * Why a document is no finding that we can read.
 * - `FINDING_MALFORMED`: a field that is needed is missing or of the wrong kind; the message names its path
 * - `FINDING_FORM_UNSUPPORTED`: a form that carries findings, recognised but not read here; the message names it
 * - `FINDING_SOURCE_FOREIGN`: the envelope of an event says that somebody else than GuardDuty sent it
 * - `NOT_A_FINDING`: something else altogether; the message says what, as far as it can be told
 * - `FINDING_NOT_JSON`: text that is not JSON; the message gives the position
 * - `FINDINGS_SEVERAL`: several findings where one is read; the message says what reads them all
 * - `RECORDS_MALFORMED`: not an SQS or SNS event, or a record of it without what the service always gives
 * - `FINDING_LINE_TOO_LONG`: a line or a document longer than `readFindings` holds in memory
 * - `FINDINGS_UNREADABLE`: a file, folder or stream that cannot be read, or is gzipped and broken
 */
export type ParseErrorCode =
  | 'FINDING_MALFORMED'
  | 'FINDING_FORM_UNSUPPORTED'
  | 'FINDING_SOURCE_FOREIGN'
  | 'NOT_A_FINDING'
  | 'FINDING_NOT_JSON'
  | 'FINDINGS_SEVERAL'
  | 'RECORDS_MALFORMED'
  | 'FINDING_LINE_TOO_LONG'
  | 'FINDINGS_UNREADABLE';

/**
 * Calls `make` so that no error in it takes a stack: a batch of ten thousand broken records would spend most of its time
 * on stacks that nobody reads.
 */
export const withoutStack = <Result>(make: () => Result): Result => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/**
 * A parse error. No retry mends it, and its message never repeats a value of the document. The message says where in the
 * document; what is thrown to a caller has the caller's stack besides (`atDoor`).
 */
export const parseError = (code: ParseErrorCode, message: string, cause?: unknown): RemediationError =>
  withoutStack(() => new RemediationError({ code, message, cause }));

/** Calls `read`; a parse error that it throws gets the stack of whoever called `door`, a function of the public API. */
export const atDoor = <Result>(door: (...input: never[]) => unknown, read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (isRemediationError(error)) Error.captureStackTrace(error, door);
    throw error;
  }
};

/** The kind of a value for people, never the value itself. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
};

/** Words as the beginning of a sentence. */
export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** True for what JSON calls an object. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

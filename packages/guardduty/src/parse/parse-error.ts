import { RemediationError } from '@remedykit/core';

/**
 * Why a document is no finding that we can read.
 * - `FINDING_MALFORMED`: a field that is needed is missing or of the wrong kind; the message names its path
 * - `FINDING_FORM_UNSUPPORTED`: a form that carries findings, recognised but not read here; the message names it
 * - `FINDING_SOURCE_FOREIGN`: the envelope of an event says that somebody else than GuardDuty sent it
 * - `NOT_A_FINDING`: something else altogether; the message says what, as far as it can be told
 * - `FINDING_NOT_JSON`: text that is not JSON; the message gives the position
 * - `RECORDS_MALFORMED`: not an SQS event, or a record of it without what SQS always gives
 */
export type ParseErrorCode =
  | 'FINDING_MALFORMED'
  | 'FINDING_FORM_UNSUPPORTED'
  | 'FINDING_SOURCE_FOREIGN'
  | 'NOT_A_FINDING'
  | 'FINDING_NOT_JSON'
  | 'RECORDS_MALFORMED';

/** A parse error. No retry mends it, and its message never repeats a value of the document. */
export const parseError = (code: ParseErrorCode, message: string, cause?: unknown): RemediationError =>
  new RemediationError({ code, message, cause });

/** The kind of a value for people, never the value itself. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
};

/** True for what JSON calls an object. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

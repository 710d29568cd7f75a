import { isRemediationError, type RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { readFindingIn } from './finding-in.ts';
import { forms, recogniseForm } from './form.ts';
import { parseJsonText } from './json-text.ts';
import { isRecord, kindOf, parseError } from './parse-error.ts';

/** One record of a batch: its finding, or why there is none. */
export type ParsedRecord =
  | { readonly recordId?: string; readonly finding: Finding; readonly error?: undefined; readonly body?: undefined }
  | {
      readonly recordId?: string;
      readonly finding?: undefined;
      readonly error: RemediationError;
      /** The body as it came, whole, for the audit; the record as JSON where it has no body. */
      readonly body: string;
    };

const queueArn = /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w.-]{1,80}$/;

const readRecord = (record: unknown): Finding => {
  if (!isRecord(record)) {
    throw parseError('RECORDS_MALFORMED', `A record of the SQS event is ${kindOf(record)}, expected an object.`);
  }
  const { eventSource, eventSourceARN: arn, body } = record;
  if (eventSource !== 'aws:sqs') {
    throw parseError('RECORDS_MALFORMED', `eventSource of a record is ${kindOf(eventSource)}, expected aws:sqs.`);
  }
  if (typeof arn !== 'string' || !queueArn.test(arn)) {
    throw parseError('RECORDS_MALFORMED', `eventSourceARN of a record is ${kindOf(arn)}, expected the ARN of a queue.`);
  }
  if (typeof body !== 'string') {
    throw parseError('RECORDS_MALFORMED', `body of a record is ${kindOf(body)}, expected a string.`);
  }
  const within = 'The body of the SQS record';
  return readFindingIn(parseJsonText(body, within), { event: { channel: 'sqs', arn }, within });
};

const rawBody = (record: unknown): string => {
  if (isRecord(record) && typeof record.body === 'string') return record.body;
  try {
    return JSON.stringify(record) ?? kindOf(record);
  } catch {
    return kindOf(record);
  }
};

const parseRecord = (record: unknown): ParsedRecord => {
  const id = isRecord(record) && typeof record.messageId === 'string' ? { recordId: record.messageId } : {};
  try {
    return { ...id, finding: readRecord(record) };
  } catch (error) {
    // Anything else is a defect of ours: it must not pass for a poison record, which is acknowledged.
    if (!isRemediationError(error)) throw error;
    return { ...id, error, body: rawBody(record) };
  }
};

/**
 * The records of an SQS event whose bodies are EventBridge events, one result each, in order. A malformed record costs
 * nobody else anything: its result carries the error. The provenance is the queue that the record names; it counts only
 * where that queue is trusted and its event source mapping is the only one that invokes the function.
 * @throws RemediationError `RECORDS_MALFORMED` when the input is no SQS event at all. In results: this code for a record
 * without what SQS always gives, `FINDING_NOT_JSON` with the position, and the codes of `parseFinding`
 * @example
 * ```ts
 * import { parseRecords } from '@remedykit/guardduty';
 * export const handler = async (event: unknown) => {
 *   for (const { recordId, error } of parseRecords(event)) if (error) console.log(recordId, error.code);
 * };
 * ```
 */
export const parseRecords = (input: unknown): ParsedRecord[] => {
  const form = recogniseForm(input);
  if (form === 'sqs-event' && isRecord(input) && Array.isArray(input.Records)) return input.Records.map(parseRecord);
  throw parseError('RECORDS_MALFORMED', `This is ${forms[form]}, expected an SQS event with its Records.`);
};

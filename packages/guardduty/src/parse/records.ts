import { isRemediationError, type RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { findingsInRecord, outermost, theOnly } from './finding-in.ts';
import { forms, recogniseForm } from './form.ts';
import { atDoor, isRecord, kindOf, parseError } from './parse-error.ts';

/** One record of a batch: its finding, or why there is none. */
export type ParsedRecord =
  | { readonly recordId?: string; readonly finding: Finding; readonly error?: undefined; readonly body?: undefined }
  | {
      readonly recordId?: string;
      readonly finding?: undefined;
      readonly error: RemediationError;
      /** The body or message as it came, whole, for the audit; the record as JSON where it has none. */
      readonly body: string;
    };

/** Lambda developer guide, event source mapping of SQS: BatchSize of a standard queue. SNS sends one record at a time. */
const largestBatch = 10_000;

const messageOf = (record: unknown): { readonly id?: unknown; readonly body?: unknown } => {
  if (!isRecord(record)) return {};
  if (isRecord(record.Sns)) return { id: record.Sns.MessageId, body: record.Sns.Message };
  return { id: record.messageId, body: record.body };
};

const rawBody = (record: unknown): string => {
  const { body } = messageOf(record);
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(record) ?? kindOf(record);
  } catch {
    return kindOf(record);
  }
};

const parseRecord = (record: unknown): ParsedRecord => {
  const { id } = messageOf(record);
  const named = typeof id === 'string' ? { recordId: id } : {};
  try {
    return { ...named, finding: theOnly(findingsInRecord(record, outermost), 'A record') };
  } catch (error) {
    // Anything else is a defect of ours: it must not pass for a poison record, which is acknowledged.
    if (!isRemediationError(error)) throw error;
    return { ...named, error, body: rawBody(record) };
  }
};

const parseAll = (input: unknown): ParsedRecord[] => {
  const form = recogniseForm(input);
  if ((form === 'sqs-event' || form === 'sns-event') && isRecord(input) && Array.isArray(input.Records)) {
    if (input.Records.length <= largestBatch) return input.Records.map(parseRecord);
    throw parseError(
      'RECORDS_MALFORMED',
      `This is ${forms[form]} with more than ${largestBatch} records, which no service sends.`,
    );
  }
  throw parseError('RECORDS_MALFORMED', `This is ${forms[form]}, expected an SQS or SNS event with its Records.`);
};

/**
 * The records of an SQS or SNS event, one result each, in order: EventBridge events, bare findings, Security Hub findings
 * of GuardDuty, or SNS notifications with one of them. A malformed record costs nobody else anything: its result carries
 * the error. The provenance is the queue or topic that the record names; it counts only where that is trusted and its
 * mapping or subscription is the only one that invokes the function.
 * @throws RemediationError `RECORDS_MALFORMED` when the input is neither event at all. In results: this code for a record
 * without what its service always gives, and the codes of `parseFinding`
 * @example
 * ```ts
 * import { parseRecords } from '@remedykit/guardduty';
 * export const handler = async (event: unknown) => {
 *   for (const { recordId, error } of parseRecords(event)) if (error) console.log(recordId, error.code);
 * };
 * ```
 */
export const parseRecords = (input: unknown): ParsedRecord[] => atDoor(parseRecords, () => parseAll(input));

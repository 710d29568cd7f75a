import { RemediationError } from '@remedykit/core';

/** A record of CloudTrail as it came: an object with the fields of the CloudTrail record contents. */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is CloudTrailRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnEvent = (message: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'CLOUDTRAIL_NOT_AN_EVENT', message, cause });

/** Parses the text of an element. @throws `CLOUDTRAIL_NOT_AN_EVENT` */
export const parseElement = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notAnEvent('It is no JSON. The rest is read.', cause);
  }
};

/** A row of a query of CloudTrail Lake: a list of columns, each an object of its own. */
const rowOf = (columns: readonly unknown[]): CloudTrailRecord => Object.assign({}, ...columns.filter(isObject));

/** True for the digest files that CloudTrail writes beside its logs. */
export const isDigest = (value: unknown): boolean => isObject(value) && 'digestStartTime' in value;

/**
 * The records in a value: a record itself, one in an event of EventBridge, in an answer of `lookup-events`, in a row of CloudTrail
 * Lake that selects `eventJson`, or in a log event of CloudWatch Logs; and lists of these.
 * @throws `CLOUDTRAIL_NOT_AN_EVENT` for the first that is none
 */
export const recordsIn = (value: unknown): readonly CloudTrailRecord[] => {
  if (Array.isArray(value)) {
    const row = rowOf(value);
    if ('eventName' in row || 'eventJson' in row) {
      const columns = value.every((column) => isObject(column) && Object.keys(column).length === 1);
      if (columns) return recordsIn(row);
    }
    return value.flatMap(recordsIn);
  }
  if (!isObject(value)) throw notAnEvent('It is no object.');
  for (const name of ['CloudTrailEvent', 'eventJson', 'message']) {
    const text = value[name];
    if (typeof text === 'string' && typeof value.userIdentity !== 'object') return recordsIn(parseElement(text));
  }
  if ('eventSource' in value && 'eventName' in value) {
    if (typeof value.userIdentity === 'string')
      throw notAnEvent(
        'It is a row of CloudTrail Lake without eventJson: select that column, which has the whole event.',
      );
    return [value];
  }
  if (isObject(value.detail) && 'eventName' in value.detail) return [value.detail];
  for (const name of ['Records', 'Events', 'QueryResultRows', 'logEvents', 'events']) {
    const list = value[name];
    if (Array.isArray(list)) return list.flatMap(recordsIn);
  }
  throw notAnEvent('It has no eventSource and eventName, as every event of CloudTrail has.');
};

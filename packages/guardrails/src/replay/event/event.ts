import { RemediationError } from '@remedykit/core';
import type { CloudTrailRecord } from '../records/unwrap.ts';

/** What replaying needs of a record of CloudTrail. */
export interface ReplayEvent {
  readonly source: string;
  readonly name: string;
  /** ISO 8601, as it came. */
  readonly time: string;
  readonly region?: string;
  /** The account whose trail holds the record. */
  readonly recipient?: string;
  readonly identity: CloudTrailRecord;
  /** `AwsApiCall` where the record does not say, as old ones do not. */
  readonly type: string;
  readonly errorCode?: string;
  readonly record: CloudTrailRecord;
}

const isObject = (value: unknown): value is CloudTrailRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** A field as an object; empty where it is none. */
export const objectIn = (record: CloudTrailRecord, name: string): CloudTrailRecord => {
  const value = record[name];
  return isObject(value) ? value : {};
};

/** A field as text that says something. */
export const textIn = (record: CloudTrailRecord, name: string): string | undefined => {
  const value = record[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * Reads what replaying needs of a record. Tolerant of everything else.
 * @throws `CLOUDTRAIL_EVENT_INCOMPLETE` when it has no eventSource, eventName or eventTime
 */
export const parseEvent = (record: CloudTrailRecord): ReplayEvent => {
  const [source, name, time] = [
    textIn(record, 'eventSource'),
    textIn(record, 'eventName'),
    textIn(record, 'eventTime'),
  ];
  if (source === undefined || name === undefined || time === undefined || !instant.test(time)) {
    const id = textIn(record, 'eventID') ?? 'without an id';
    throw new RemediationError({
      code: 'CLOUDTRAIL_EVENT_INCOMPLETE',
      message: `The event ${id.slice(0, 80)} lacks eventSource, eventName or eventTime, which say what was called and when.`,
    });
  }
  const region = textIn(record, 'awsRegion');
  const recipient = textIn(record, 'recipientAccountId');
  const errorCode = textIn(record, 'errorCode');
  return {
    source,
    name,
    time,
    type: textIn(record, 'eventType') ?? 'AwsApiCall',
    identity: objectIn(record, 'userIdentity'),
    ...(region === undefined ? {} : { region }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(errorCode === undefined ? {} : { errorCode }),
    record,
  };
};

const denied = /access.?denied|unauthori[sz]ed|not.?authori[sz]ed|authorization.?error/i;

/** True for a call that AWS refused for want of permission. Source: error codes of the services' API references. */
export const wasDenied = ({ errorCode }: ReplayEvent): boolean => errorCode !== undefined && denied.test(errorCode);

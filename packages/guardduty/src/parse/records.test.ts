import { describe, expect, it } from 'vitest';
import { parseRecords } from './index.ts';

const arn = 'arn:aws:sqs:eu-west-1:111122223333:findings.fifo';
const detail = {
  id: 'f1',
  type: 'Trojan:EC2/DropPoint',
  accountId: '111122223333',
  region: 'eu-west-1',
  severity: 5,
};
const event = { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail };
const record = (body: unknown, changes = {}) => ({
  messageId: 'm1',
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...changes,
});

const one = (each: unknown) => parseRecords({ Records: [{ eventSource: 'aws:sqs' }, each] })[1];

describe('parseRecords', () => {
  it('gives each finding the queue as its provenance', () => {
    expect(parseRecords({ Records: [record(event)] })).toEqual([
      { recordId: 'm1', finding: expect.objectContaining({ id: 'f1', provenance: { channel: 'sqs', arn } }) },
    ]);
  });

  it('keeps one malformed record from costing the others anything, and keeps its body whole', () => {
    const body = '{"detail":\u0000}';
    const records = parseRecords({
      Records: [record(event), record(body, { messageId: 'm2' }), record(event, { messageId: 'm3' })],
    });
    expect(records.map(({ recordId, finding }) => [recordId, finding?.id])).toEqual([
      ['m1', 'f1'],
      ['m2', undefined],
      ['m3', 'f1'],
    ]);
    expect(records[1]).toMatchObject({
      error: { code: 'FINDING_NOT_JSON', message: expect.stringContaining('position 10 of 12') },
      body,
    });
  });

  it.each([
    [detail, 'FINDING_FORM_UNSUPPORTED', 'a bare GuardDuty finding'],
    [{ Type: 'Notification', TopicArn: 'arn', Message: '{}' }, 'FINDING_FORM_UNSUPPORTED', 'an SNS message'],
    [{ ...event, source: 'my.app' }, 'FINDING_SOURCE_FOREIGN', 'source is a string'],
    [{ ...event, detail: { ...detail, severity: 'HIGH' } }, 'FINDING_MALFORMED', 'detail.severity is a string'],
    ['"text"', 'FINDING_FORM_UNSUPPORTED', 'is text'],
    ['null', 'NOT_A_FINDING', 'null'],
  ])('says why a body is no finding: %j', (body, code, message) => {
    const result = one(record(body));
    expect(result).toMatchObject({ recordId: 'm1', error: { code, message: expect.stringContaining(message) } });
    expect(result?.finding).toBeUndefined();
  });

  it.each([
    [null, 'is null'],
    [record(event, { eventSource: 'aws:sns' }), 'eventSource'],
    [record(event, { eventSourceARN: undefined }), 'eventSourceARN of a record is missing'],
    [record(event, { eventSourceARN: 'eventbridge' }), 'eventSourceARN of a record is a string'],
    [record(event, { body: undefined }), 'body of a record is missing'],
    [record(event, { body: event }), 'body of a record is an object'],
  ])('says what a record lacks: %j', (each, message) => {
    const result = one(each);
    expect(result).toMatchObject({ error: { code: 'RECORDS_MALFORMED', message: expect.stringContaining(message) } });
    expect(typeof result?.body).toBe('string');
  });

  it('takes an event without records', () => {
    expect(parseRecords({ Records: [] })).toEqual([]);
  });

  it.each([[event], [{ Records: [{ EventSource: 'aws:sns' }] }], [{ Records: {} }], [null], ['{}'], [[record(event)]]])(
    'throws only when the input is no SQS event at all: %j',
    (input) => {
      expect(() => parseRecords(input)).toThrow(expect.objectContaining({ code: 'RECORDS_MALFORMED' }));
    },
  );
});

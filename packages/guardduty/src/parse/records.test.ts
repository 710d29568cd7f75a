import { describe, expect, it } from 'vitest';
import { parseRecords } from './index.ts';

const arn = 'arn:aws:sqs:eu-west-1:111122223333:findings.fifo';
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:findings';
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
    [{ Data: event }, 'FINDING_FORM_UNSUPPORTED', 'newer custom event bus'],
    [{ Type: 'Notification', TopicArn: 'arn', Message: '{}' }, 'NOT_A_FINDING', 'neither an envelope'],
    [{ Type: 'Notification', TopicArn: 'arn', Message: '{]' }, 'FINDING_NOT_JSON', 'position 1'],
    [{ Type: 'Notification', TopicArn: 'arn', Message: {} }, 'FINDING_MALFORMED', 'is an object, expected a string'],
    [[event, event], 'FINDINGS_SEVERAL', 'holds several findings'],
    [[], 'NOT_A_FINDING', 'holds no finding'],
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
    [record(event, { eventSource: 'aws:s3' }), 'eventSource of a record is a string'],
    [record(event, { eventSource: undefined }), 'eventSource of a record is missing'],
    [{ EventSource: 'aws:sns' }, 'Sns.TopicArn of a record is missing'],
    [{ EventSource: 'aws:sns', Sns: { TopicArn: arn } }, 'expected the ARN of a topic'],
    [{ EventSource: 'aws:sns', Sns: { TopicArn: topicArn } }, 'Sns.Message of a record is missing'],
    [record(event, { eventSourceARN: undefined }), 'eventSourceARN of a record is missing'],
    [record(event, { eventSourceARN: 'eventbridge' }), 'eventSourceARN of a record is a string'],
    [record(event, { body: undefined }), 'body of a record is missing'],
    [record(event, { body: event }), 'body of a record is an object'],
  ])('says what a record lacks: %j', (each, message) => {
    const result = one(each);
    expect(result).toMatchObject({ error: { code: 'RECORDS_MALFORMED', message: expect.stringContaining(message) } });
    expect(typeof result?.body).toBe('string');
  });

  it('reads every record of an SNS event, each with its topic as provenance', () => {
    const Sns = { Type: 'Notification', MessageId: 'm1', TopicArn: topicArn, Message: JSON.stringify(event) };
    const Records = [
      { EventSource: 'aws:sns', Sns },
      { EventSource: 'aws:sns', Sns: { ...Sns, MessageId: 'm2', Message: 'ALARM: all is lost' } },
      { EventSource: 'aws:sns', Sns: { ...Sns, MessageId: 'm3' } },
    ];
    expect(parseRecords({ Records })).toEqual([
      { recordId: 'm1', finding: expect.objectContaining({ provenance: { channel: 'sns', arn: topicArn } }) },
      {
        recordId: 'm2',
        error: expect.objectContaining({ code: 'FINDING_NOT_JSON' }),
        body: 'ALARM: all is lost',
      },
      { recordId: 'm3', finding: expect.objectContaining({ id: 'f1' }) },
    ]);
  });

  it('takes no more records than a service sends', () => {
    const Records = Array.from({ length: 10_001 }, () => ({ eventSource: 'aws:sqs' }));
    expect(() => parseRecords({ Records })).toThrow(/more than 10000 records/);
    expect(parseRecords({ Records: Records.slice(1) })).toHaveLength(10_000);
  });

  it('takes an event without records', () => {
    expect(parseRecords({ Records: [] })).toEqual([]);
  });

  it.each([[event], [{ Records: [{ eventSource: 'aws:s3' }] }], [{ Records: {} }], [null], ['{}'], [[record(event)]]])(
    'throws only when the input is no SQS or SNS event at all: %j',
    (input) => {
      expect(() => parseRecords(input)).toThrow(expect.objectContaining({ code: 'RECORDS_MALFORMED' }));
    },
  );
});

import { describe, expect, it } from 'vitest';
import { parseHeldFinding } from '../parse/held-finding.ts';
import { parseFinding, parseFindings, parseRecords } from '../parse/index.ts';
import { allFindingEvents } from './all-finding-events.ts';
import { eventBridgeEvent } from './event-bridge-event.ts';
import { portProbeEvent, sshBruteForceEvent } from './finding-events.ts';
import { exportLines, getFindingsAnswer } from './finding-lists.ts';
import { snsEvent, snsInSqsEvent } from './sns-event.ts';
import { sqsEvent } from './sqs-event.ts';

const at = new Date('2026-11-24T10:00:00.000Z');
const topicArn = 'arn:aws:sns:eu-central-1:111122223333:findings';
const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:findings';

describe('every builder in every envelope parses to the same finding', () => {
  const cases = Object.entries(allFindingEvents);

  it.each(cases)('%s', (_name, build) => {
    const event = build({ at });
    const finding = parseFinding(event);
    const pascal = getFindingsAnswer([event]).Findings[0] ?? {};
    const bare = { ...finding, provenance: { channel: 'bare' } };
    expect(parseFinding(eventBridgeEvent(pascal))).toEqual(finding);
    expect(parseFinding(event.detail)).toEqual(bare);
    expect(parseFindings({ Findings: [pascal, pascal] })).toEqual([bare, bare]);
    expect(parseFindings(exportLines([event, event]))).toEqual([bare, bare]);
    const sns = { ...finding, provenance: { channel: 'sns', arn: topicArn } };
    expect(parseFinding(snsEvent([event], { topicArn }))).toEqual(sns);
    const sqs = { finding: { ...finding, provenance: { channel: 'sqs', arn: queueArn } } };
    expect(parseRecords(sqsEvent([event, pascal], { queueArn }))).toMatchObject([sqs, sqs]);
    expect(parseRecords(snsInSqsEvent([event], { topicArn, queueArn }))).toMatchObject([sqs]);
  });
});

describe('envelopes', () => {
  it('an event takes account, Region and time from the document, in either case', () => {
    const event = sshBruteForceEvent({ at, accountId: '444455556666', region: 'eu-central-1' });
    expect(eventBridgeEvent(event.detail)).toEqual(event);
    const [pascal] = getFindingsAnswer([event]).Findings;
    expect(eventBridgeEvent(pascal ?? {})).toEqual({ ...event, detail: pascal });
  });

  it.each(Object.entries(allFindingEvents))('GetFindings answers %s in PascalCase', (_name, build) => {
    const event = build({ at });
    const [pascal] = getFindingsAnswer([event]).Findings;
    expect(getFindingsAnswer([event.detail]).Findings).toEqual([pascal]);
    expect(getFindingsAnswer([pascal ?? {}]).Findings).toEqual([pascal]);
    expect(JSON.stringify(pascal)).not.toMatch(/"[a-z]\w*":/);
    expect(parseHeldFinding(pascal, { channel: 'eventbridge' })).toEqual(parseFinding(event));
  });

  it('an export has one bare finding a line', () => {
    const events = [sshBruteForceEvent({ at }), portProbeEvent({ at })];
    const text = exportLines(events);
    expect(exportLines(events.map(({ detail }) => detail))).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events.map(({ detail }) => detail));
    expect(() => exportLines([['no finding']])).toThrow('A finding is an object');
  });

  it('SNS carries each message as text, malformed text among them', () => {
    const event = snsEvent([sshBruteForceEvent({ at }), '{ broken'], { topicArn, at });
    expect(event.Records.map(({ Sns }) => Sns.Message)).toEqual([
      JSON.stringify(sshBruteForceEvent({ at })),
      '{ broken',
    ]);
    expect(event.Records[0]).toMatchObject({
      EventSource: 'aws:sns',
      EventSubscriptionArn: expect.stringMatching(`^${topicArn}:`),
      Sns: { TopicArn: topicArn, Timestamp: at.toISOString() },
    });
    expect(new Set(event.Records.map(({ Sns }) => Sns.MessageId)).size).toBe(2);
  });

  it('a queue behind a topic holds the notifications of the topic', () => {
    const event = snsInSqsEvent([portProbeEvent({ at })], { topicArn, queueArn, at });
    const body = JSON.parse(event.Records[0]?.body ?? '');
    expect(body).toMatchObject({ Type: 'Notification', TopicArn: topicArn, Timestamp: at.toISOString() });
    expect(JSON.parse(body.Message)).toEqual(portProbeEvent({ at }));
    expect(event.Records[0]?.eventSourceARN).toBe(queueArn);
  });
});

import { describe, expect, it } from 'vitest';
import type { Provenance } from '../finding.ts';
import { asAsff, securityHubEvent } from '../testing/asff-events.ts';
import { sshBruteForceEvent } from '../testing/finding-events.ts';
import { parseFinding, parseFindings, parseRecords } from './index.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:nobody-listed-it';
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:findings';

const camel = {
  id: 'f1',
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  accountId: '111122223333',
  region: 'eu-west-1',
  severity: 2,
  service: {
    archived: true,
    resourceRole: 'TARGET',
    additionalInfo: { value: '{"sample":true}' },
    action: {
      actionType: 'NETWORK_CONNECTION',
      networkConnectionAction: { remoteIpDetails: { ipAddressV4: '198.51.100.7' } },
    },
  },
};

/** As the API writes it. */
const toPascal = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toPascal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), toPascal(inner)]),
  );
};

const pascal = toPascal(camel);
const event = (detail: unknown, changes: object = {}) => ({
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: '444455556666',
  detail,
  ...changes,
});
const sqsRecord = (body: unknown) => ({
  messageId: 'm1',
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  body: JSON.stringify(body),
});
const sqs = (...bodies: unknown[]) => ({ Records: bodies.map(sqsRecord) });
const notification = (message: unknown) => ({
  Type: 'Notification',
  MessageId: 'm1',
  TopicArn: topicArn,
  Message: JSON.stringify(message),
});
const snsRecord = (message: unknown) => ({ EventSource: 'aws:sns', EventVersion: '1.0', Sns: notification(message) });
const sns = (...messages: unknown[]) => ({ Records: messages.map(snsRecord) });

const eventbridge: Provenance = { channel: 'eventbridge' };
const bare: Provenance = { channel: 'bare' };
const queue: Provenance = { channel: 'sqs', arn: queueArn };
const topic: Provenance = { channel: 'sns', arn: topicArn };

const envelopes: readonly (readonly [string, unknown, Provenance])[] = [
  ['an EventBridge event', event(camel), eventbridge],
  ['an EventBridge event with PascalCase detail', event(pascal), eventbridge],
  ['a bare finding', camel, bare],
  ['an element of GetFindings', pascal, bare],
  ['an answer of GetFindings', { Findings: [pascal], $metadata: {} }, bare],
  ['an answer of GetFindings as the CLI prints it', JSON.stringify({ Findings: [pascal] }, null, 4), bare],
  ['a list', [camel], bare],
  ['a list with an event, which no rule hands over', [event(camel)], bare],
  ['JSON as text', JSON.stringify(event(camel)), bare],
  ['a line of an export', `${JSON.stringify(camel)}\n`, bare],
  ['an SNS event', sns(event(camel)), topic],
  ['an SNS event with a bare finding', sns(camel), topic],
  ['one record of an SNS event', snsRecord(event(pascal)), topic],
  ['an SNS notification by itself, whose signature nobody checked', notification(event(camel)), bare],
  ['an SQS event', sqs(event(camel)), queue],
  ['an SQS event with PascalCase detail', sqs(event(pascal)), queue],
  ['an SQS event with a bare finding, as raw delivery or an input path leaves it', sqs(camel), queue],
  ['an SQS event with a GetFindings element', sqs(pascal), queue],
  ['one record of an SQS event', sqsRecord(event(camel)), queue],
  ['a list of SQS records, as a pipe hands them over', [sqsRecord(event(camel))], bare],
  ['SNS in SQS', sqs(notification(event(camel))), queue],
  ['SNS in SQS with a bare finding', sqs(notification(camel)), queue],
];

describe('envelopes', () => {
  it.each(envelopes)('G22: reads the finding of %s', (_, document, provenance) => {
    const expected = {
      id: 'f1',
      accountId: '111122223333',
      resourceRole: 'TARGET',
      archived: true,
      sample: true,
      action: { kind: 'network-connection', remote: { ipv4: '198.51.100.7' } },
      provenance,
    };
    expect(parseFinding(document)).toMatchObject(expected);
    expect(parseFindings(document)).toMatchObject([expected]);
  });

  const asff = asAsff(sshBruteForceEvent({ at: new Date('2026-11-24T10:00:00.000Z'), from: '198.51.100.7' }));
  const hub = securityHubEvent([asff]);

  it.each<[string, unknown, Provenance]>([
    ["Security Hub's own event", hub, eventbridge],
    ["Security Hub's own event in SQS", sqs(hub), queue],
    ["Security Hub's own event in SNS", sns(hub), topic],
    ["Security Hub's own event in a list", [hub], bare],
    ['a batch of Security Hub', { Findings: [asff] }, bare],
    ['an ASFF finding by itself', asff, bare],
    ['an ASFF finding by itself in SQS, which lends it no authority', sqs(asff), bare],
  ])('reads the finding of %s', (_, document, provenance) => {
    const expected = { action: { remote: { ipv4: '198.51.100.7' } }, provenance };
    expect(parseFinding(document)).toMatchObject(expected);
    expect(parseFindings(document)).toMatchObject([expected]);
  });

  it('reads every finding of a Security Hub event, each by itself', () => {
    expect(parseFindings(securityHubEvent([asff, asff]))).toHaveLength(2);
    const broken = { ...hub, detail: { findings: [asff, null] } };
    expect(() => parseFindings(broken)).toThrow(/Finding 1, counted from 0: detail\.findings\.1 is null/);
    expect(() => parseFinding({ ...hub, source: 'my.app' })).toThrow(
      expect.objectContaining({ code: 'FINDING_SOURCE_FOREIGN' }),
    );
    expect(() => parseFinding({ ...hub, detail: { findings: [] } })).toThrow(/holds no finding/);
  });

  it.each([
    ['alone', event(camel, { source: 'my.app' })],
    ['in SQS', sqs(event(camel, { source: 'my.app' }))],
    ['in SNS', sns(event(camel, { source: undefined }))],
    ['in SNS in SQS', sqs(notification(event(pascal, { source: 'aws.securityhub' })))],
    ['in an export', JSON.stringify(event(camel, { source: 'my.app' }))],
  ])('refuses an event that somebody else sent, %s', (_, document) => {
    expect(() => parseFinding(document)).toThrow(expect.objectContaining({ code: 'FINDING_SOURCE_FOREIGN' }));
  });

  it('takes the outermost door, whatever envelope somebody put inside', () => {
    const forged = sqs(sns(event(camel)));
    expect(parseFinding(forged).provenance).toEqual(queue);
    expect(parseRecords(forged)[0]?.finding?.provenance).toEqual(queue);
    expect(parseFinding([forged]).provenance).toEqual(bare);
  });

  it('names the whole path through the envelopes', () => {
    const broken = { ...camel, severity: 'HIGH' };
    expect(() => parseFinding(sqs(notification(event(broken))))).toThrow(
      /an EventBridge event with a GuardDuty finding in the Message of an SNS notification in the body of an SQS record: Records\.0\.body\.Message\.detail\.severity is a string/,
    );
  });

  it.each([
    ['a list', [camel, camel]],
    ['an SQS event', sqs(event(camel), event(camel))],
    ['a GetFindings answer', { Findings: [pascal, pascal] }],
    ['lines', `${JSON.stringify(camel)}\r\n\n${JSON.stringify(event(camel))}`],
  ])('parseFindings gives all of %s, and parseFinding says so', (_, document) => {
    expect(parseFindings(document)).toHaveLength(2);
    expect(() => parseFinding(document)).toThrow(expect.objectContaining({ code: 'FINDINGS_SEVERAL' }));
  });

  it.each([
    ['a list', [camel, { ...camel, id: 7 }], /Finding 1, counted from 0: .*1\.id is a number/],
    ['an answer', { Findings: [pascal, null] }, /Finding 1, .*null or undefined, not a GuardDuty finding/],
    ['records', sqs(event(camel), event({ ...camel, id: 7 })), /Finding 1, .*Records\.1\.body\.detail\.id is a/],
    ['lines', `${JSON.stringify(camel)}\n{"id":}`, /Finding 1, .*Line 2 of the text is not JSON: .* position 6/],
    ['a list of one', [{ ...camel, id: 7 }], /^Cannot .* 0\.id is a number/],
    ['the first of two', [{ ...camel, id: 7 }, camel], /Finding 0, counted from 0: .* 0\.id is a number/],
  ])('names the index of the one that cannot be read in %s', (_, document, message) => {
    expect(() => parseFindings(document)).toThrow(message);
  });

  it.each([[[]], [{ Findings: [] }], [{ Records: [] }]])('finds nothing in %j', (document) => {
    expect(parseFindings(document)).toEqual([]);
    expect(() => parseFinding(document)).toThrow(expect.objectContaining({ code: 'NOT_A_FINDING' }));
  });

  it('says that a malware scan result over SNS is no finding', () => {
    const scan = { scanStatus: 'COMPLETED', scanResultDetails: {} };
    const over = sns(event(scan, { 'detail-type': 'GuardDuty Malware Protection Object Scan Result' }));
    expect(() => parseFinding(over)).toThrow(expect.objectContaining({ code: 'NOT_A_FINDING' }));
  });

  it('gives the position of a control character that makes text no JSON', () => {
    expect(() => parseFindings('{"id":"a\u0007"}')).toThrow(
      expect.objectContaining({ code: 'FINDING_NOT_JSON', message: expect.stringContaining('position 8 of 11') }),
    );
  });

  it('opens no more envelopes than anybody has use for', () => {
    let nested: unknown = camel;
    for (let depth = 0; depth < 10; depth += 1) nested = notification(nested);
    expect(() => parseFindings(nested)).toThrow(/nests deeper than 8 envelopes/);
    expect(() => parseFindings([[camel]])).toThrow(/a list, which is not read here/);
  });
});

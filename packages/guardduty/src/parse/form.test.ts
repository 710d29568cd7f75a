import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { type Form, forms, recogniseForm } from './form.ts';
import { parseFinding } from './index.ts';

const camel = { id: 'f1', type: 'T:EC2/x', accountId: '111122223333', region: 'eu-west-1', severity: 2 };
const pascal = { Id: 'f1', Type: 'T:EC2/x', AccountId: '111122223333', Region: 'eu-west-1', Severity: 2 };
const asff = {
  ProductArn: 'arn',
  AwsAccountId: '111122223333',
  Id: 'f1',
  Severity: { Label: 'LOW' },
  Region: 'eu-west-1',
};
const ocsf = { class_uid: 2004, finding_info: {}, severity: 'Low', resources: [] };
const scan = { scanStatus: 'COMPLETED', scanResultDetails: {}, schemaVersion: '1.0' };
const event = (detailType: string, detail: unknown, source = 'aws.guardduty') => ({
  'detail-type': detailType,
  source,
  detail,
});

const queue = 'arn:aws:sqs:eu-west-1:111122223333:findings';
const topic = 'arn:aws:sns:eu-west-1:111122223333:findings';
const body = JSON.stringify(event('GuardDuty Finding', camel));
const sqsRecord = { messageId: 'm1', body, eventSource: 'aws:sqs', eventSourceARN: queue };
const notification = { Type: 'Notification', TopicArn: topic, Message: body };
const snsRecord = { EventSource: 'aws:sns', Sns: notification };

const malformed = 'FINDING_MALFORMED';
const unsupported = 'FINDING_FORM_UNSUPPORTED';
const other = 'NOT_A_FINDING';

const recognised: readonly (readonly [Form, string | undefined, unknown])[] = [
  ['eventbridge-finding', undefined, event('GuardDuty Finding', camel)],
  ['eventbridge-pascal', undefined, event('GuardDuty Finding', pascal)],
  ['eventbridge-asff', other, event('Security Hub Findings - Imported', { findings: [asff] }, 'aws.securityhub')],
  ['eventbridge-ocsf', malformed, event('Findings Imported V2', { findings: [ocsf] }, 'aws.securityhub')],
  ['eventbridge-scan-result', other, event('GuardDuty Malware Protection Object Scan Result', scan)],
  ['eventbridge-other', other, event('EC2 Instance State-change Notification', {}, 'aws.ec2')],
  ['event-bus-v2', unsupported, { Data: event('GuardDuty Finding', camel) }],
  ['bare-finding', undefined, camel],
  ['bare-pascal', undefined, pascal],
  ['get-findings-response', undefined, { Findings: [pascal] }],
  ['bare-scan-result', other, scan],
  ['asff', other, asff],
  ['ocsf', malformed, ocsf],
  ['sqs-event', undefined, { Records: [sqsRecord] }],
  ['sqs-record', undefined, sqsRecord],
  ['sns-event', undefined, { Records: [snsRecord] }],
  ['sns-record', undefined, snsRecord],
  ['sns-message', undefined, notification],
  ['sns-confirmation', other, { ...notification, Type: 'SubscriptionConfirmation' }],
  ['records-other', other, { Records: [{ eventSource: 'aws:s3' }] }],
  ['cloudwatch-logs', other, { awslogs: { data: 'H4sI' } }],
  ['list', undefined, [camel]],
  ['text', undefined, JSON.stringify(camel)],
  ['nothing', other, null],
  ['scalar', other, 7],
  ['unknown', other, { hello: 'world' }],
];

describe('recogniseForm', () => {
  it.each(recognised)('tells %s apart, and parseFinding gives %s', (form, code, document) => {
    expect(recogniseForm(document)).toBe(form);
    try {
      expect(parseFinding(document)).toMatchObject({ id: 'f1' });
      expect(code).toBeUndefined();
    } catch (error) {
      if (!isRemediationError(error)) throw error;
      expect({ code: error.code, message: error.message }).toEqual({
        code,
        message: expect.stringContaining(forms[form]),
      });
    }
  });

  it('has an example of every form', () => {
    expect(recognised.map(([form]) => form).toSorted()).toEqual(Object.keys(forms).toSorted());
  });

  it.each([undefined, true, 1n, Symbol('s'), () => 1])('takes no value of another kind for a document', (value) => {
    expect(() => parseFinding(value)).toThrow(expect.objectContaining({ code: 'NOT_A_FINDING' }));
  });

  it('says what reads several findings', () => {
    expect(() => parseFinding([camel, camel])).toThrow(
      expect.objectContaining({
        code: 'FINDINGS_SEVERAL',
        message: expect.stringMatching(/parseFindings.*parseRecords/),
      }),
    );
    expect(() => parseFinding({ Records: [] })).toThrow(expect.objectContaining({ code: 'NOT_A_FINDING' }));
  });
});

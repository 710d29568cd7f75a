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

const unsupported = 'FINDING_FORM_UNSUPPORTED';
const other = 'NOT_A_FINDING';

const recognised: readonly (readonly [Form, string | undefined, unknown])[] = [
  ['eventbridge-finding', undefined, event('GuardDuty Finding', camel)],
  ['eventbridge-pascal', unsupported, event('GuardDuty Finding', pascal)],
  ['eventbridge-asff', unsupported, event('Security Hub Findings - Imported', { findings: [asff] }, 'aws.securityhub')],
  ['eventbridge-ocsf', unsupported, event('Findings Imported V2', { findings: [ocsf] }, 'aws.securityhub')],
  ['eventbridge-scan-result', other, event('GuardDuty Malware Protection Object Scan Result', scan)],
  ['eventbridge-other', other, event('EC2 Instance State-change Notification', {}, 'aws.ec2')],
  ['event-bus-v2', unsupported, { Data: event('GuardDuty Finding', camel) }],
  ['bare-finding', undefined, camel],
  ['bare-pascal', unsupported, pascal],
  ['get-findings-response', unsupported, { Findings: [pascal] }],
  ['bare-scan-result', other, scan],
  ['asff', unsupported, asff],
  ['ocsf', unsupported, ocsf],
  ['sqs-event', unsupported, { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
  ['sqs-record', unsupported, { messageId: 'm1', body: '{}', eventSource: 'aws:sqs' }],
  ['sns-event', unsupported, { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{}' } }] }],
  ['sns-message', unsupported, { Type: 'Notification', TopicArn: 'arn', Message: '{}' }],
  ['records-other', other, { Records: [{ eventSource: 'aws:s3' }] }],
  ['cloudwatch-logs', other, { awslogs: { data: 'H4sI' } }],
  ['list', unsupported, [camel]],
  ['text', unsupported, JSON.stringify(camel)],
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

  it('says what to do with text, lists and SQS events', () => {
    expect(() => parseFinding('{}')).toThrow(/JSON\.parse/);
    expect(() => parseFinding([camel])).toThrow(/one by one/);
    expect(() => parseFinding({ Records: [] })).toThrow(/parseRecords/);
  });
});

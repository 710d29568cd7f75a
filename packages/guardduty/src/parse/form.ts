import { isRecord } from './parse-error.ts';

/** Every form of document that is told apart, with its name for people. */
export const forms = {
  'eventbridge-finding': 'an EventBridge event with a GuardDuty finding',
  'eventbridge-pascal': 'an EventBridge event whose detail is a GetFindings (PascalCase) document',
  'eventbridge-asff': 'an EventBridge event with Security Hub findings (ASFF)',
  'eventbridge-ocsf': 'an EventBridge event with Security Hub findings (OCSF)',
  'eventbridge-scan-result': 'a GuardDuty malware scan result, which reports a scan and is not a finding',
  'eventbridge-other': 'an EventBridge event of another kind',
  'event-bus-v2': 'an event of the newer custom event bus (the event is under Data.detail)',
  'bare-finding': 'a bare GuardDuty finding',
  'bare-pascal': 'a GetFindings (PascalCase) document',
  'get-findings-response': 'a GetFindings answer (a list of findings)',
  'bare-scan-result': 'a GuardDuty malware scan result, which reports a scan and is not a finding',
  asff: 'a Security Hub finding (ASFF)',
  ocsf: 'a Security Hub finding (OCSF)',
  'sqs-event': 'an SQS event',
  'sqs-record': 'one record of an SQS event',
  'sns-event': 'an SNS event',
  'sns-record': 'one record of an SNS event',
  'sns-message': 'an SNS notification',
  'sns-confirmation': 'an SNS subscription message, which asks to be confirmed and carries no finding',
  'records-other': 'a batch of records of another service',
  'cloudwatch-logs': 'a CloudWatch Logs subscription event',
  list: 'a list',
  text: 'text',
  nothing: 'null or undefined',
  scalar: 'neither an object nor text',
  unknown: 'an object with neither an envelope nor the fields of a finding',
} as const;

/** A form of document, by the name under which code knows it. */
export type Form = keyof typeof forms;

const findingFields = ['accountId', 'type', 'severity', 'resource', 'service', 'id', 'region', 'schemaVersion'];
const pascalFields = findingFields.map((field) => field.charAt(0).toUpperCase() + field.slice(1));

const countOf = (document: Readonly<Record<string, unknown>>, fields: readonly string[]): number =>
  fields.filter((field) => Object.hasOwn(document, field)).length;

const isPascal = (document: Readonly<Record<string, unknown>>): boolean =>
  countOf(document, pascalFields) >= 2 && countOf(document, pascalFields) > countOf(document, findingFields);

const isAsff = (document: unknown): boolean =>
  isRecord(document) && (Object.hasOwn(document, 'ProductArn') || Object.hasOwn(document, 'AwsAccountId'));

const isOcsf = (document: unknown): boolean =>
  isRecord(document) && (Object.hasOwn(document, 'class_uid') || Object.hasOwn(document, 'finding_info'));

const isScanResult = (document: unknown): boolean =>
  isRecord(document) && Object.hasOwn(document, 'scanStatus') && Object.hasOwn(document, 'scanResultDetails');

const formOfEvent = (event: Readonly<Record<string, unknown>>): Form => {
  const { detail, 'detail-type': detailType, source } = event;
  if (typeof detailType === 'string' && detailType.startsWith('GuardDuty Malware Protection'))
    return 'eventbridge-scan-result';
  if (isScanResult(detail)) return 'eventbridge-scan-result';
  if (isRecord(detail) && Array.isArray(detail.findings)) {
    const first: unknown = detail.findings[0];
    if (isOcsf(first) || detailType === 'Findings Imported V2') return 'eventbridge-ocsf';
    if (isAsff(first) || source === 'aws.securityhub') return 'eventbridge-asff';
  }
  if (detailType !== undefined && detailType !== 'GuardDuty Finding') return 'eventbridge-other';
  return isRecord(detail) && isPascal(detail) ? 'eventbridge-pascal' : 'eventbridge-finding';
};

const formOfRecords = (records: readonly unknown[]): Form => {
  const sources = records.map((record) => (isRecord(record) ? (record.eventSource ?? record.EventSource) : undefined));
  if (records.length === 0 || sources.includes('aws:sqs')) return 'sqs-event';
  return sources.includes('aws:sns') ? 'sns-event' : 'records-other';
};

const formOfMessage = ({ Type: type }: Readonly<Record<string, unknown>>): Form =>
  type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation' ? 'sns-confirmation' : 'sns-message';

/**
 * Tells by its outer shape which form a document has. It judges neither origin nor content: a recognised form may still
 * be malformed, and a forged envelope looks like a true one.
 */
export const recogniseForm = (document: unknown): Form => {
  if (document === null || document === undefined) return 'nothing';
  if (typeof document === 'string') return 'text';
  if (Array.isArray(document)) return 'list';
  if (!isRecord(document)) return 'scalar';
  if (Array.isArray(document.Records)) return formOfRecords(document.Records);
  if (isRecord(document.Data) && Object.hasOwn(document.Data, 'detail')) return 'event-bus-v2';
  if (isRecord(document.awslogs)) return 'cloudwatch-logs';
  if (Object.hasOwn(document, 'detail') || Object.hasOwn(document, 'detail-type')) return formOfEvent(document);
  if (Object.hasOwn(document, 'body') && Object.hasOwn(document, 'messageId')) return 'sqs-record';
  if (isRecord(document.Sns)) return 'sns-record';
  if (Object.hasOwn(document, 'Message') && Object.hasOwn(document, 'TopicArn')) return formOfMessage(document);
  if (isOcsf(document)) return 'ocsf';
  if (isAsff(document)) return 'asff';
  if (isScanResult(document)) return 'bare-scan-result';
  if (Array.isArray(document.Findings) || Array.isArray(document.findings)) return 'get-findings-response';
  if (isPascal(document)) return 'bare-pascal';
  return countOf(document, findingFields) >= 2 ? 'bare-finding' : 'unknown';
};

import type { Finding, Provenance } from '../finding.ts';
import { readFindingDocument } from './finding-document.ts';
import { type Form, forms, recogniseForm } from './form.ts';
import { isRecord, kindOf, parseError } from './parse-error.ts';

const notFindings: ReadonlySet<Form> = new Set([
  'eventbridge-scan-result',
  'eventbridge-other',
  'bare-scan-result',
  'records-other',
  'cloudwatch-logs',
  'nothing',
  'scalar',
  'unknown',
]);

const advice: Partial<Record<Form, string>> = {
  'sqs-event': 'Pass it to parseRecords.',
  'sqs-record': 'Pass the whole SQS event to parseRecords.',
  text: 'Pass it through JSON.parse first.',
  list: 'Pass its elements one by one.',
  'get-findings-response': 'Its elements are GetFindings (PascalCase) documents.',
};

const readEvent = (event: Readonly<Record<string, unknown>>, provenance: Provenance): Finding => {
  const place = { envelope: forms['eventbridge-finding'], path: ['detail'] };
  if (event.source !== 'aws.guardduty') {
    throw parseError(
      'FINDING_SOURCE_FOREIGN',
      `Cannot take the finding from an EventBridge event: source is ${kindOf(event.source)}, expected the string aws.guardduty. Findings from elsewhere can be planned as bare findings, without an envelope.`,
    );
  }
  if (event['detail-type'] !== 'GuardDuty Finding') {
    throw parseError(
      'FINDING_MALFORMED',
      `Cannot read the finding in ${place.envelope}: detail-type is ${kindOf(event['detail-type'])}, expected the string GuardDuty Finding.`,
    );
  }
  return readFindingDocument(event.detail, place, provenance);
};

/** Where a document comes from: the channel that carried it, if any, and the words for it. */
export interface Door {
  /** Provenance of an EventBridge event that came through here. */
  readonly event: Provenance;
  /** Provenance of a bare finding; absent: a bare finding is not taken here. */
  readonly bare?: Provenance;
  /** `the body of the SQS record`; empty: the document itself. */
  readonly within: string;
}

/** Reads the one finding of a document, whatever form it has, or says which form it was that cannot be read. */
export const readFindingIn = (document: unknown, door: Door): Finding => {
  const form = recogniseForm(document);
  if (form === 'eventbridge-finding' && isRecord(document)) return readEvent(document, door.event);
  if (form === 'bare-finding' && door.bare) {
    return readFindingDocument(document, { envelope: forms['bare-finding'], path: [] }, door.bare);
  }
  const what = `${door.within || 'This'} is ${forms[form]}`;
  const next = (door.within === '' && advice[form]) || '';
  if (notFindings.has(form)) {
    throw parseError('NOT_A_FINDING', `${what}, not a GuardDuty finding. ${next}`.trimEnd());
  }
  throw parseError(
    'FINDING_FORM_UNSUPPORTED',
    `${what}. What can be read is an EventBridge event with a camelCase finding${door.bare ? ', or a bare camelCase finding' : ''}. ${next}`.trimEnd(),
  );
};

import { isRemediationError, type RemediationError } from '@remedykit/core';
import type { Finding, Provenance } from '../finding.ts';
import { asffFinding } from './asff/index.ts';
import { type DocumentPlace, readFindingDocument } from './finding-document.ts';
import { type Form, forms, recogniseForm } from './form.ts';
import { parseJsonText } from './json-text.ts';
import { ocsfFinding } from './ocsf/index.ts';
import { isRecord, kindOf, type ParseErrorCode, parseError, sentence } from './parse-error.ts';
import { readRecord } from './record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where a document stands, and through which door it came. */
export interface Place {
  /** The outermost door, which alone carries authority; absent: the document came by itself. */
  readonly carrier?: Provenance;
  /** `the body of an SQS record`; empty: the document itself. */
  readonly within: string;
  readonly path: readonly (string | number)[];
  /** An element of a list, which nobody puts into another. */
  readonly listed?: boolean;
}

/** The place of a document that came by itself. */
export const outermost: Place = { within: '', path: [] };

/** One finding, not read yet. Reading throws a coded error where it cannot be read. */
export type Unread = () => Finding;

/** SNS in SQS in a list is three deep; deeper nests are made to keep us busy. */
const deepest = 8;

const notFindings: ReadonlySet<Form> = new Set([
  'eventbridge-scan-result',
  'eventbridge-other',
  'bare-scan-result',
  'records-other',
  'sns-confirmation',
  'cloudwatch-logs',
  'nothing',
  'scalar',
  'unknown',
]);

const inWords = (form: Form, { within }: Place): string =>
  within === '' ? forms[form] : `${forms[form]} in ${within}`;

const inside = (place: Place, ...path: (string | number)[]): Place => ({ ...place, path: [...place.path, ...path] });

const refuse = (code: ParseErrorCode, form: Form, place: Place, fault: string): never => {
  throw parseError(code, `Cannot take the finding from ${inWords(form, place)}: ${fault}`);
};

/** Whoever can put events on a bus chooses their source, except those that begin with `aws.`. */
const demandSource = (event: Fields, source: string, form: Form, place: Place): void => {
  if (event.source === source) return;
  refuse(
    'FINDING_SOURCE_FOREIGN',
    form,
    place,
    `source is ${kindOf(event.source)}, expected the string ${source}. Findings from elsewhere can be planned as bare findings, without an envelope.`,
  );
};

const readEvent = (event: Fields, form: Form, place: Place): Finding => {
  demandSource(event, 'aws.guardduty', form, place);
  if (event['detail-type'] !== 'GuardDuty Finding') {
    refuse(
      'FINDING_MALFORMED',
      form,
      place,
      `detail-type is ${kindOf(event['detail-type'])}, expected the string GuardDuty Finding.`,
    );
  }
  const where = { envelope: inWords(form, place), path: [...place.path, 'detail'] };
  return fromEvent(event, readFindingDocument(event.detail, where, place.carrier ?? { channel: 'eventbridge' }));
};

/** The account that acts is the finding's own; that of the event says whose copy it is. */
const fromEvent = ({ account }: Fields, finding: Finding): Finding =>
  typeof account === 'string' && /^\d{12}$/.test(account) && account !== finding.accountId
    ? { ...finding, copyIn: account }
    : finding;

const readBare = (document: Fields, form: Form, place: Place): Finding =>
  readFindingDocument(
    document,
    { envelope: inWords(form, place), path: place.path },
    place.carrier ?? { channel: 'bare' },
  );

/** How each format of Security Hub is read. */
type HubReader = (finding: Fields, place: DocumentPlace, provenance: Provenance) => Finding;

/** Whoever may import findings writes them, so no door but Security Hub's own events lends one authority. */
const hubFinding = (read: HubReader, document: Fields, form: Form, place: Place): Unread => {
  const where = { envelope: inWords(form, place), path: place.path };
  return () => read(document, where, { channel: 'bare' });
};

function* hubFindings(read: HubReader, event: Fields, form: Form, place: Place): Generator<Unread> {
  demandSource(event, 'aws.securityhub', form, place);
  const list = isRecord(event.detail) && Array.isArray(event.detail.findings) ? event.detail.findings : [];
  for (const [index, finding] of list.entries()) {
    const where = { envelope: inWords(form, place), path: [...place.path, 'detail', 'findings', index] };
    yield () => {
      if (isRecord(finding)) return fromEvent(event, read(finding, where, place.carrier ?? { channel: 'eventbridge' }));
      throw parseError('FINDING_MALFORMED', `${where.path.join('.')} is ${kindOf(finding)}, expected an object.`);
    };
  }
}

/** What `open` gives; a failure is kept for its own reader, so that it costs the others nothing. */
export function* openEach(open: () => Iterable<Unread>): Generator<Unread> {
  try {
    yield* open();
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    yield () => {
      throw error;
    };
  }
}

function* inList(list: readonly unknown[], place: Place, depth: number): Generator<Unread> {
  for (const [index, element] of list.entries()) {
    yield* openEach(() => findingsIn(element, inside(place, index), depth + 1));
  }
}

function* inRecords(records: readonly unknown[], place: Place, depth: number): Generator<Unread> {
  for (const [index, record] of records.entries()) {
    yield* openEach(() => findingsInRecord(record, inside(place, 'Records', index), depth));
  }
}

/** The findings that a record of an SQS or SNS event carries. */
export const findingsInRecord = (record: unknown, place: Place, depth = 0): Iterable<Unread> => {
  const { provenance, text, path, within } = readRecord(record);
  const door = { carrier: place.carrier ?? provenance, within, path: [...place.path, ...path] };
  return findingsIn(parseJsonText(text, sentence(within)), door, depth + 1);
};

/** What SNS posts to an address. Only its signature would prove the topic, and that is not checked here. */
const inNotification = (message: Fields, place: Place, depth: number): Iterable<Unread> => {
  const within = `the Message of ${inWords('sns-message', place)}`;
  if (typeof message.Message !== 'string') {
    throw parseError('FINDING_MALFORMED', `${sentence(within)} is ${kindOf(message.Message)}, expected a string.`);
  }
  const carrier = place.carrier ?? { channel: 'bare' };
  return findingsIn(
    parseJsonText(message.Message, sentence(within)),
    { carrier, within, path: [...place.path, 'Message'] },
    depth + 1,
  );
};

/** Lists and text are collections that somebody made: no rule handed over their events. */
export const collected = (place: Place): Place => ({ ...place, carrier: place.carrier ?? { channel: 'bare' } });

/**
 * Every finding of a document, whatever form it has, in order and not read yet. Lists are opened as they are walked, so
 * that who stops at the first failure pays for no more.
 * @throws RemediationError of `ParseErrorCode` where the document itself is no form that carries findings
 */
export const findingsIn = (document: unknown, place: Place, depth = 0): Iterable<Unread> => {
  const form = recogniseForm(document);
  if (depth > deepest) {
    throw parseError('FINDING_MALFORMED', `${sentence(inWords(form, place))} nests deeper than ${deepest} envelopes.`);
  }
  if (Array.isArray(document) && !place.listed) return inList(document, { ...collected(place), listed: true }, depth);
  if (isRecord(document)) {
    switch (form) {
      case 'eventbridge-finding':
      case 'eventbridge-pascal':
        return [() => readEvent(document, form, place)];
      case 'bare-finding':
      case 'bare-pascal':
        return [() => readBare(document, form, place)];
      case 'asff':
        return [hubFinding(asffFinding, document, form, place)];
      case 'eventbridge-asff':
        return hubFindings(asffFinding, document, form, place);
      case 'ocsf':
        return [hubFinding(ocsfFinding, document, form, place)];
      case 'eventbridge-ocsf':
        return hubFindings(ocsfFinding, document, form, place);
      case 'get-findings-response': {
        const key = Array.isArray(document.Findings) ? 'Findings' : 'findings';
        const list = document[key];
        return inList(Array.isArray(list) ? list : [], inside(collected(place), key), depth);
      }
      case 'sqs-event':
      case 'sns-event':
        return inRecords(Array.isArray(document.Records) ? document.Records : [], place, depth);
      case 'sqs-record':
      case 'sns-record':
        return findingsInRecord(document, place, depth);
      case 'sns-message':
        return inNotification(document, place, depth);
    }
  }
  const what = `${place.within === '' ? 'This' : sentence(place.within)} is ${forms[form]}`;
  if (notFindings.has(form)) throw parseError('NOT_A_FINDING', `${what}, not a GuardDuty finding.`);
  throw parseError('FINDING_FORM_UNSUPPORTED', `${what}, which is not read here.`);
};

/**
 * The one finding of a document.
 * @throws RemediationError `FINDINGS_SEVERAL` or `NOT_A_FINDING` where it is not one
 */
export const theOnly = (found: Iterable<Unread>, what: string): Finding => {
  let only: Unread | undefined;
  for (const read of found) {
    if (only !== undefined) {
      throw parseError(
        'FINDINGS_SEVERAL',
        `${what} holds several findings, expected one. Pass it to parseFindings, or an SQS or SNS event to parseRecords.`,
      );
    }
    only = read;
  }
  if (only === undefined) throw parseError('NOT_A_FINDING', `${what} holds no finding.`);
  return only();
};

/** What reading gave, or the coded error that says why it gave nothing. */
export const readOrError = <Result>(read: () => Result): Result | RemediationError => {
  try {
    return read();
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
};

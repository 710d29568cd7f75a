import { isRemediationError, RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { findingsIn, outermost, readOrError, theOnly, type Unread } from './finding-in.ts';
import { findingsInText } from './findings-in-text.ts';
import { atDoor } from './parse-error.ts';

export { type FindingsSource, type ReadOptions, type ReadPlace, readFindings } from './read-findings.ts';
export { type ParsedRecord, parseRecords } from './records.ts';

const open = (input: unknown): Iterable<Unread> =>
  typeof input === 'string' ? findingsInText(input) : findingsIn(input, outermost);

const atIndex = ({ code, message }: RemediationError, index: number): RemediationError =>
  new RemediationError({ code, message: `Finding ${index}, counted from 0: ${message}` });

const parseAll = (input: unknown): Finding[] => {
  const findings: Finding[] = [];
  let failed: RemediationError | undefined;
  for (const read of open(input)) {
    if (failed) throw atIndex(failed, 0);
    const result = readOrError(read);
    if (!isRemediationError(result)) findings.push(result);
    else if (findings.length > 0) throw atIndex(result, findings.length);
    else failed = result;
  }
  // Alone in its document it needs no index.
  if (failed) throw failed;
  return findings;
};

/**
 * The one GuardDuty finding of a document from outside. It may be an EventBridge event as a rule hands it to a function; a
 * finding by itself, in camelCase (an export) or PascalCase (an element of GetFindings); a Security Hub finding (ASFF
 * or OCSF) that came from GuardDuty; a record or a message of SQS or SNS with one of these; a list or a text with exactly one.
 *
 * Parsing confers no authority: `provenance` says which door the finding came through, the outermost counts, and whatever
 * came through none (a document by itself, a list, a text, a Security Hub finding outside Security Hub's own event, an SNS
 * notification whose signature somebody would have to check) is `bare`: it can be planned, never executed.
 *
 * Fields that decide (id, type, account, Region, severity, role, action, archived) must be readable; fields that are only
 * shown, and times, are absent where they are not. Unknown fields are let be, null counts as absent, and numbers and
 * booleans may come as text.
 * @throws RemediationError none retryable, each naming path and kind of what was found but never its value:
 * `FINDING_MALFORMED`, `FINDING_FORM_UNSUPPORTED`, `FINDING_SOURCE_FOREIGN`, `NOT_A_FINDING`, `FINDING_NOT_JSON` with the
 * position, `RECORDS_MALFORMED`, and `FINDINGS_SEVERAL` where `parseFindings` or `parseRecords` is meant
 * @example
 * ```ts
 * import { parseFinding } from '@remedykit/guardduty';
 * export const handler = async (event: unknown) => console.log(parseFinding(event).type);
 * ```
 */
export const parseFinding = (input: unknown): Finding => atDoor(parseFinding, () => theOnly(open(input), 'This'));

/**
 * Every finding of a document, in order: whatever `parseFinding` takes, and lists of it, the answer of GetFindings, whole
 * SQS and SNS events, batches of Security Hub, and JSON lines as text. An empty list gives none. Provenance is as with
 * `parseFinding`. For a batch of which one record may fail alone, use `parseRecords`; for files, `readFindings`.
 * @throws RemediationError as `parseFinding`, for the first finding that cannot be read, with its index (from 0)
 * @example
 * ```ts
 * import { parseFindings } from '@remedykit/guardduty';
 * export const types = (answer: unknown) => parseFindings(answer).map(({ type }) => type);
 * ```
 */
export const parseFindings = (input: unknown): Finding[] => atDoor(parseFindings, () => parseAll(input));

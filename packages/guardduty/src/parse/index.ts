import type { Finding } from '../finding.ts';
import { readFindingIn } from './finding-in.ts';

export { type ParsedRecord, parseRecords } from './records.ts';

/**
 * A GuardDuty finding out of a document from outside: an EventBridge event as a rule hands it to a function, or a bare
 * finding in camelCase (an export, a file). Parsing confers no authority: `provenance` says which door it came through,
 * and a bare finding can be planned, never executed.
 *
 * Fields that decide (id, type, account, Region, severity, role, action, archived) must be readable; fields that are only
 * shown, and times, are absent where they are not. Unknown fields are let be, null counts as absent, and numbers and
 * booleans may come as text.
 * @throws RemediationError none retryable, each naming path and kind of what was found but never its value:
 * `FINDING_MALFORMED`, `FINDING_FORM_UNSUPPORTED`, `FINDING_SOURCE_FOREIGN`, `NOT_A_FINDING`
 * @example
 * ```ts
 * import { parseFinding } from '@remedykit/guardduty';
 * export const handler = async (event: unknown) => console.log(parseFinding(event).type);
 * ```
 */
export const parseFinding = (input: unknown): Finding =>
  readFindingIn(input, { event: { channel: 'eventbridge' }, bare: { channel: 'bare' }, within: '' });

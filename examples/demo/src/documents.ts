import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ErrorSummary, RemediationError } from '@remedykit/core';
import { type Finding, parseFinding } from '@remedykit/guardduty';

/** One document to be replayed. */
export interface SourceDocument {
  /** Name of its file. */
  readonly source: string;
  /** Its finding, where it can be read as one. */
  readonly finding?: Finding;
  /** As it is in the file. */
  readonly document?: unknown;
  /** What the handler is given: a bare finding in an envelope, all else as it is. */
  readonly event?: unknown;
  /** Why the file holds no document. */
  readonly error?: ErrorSummary;
}

/** A file, or every `.json` file of a folder and those below it. */
const filesAt = (path: string): { readonly source: string; readonly file: string }[] => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new RemediationError({ code: 'DEMO_FINDINGS_MISSING', message: `There is no file or folder ${path}.` });
  }
  if (!stats.isDirectory()) return [{ source: basename(path), file: path }];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  if (names.length > 0) return names.sort().map((source) => ({ source, file: join(path, source) }));
  throw new RemediationError({ code: 'DEMO_FINDINGS_MISSING', message: `The folder ${path} holds no .json files.` });
};

const parsed = (document: unknown): Finding | undefined => {
  try {
    return parseFinding(document);
  } catch {
    // The handler says what is wrong with it.
    return undefined;
  }
};

/** The event with which GuardDuty would emit a finding. */
const wrap = ({ accountId, region, updatedAt, eventLastSeen, id }: Finding, detail: unknown): object => ({
  version: '0',
  id,
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: accountId,
  time: updatedAt ?? eventLastSeen ?? new Date(0).toISOString(),
  region,
  resources: [],
  detail,
});

const readDocument = ({ source, file }: { readonly source: string; readonly file: string }): SourceDocument => {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `The file cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { source, error: { code: 'DOCUMENT_NOT_JSON', message } };
  }
  const finding = parsed(document);
  const event = finding?.provenance.channel === 'bare' ? wrap(finding, document) : document;
  return { source, document, event, ...(finding === undefined ? {} : { finding }) };
};

/** The finding's own time, where it has one. */
export const timeOf = ({ finding }: SourceDocument): string | undefined => finding?.eventLastSeen ?? finding?.updatedAt;

/**
 * Reads documents in the order of their own time; what has none comes first.
 * @throws RemediationError `DEMO_FINDINGS_MISSING`
 */
export const readDocuments = (path: string): SourceDocument[] =>
  filesAt(path)
    .map(readDocument)
    .sort((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? ''));

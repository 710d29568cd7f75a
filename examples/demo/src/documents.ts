import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ErrorSummary, RemediationError } from '@remedykit/core';
import { type Finding, parseFinding, parseRecords } from '@remedykit/guardduty';
import { eventBridgeEvent } from '@remedykit/guardduty/testing';
import { heldCopyOf } from './held-copy.ts';
import { type HeldDocument, heldIn, idOf, isRecord } from './held-documents.ts';

/** A finding with the document that GuardDuty holds of it. */
export interface StagedFinding {
  readonly finding: Finding;
  readonly held: HeldDocument;
}

/** One document to be replayed. */
export interface SourceDocument {
  /** Name of its file, and which one of several in it, counted from 1: `export.jsonl#2`. */
  readonly source: string;
  /** Its findings, as far as they can be read. */
  readonly findings: readonly StagedFinding[];
  /** The handler that AWS would hand it to. */
  readonly handler: 'event' | 'queue';
  /** What the handler is given: a bare finding in an envelope, all else as it is. */
  readonly event?: unknown;
  /** Why the file holds no document. */
  readonly error?: ErrorSummary;
}

const fileNames = /\.jsonl?(\.gz)?$/;

/** A file, or every file of JSON or JSON lines in a folder and those below it. */
const filesAt = (path: string): { readonly source: string; readonly file: string }[] => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new RemediationError({ code: 'DEMO_FINDINGS_MISSING', message: `There is no file or folder ${path}.` });
  }
  if (!stats.isDirectory()) return [{ source: basename(path), file: path }];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => fileNames.test(name));
  if (names.length > 0) return names.sort().map((source) => ({ source, file: join(path, source) }));
  throw new RemediationError({
    code: 'DEMO_FINDINGS_MISSING',
    message: `The folder ${path} holds no .json or .jsonl files, packed (.gz) or not.`,
  });
};

const isQueueEvent = (document: unknown): boolean =>
  isRecord(document) &&
  Array.isArray(document.Records) &&
  document.Records.some((record) => isRecord(record) && record.eventSource === 'aws:sqs');

const findingsIn = (document: unknown): Finding[] => {
  try {
    if (isQueueEvent(document)) return parseRecords(document).flatMap(({ finding }) => finding ?? []);
    return [parseFinding(document)];
  } catch {
    // The handler says what is wrong with it.
    return [];
  }
};

const documentOf = (source: string, document: unknown): SourceDocument => {
  const held = heldIn(document);
  const findings = findingsIn(document).map((finding) => ({
    finding,
    held: held.find((one) => idOf(one) === finding.id) ?? heldCopyOf(finding),
  }));
  const [bare] = held;
  return {
    source,
    findings,
    handler: isQueueEvent(document) ? 'queue' : 'event',
    event: bare !== undefined && bare === document ? eventBridgeEvent(bare) : document,
  };
};

/** The elements of what no service hands over as a whole: a list, the answer of GetFindings. */
const elementsOf = (document: unknown): readonly unknown[] | undefined => {
  const list = isRecord(document) ? (document.Findings ?? document.findings) : document;
  return Array.isArray(list) ? list : undefined;
};

/** One JSON document, or a list of those that stand in a line each. */
const parseText = (text: string): unknown => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (lines.length < 2 || !lines[0]?.trim().endsWith('}')) throw error;
    return lines.map((line): unknown => JSON.parse(line));
  }
};

const readFile = ({ source, file }: { readonly source: string; readonly file: string }): SourceDocument[] => {
  let document: unknown;
  try {
    const bytes = readFileSync(file);
    document = parseText((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `The file cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`;
    return [{ source, findings: [], handler: 'event', error: { code: 'DOCUMENT_NOT_JSON', message } }];
  }
  const elements = elementsOf(document);
  if (elements === undefined) return [documentOf(source, document)];
  return elements.map((element, index) => documentOf(`${source}#${index + 1}`, element));
};

const timesOf = ({ findings }: SourceDocument): string[] =>
  findings.flatMap(({ finding }) => finding.eventLastSeen ?? finding.updatedAt ?? []);

/** The time of the document's last finding, where one has a time. */
export const timeOf = (document: SourceDocument): string | undefined => timesOf(document).sort().at(-1);

/**
 * Reads documents in the order of their own time; what has none comes first.
 * @throws RemediationError `DEMO_FINDINGS_MISSING`
 */
export const readDocuments = (path: string): SourceDocument[] =>
  filesAt(path)
    .flatMap(readFile)
    .sort((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? ''));

import { isRemediationError, RemediationError } from '@remedykit/core';
import { createElementScanner, type Element } from './element-scanner.ts';
import { type Source, sourcesAt } from './files.ts';
import { inflated } from './inflate.ts';
import { type CloudTrailRecord, isDigest, parseElement, recordsIn } from './unwrap.ts';

/** A file or a folder by its path, or what a file holds as a stream of bytes or text. */
export type CloudTrailSource = string | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** What is told while reading. */
export interface ReadCloudTrailOptions {
  /** Takes what cannot be read, and reading goes on. Without it, the first one is thrown. */
  onError?(error: RemediationError): void;
  /** Called for each file before it is read, and for those left out: digests of CloudTrail, and files named like no log. */
  onFile?(name: string, what: 'read' | 'digest' | 'other'): void;
}

/** Bytes. An event has at most 256 KB, older ones 1 MB; a line of a delivery stream may hold some. */
const longestElement = 16 * 1_048_576;

const coded = (code: string, source: string, message: string, cause?: unknown): RemediationError =>
  new RemediationError({ code, message: `${source}: ${message}`, cause });

const unreadable = (source: string, cause: unknown): RemediationError => {
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return new RemediationError({
    code: 'CLOUDTRAIL_UNREADABLE',
    message: `${source}: It cannot be read${typeof code === 'string' ? ` (${code})` : ''}. What came before was read.`,
    cause,
  });
};

const tooLong = (source: string, bytes: number): RemediationError =>
  new RemediationError({
    code: 'CLOUDTRAIL_ELEMENT_TOO_LONG',
    message: `${source}: A document or an event has ${bytes} bytes, more than the ${longestElement} that are held in memory; an event has at most 1 MB. Is it a log of CloudTrail?`,
  });

type Read = CloudTrailRecord | RemediationError;

/** The records of one element, or why there are none. */
const readElement = (element: Element, source: string, onDigest: () => void): readonly Read[] => {
  if ('bytes' in element) return [tooLong(source, element.bytes)];
  try {
    const value = parseElement(element.text);
    if (isDigest(value)) {
      onDigest();
      return [];
    }
    return recordsIn(value);
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    return [coded(error.code, source, error.message, error)];
  }
};

async function* readSource(source: Source, onDigest: () => void): AsyncGenerator<Read, void, undefined> {
  const scanner = createElementScanner(longestElement, source.lines);
  try {
    for await (const chunk of inflated(source.chunks()))
      for (const element of scanner.push(chunk)) yield* readElement(element, source.name, onDigest);
  } catch (error) {
    yield unreadable(source.name, error);
    return;
  }
  const { elements, cut } = scanner.end();
  for (const element of elements) yield* readElement(element, source.name, onDigest);
  if (cut)
    yield new RemediationError({
      code: 'CLOUDTRAIL_CUT_SHORT',
      message: `${source.name}: It ends inside an event or a list. What came before was read.`,
    });
}

/**
 * The records of CloudTrail in a folder (with all below it, as S3 lays it out), in a file, or in a stream: `{"Records":[…]}` as
 * CloudTrail delivers it, JSON lines, answers of `aws cloudtrail lookup-events`, rows of CloudTrail Lake that select
 * `eventJson`, events of EventBridge and of CloudWatch Logs. What is gzipped is told by its first bytes. One file at a time, and one
 * record at a time, so that neither a folder nor a file of any size takes much memory.
 *
 * @throws RemediationError with the name of the file: `CLOUDTRAIL_UNREADABLE`, `CLOUDTRAIL_CUT_SHORT`, `CLOUDTRAIL_NOT_AN_EVENT`,
 * `CLOUDTRAIL_ELEMENT_TOO_LONG` (16 MB); with `onError` nothing is thrown, and reading goes on behind it
 * @example
 * ```ts
 * import { readCloudTrail } from '@remedykit/guardrails/replay';
 *
 * for await (const { eventName, userIdentity } of readCloudTrail('AWSLogs/')) console.log(eventName, userIdentity);
 * ```
 */
export async function* readCloudTrail(
  source: CloudTrailSource,
  { onError, onFile }: ReadCloudTrailOptions = {},
): AsyncGenerator<CloudTrailRecord, void, undefined> {
  const report = (error: RemediationError): void => {
    if (onError === undefined) throw error;
    onError(error);
  };
  const read = async function* (one: Source): AsyncGenerator<CloudTrailRecord, void, undefined> {
    for await (const found of readSource(one, () => onFile?.(one.name, 'digest'))) {
      if (isRemediationError(found)) report(found);
      else yield found;
    }
  };
  if (typeof source !== 'string') {
    onFile?.('the stream', 'read');
    yield* read({ name: 'the stream', lines: false, chunks: () => source });
    return;
  }
  for await (const found of sourcesAt(source)) {
    if ('cause' in found) {
      report(unreadable(found.name, found.cause));
      continue;
    }
    onFile?.(found.name, 'why' in found ? found.why : 'read');
    if ('chunks' in found) yield* read(found);
  }
}

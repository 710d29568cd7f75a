import { isRemediationError, RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { type Source, sourcesAt } from './files.ts';
import { openEach, readOrError, type Unread } from './finding-in.ts';
import { findingsInJson, isFirstOfLines } from './findings-in-text.ts';
import { linesOf } from './lines.ts';
import { parseError } from './parse-error.ts';
import { textOf } from './text-of.ts';

/** A file or a folder by its path, or what a file holds as a stream of bytes or text. */
export type FindingsSource = string | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>;

/** Where in a source something stands. */
export interface ReadPlace {
  /** The path of the file; `the stream` for a stream. */
  readonly source: string;
  /** From 1; absent where the source is one document. */
  readonly line?: number;
}

/** What `readFindings` does about what it cannot read. */
export interface ReadOptions {
  /** Takes what cannot be read, and reading goes on. Without it, the first one is thrown. */
  onError?(error: RemediationError, place: ReadPlace): void;
}

/** Characters. A finding in an event has at most 1 MB. */
const longestLine = 1_048_576;
/** Characters. A document is held whole: GetFindings gives 50 findings at a time, and people join answers. */
const longestDocument = 64 * 1_048_576;

/** What reading gave, before it is decided what to do about errors. */
type Read = { readonly finding: Finding } | { readonly error: RemediationError; readonly place: ReadPlace };

function* readAll(open: () => Iterable<Unread>, place: ReadPlace): Generator<Read> {
  for (const read of openEach(open)) {
    const result = readOrError(read);
    yield isRemediationError(result) ? { error: result, place } : { finding: result };
  }
}

const tooLong = (place: ReadPlace, longest: number): Read => ({
  error: parseError(
    'FINDING_LINE_TOO_LONG',
    `${place.line === undefined ? 'The document' : 'The line'} has more than ${longest} characters, which is more than is held in memory. A list can be split into JSON lines.`,
  ),
  place,
});

async function* readSource(source: Source): AsyncGenerator<Read, void, undefined> {
  const { name, lines } = source;
  let form: 'lines' | 'document' | undefined = lines ? 'lines' : undefined;
  const document: string[] = [];
  let length = 0;
  for await (const { number, text } of linesOf(readable(source), () =>
    form === 'lines' ? longestLine : longestDocument,
  )) {
    const place = { source: name, line: number };
    if (text?.trim() === '') continue;
    form ??= text !== undefined && isFirstOfLines(text) ? 'lines' : 'document';
    if (form === 'document') {
      length += text === undefined ? Number.POSITIVE_INFINITY : text.length + 1;
      if (length > longestDocument) {
        yield tooLong({ source: name }, longestDocument);
        return;
      }
      document.push(text ?? '');
    } else if (text === undefined) yield tooLong(place, longestLine);
    else yield* readAll(() => findingsInJson(text, 'the line'), place);
  }
  if (form === 'document') yield* readAll(() => findingsInJson(document.join('\n'), 'the document'), { source: name });
}

const unreadable = (cause: unknown): RemediationError => {
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return parseError(
    'FINDINGS_UNREADABLE',
    `It cannot be read${typeof code === 'string' ? ` (${code})` : ''}. What came before was read.`,
    cause,
  );
};

/** The text of a source; what the file system, the stream or the unzipping throws becomes a coded error. */
async function* readable({ chunks }: Source): AsyncGenerator<string, void, undefined> {
  try {
    yield* textOf(chunks());
  } catch (error) {
    throw unreadable(error);
  }
}

/** Everything of a source; where it can be read no further, the last element says so. */
async function* readGuarded(source: Source): AsyncGenerator<Read, void, undefined> {
  try {
    yield* readSource(source);
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    yield { error, place: { source: source.name } };
  }
}

const sourcesOf = async (source: FindingsSource): Promise<Source[]> => {
  if (typeof source !== 'string') return [{ name: 'the stream', lines: false, chunks: () => source }];
  return await sourcesAt(source);
};

const located = (error: RemediationError, { source, line }: ReadPlace): RemediationError =>
  new RemediationError({
    code: error.code,
    message: `${source}${line === undefined ? '' : `, line ${line}`}: ${error.message}`,
    cause: error,
  });

/**
 * The findings of a folder (`.json`, `.jsonl`, each also `.gz`; with all below it, sorted by name), of a file, or of a
 * stream: JSON lines as GuardDuty exports them to S3, or a document of any form that `parseFindings` takes. JSON lines are
 * read line by line, so that a file of any size takes little memory; a document is held whole, up to 64 MB. What is gzipped
 * is told by its first bytes. All findings are `bare`, whatever envelope they are in: a file proves nothing about who wrote it.
 * @throws RemediationError with file and line: the codes of `parseFinding`, `FINDING_LINE_TOO_LONG` (more than 1 MB in a
 * line or 64 MB in a document), `FINDINGS_UNREADABLE`; with `onError` nothing is thrown, and reading goes on behind it
 * @example
 * ```ts
 * import { readFindings } from '@remedykit/guardduty';
 * for await (const finding of readFindings('findings-export/')) console.log(finding.type, finding.eventLastSeen);
 * ```
 */
export async function* readFindings(
  source: FindingsSource,
  { onError }: ReadOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  const report = (error: RemediationError, place: ReadPlace): void => {
    const named = located(error, place);
    if (!onError) throw named;
    onError(named, place);
  };
  const sources = await sourcesOf(source).catch((error: unknown) => {
    report(unreadable(error), { source: String(source) });
    return [];
  });
  for (const each of sources) {
    for await (const read of readGuarded(each)) {
      if ('finding' in read) yield read.finding;
      else report(read.error, read.place);
    }
  }
}

import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of events, or a stream that has no name. */
export interface Source {
  readonly name: string;
  /** A document a line, whatever the first line looks like. */
  readonly lines: boolean;
  chunks(): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
}

/** A file that is left out: a digest of CloudTrail, or something that is named like no log. */
export interface LeftOut {
  readonly name: string;
  readonly why: 'digest' | 'other';
}

/** A folder that cannot be listed. */
export interface Unlisted {
  readonly name: string;
  readonly cause: unknown;
}

const isLog = /\.(json|jsonl|ndjson)(\.gz)?$|\.gz$/i;
const isDigestPath = /[/\\]CloudTrail-Digest[/\\]/;

const file = (path: string): Source => ({
  name: path,
  lines: /\.(jsonl|ndjson)(\.gz)?$/i.test(path),
  chunks: () => createReadStream(path, { highWaterMark: 262_144 }),
});

/** What lies below a folder, one folder at a time, sorted by name: the names of a year of logs are never held at once. */
async function* below(folder: string): AsyncGenerator<Source | LeftOut | Unlisted, void, undefined> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    yield { name: folder, cause };
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* below(path);
    else if (!entry.isFile() || !isLog.test(entry.name)) yield { name: path, why: 'other' };
    else yield isDigestPath.test(path) ? { name: path, why: 'digest' } : file(path);
  }
}

/** The files at a path: itself, or all logs below it. */
export async function* sourcesAt(path: string): AsyncGenerator<Source | LeftOut | Unlisted, void, undefined> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    yield { name: path, cause };
    return;
  }
  if (isFolder) yield* below(path);
  else yield file(path);
}

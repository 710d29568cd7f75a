import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of findings, or a stream that has no name. */
export interface Source {
  readonly name: string;
  /** JSON lines whatever the first line looks like. */
  readonly lines: boolean;
  chunks(): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
}

const file = (path: string): Source => ({
  name: path,
  lines: /\.jsonl(\.gz)?$/i.test(path),
  chunks: () => createReadStream(path),
});

/** The findings files at a path: itself, or all below it that are named as such, sorted by name. */
export const sourcesAt = async (path: string): Promise<Source[]> => {
  if (!(await stat(path)).isDirectory()) return [file(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.jsonl?(\.gz)?$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map(file);
};

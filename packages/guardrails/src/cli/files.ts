import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { misuse } from './io.ts';

/** A file that was found. */
export interface FoundFile {
  readonly path: string;
  /** Named by the user, and not found in a folder. */
  readonly named: boolean;
}

/** Reads a JSON file. @throws `CLI_MISUSE` when it is not there, or holds no JSON */
export const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? `is no JSON: ${cause.message}` : 'cannot be read';
    throw misuse(`${path} ${what}`, cause);
  }
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw misuse(`${path} does not exist.`, cause);
  }
};

const under = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : under(path);
      return entry.isFile() && entry.name.endsWith('.json') ? [path] : [];
    });

/** The files that were named, and the JSON files in folders that were. @throws `CLI_MISUSE` */
export const findFiles = (paths: readonly string[]): readonly FoundFile[] => {
  if (paths.length === 0) throw misuse('Name files or folders.');
  return paths.flatMap((path): readonly FoundFile[] =>
    isFolder(path) ? under(path).map((one) => ({ path: one, named: false })) : [{ path, named: true }],
  );
};

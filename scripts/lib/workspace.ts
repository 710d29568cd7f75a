import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The part of a package.json that the scripts read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, { readonly types: string }>> };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One folder of the workspace. */
export interface Member {
  /** Folder name, `guardduty`. */
  readonly id: string;
  readonly dir: string;
  readonly manifest: Manifest;
}

export const root: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const members = (parent: string): Member[] =>
  existsSync(parent)
    ? readdirSync(parent)
        .map((name) => join(parent, name))
        .filter((dir) => existsSync(join(dir, 'package.json')))
        .map((dir) => ({
          id: basename(dir),
          dir,
          manifest: JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest,
        }))
    : [];

/** The published packages. */
export const packagesOf = (workspace: string = root): Member[] => members(join(workspace, 'packages'));

/** The deployable examples. */
export const examplesOf = (workspace: string = root): Member[] => members(join(workspace, 'examples'));

/** The sub-paths that a package publishes, `.` and `./dynamodb`. */
export const subPathsOf = (member: Member): string[] => Object.keys(member.manifest.publishConfig?.exports ?? {});

/** Every file under `dir` with one of the extensions, generated and installed folders left out. */
export const filesUnder = (dir: string, extensions: readonly string[]): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return entry.name.startsWith('.') || ['node_modules', 'dist', 'coverage'].includes(entry.name)
        ? []
        : filesUnder(join(dir, entry.name), extensions);
    return extensions.some((extension) => entry.name.endsWith(extension)) ? [join(dir, entry.name)] : [];
  });

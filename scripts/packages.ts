import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from './lib/run.ts';
import { type Member, packagesOf } from './lib/workspace.ts';

const must = (member: Member, command: string, args: readonly string[]): string => {
  const { ok, output } = capture(command, args, { cwd: member.dir });
  if (!ok) throw new Error(`${member.manifest.name}: ${[command, ...args].join(' ')} failed\n${output}`);
  return output;
};

/** A package as it would be published. */
export interface Packed {
  readonly member: Member;
  readonly tarball: string;
}

/** Builds every package into its `dist`. */
export const buildPackages = (members: readonly Member[] = packagesOf()): void => {
  for (const member of members) must(member, 'pnpm', ['run', 'build']);
};

/** Packs built packages into tarballs, each in a folder of its own under `into`. */
export const packPackages = (into: string, members: readonly Member[] = packagesOf()): Packed[] =>
  members.map((member) => {
    const folder = mkdtempSync(join(into, `${member.id}-`));
    must(member, 'pnpm', ['pack', '--pack-destination', folder]);
    const [tarball] = readdirSync(folder);
    if (tarball === undefined) throw new Error(`${member.manifest.name}: pnpm pack wrote nothing`);
    return { member, tarball: join(folder, tarball) };
  });

/** What publint (warnings included) and Are The Types Wrong say about a tarball, and what every tarball must hold. */
export const tarballFaults = ({ member, tarball }: Packed): string[] => {
  const listing = capture('tar', ['-tzf', tarball]).output.split('\n');
  const missing = ['package/LICENSE', 'package/README.md', 'package/dist/']
    .filter((path) => !listing.some((line) => line.startsWith(path)))
    .map((path) => `${member.manifest.name}: its tarball lacks ${path.slice('package/'.length)}`);
  const surplus = listing
    .filter((path) => /\.test\.|\/src\//.test(path))
    .map((path) => `${member.manifest.name}: its tarball ships ${path}`);
  const tools = [
    ['publint', 'run', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
  ].flatMap(([tool = '', ...args]) => {
    const { ok, output } = capture(tool, args);
    return ok ? [] : [`${member.manifest.name}: ${tool}\n${output.trim()}`];
  });
  return [...missing, ...surplus, ...tools];
};

/** Builds, packs and inspects every package. */
export const packageFaults = (): string[] => {
  const into = mkdtempSync(join(tmpdir(), 'remedykit-pack-'));
  try {
    buildPackages();
    return packPackages(into).flatMap(tarballFaults);
  } finally {
    rmSync(into, { recursive: true });
  }
};

// `pnpm test:compat`: the published packages, installed as a user installs them, on every Node line they claim to support.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { capture } from './lib/run.ts';
import { packagesOf, root, subPathsOf } from './lib/workspace.ts';
import { buildPackages, packPackages } from './packages.ts';

/** What is asked of npm, and the beginning that `process.version` must have. The first is the published floor. */
const versions = [
  ['20.19.0', 'v20.19.0'],
  ['22', 'v22.'],
  ['24', 'v24.'],
] as const;

/** The environment outside the workspace: its PATH would put its own Node before the one that is asked for. */
const outside: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|pnpm_|NODE_OPTIONS$|NODE_PATH$)/i.test(name)),
  ),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => !dir.startsWith(root))
    .join(delimiter),
};

const project = mkdtempSync(join(tmpdir(), 'remedykit-compat-'));
const must = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = outside): void => {
  const { ok, output } = capture(command, args, { cwd: project, env });
  if (ok) return;
  throw new Error(`${[command, ...args].join(' ')}\n${output}`);
};

/** Type faults that a consumer sees in our declarations, under full strictness and without the DOM's types. */
const declarationFaults = (entries: readonly string[]): string[] => {
  const file = join(project, 'consumer.ts');
  writeFileSync(file, entries.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n'));
  const program = ts.createProgram({
    rootNames: [file],
    options: {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      module: ts.ModuleKind.NodeNext,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
    },
  });
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes('/node_modules/@remedykit/'))
    .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
    .map(({ file: at, messageText }) => `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
};

const members = packagesOf();
const entries = members.flatMap((member) =>
  subPathsOf(member).map((path) => `${member.manifest.name}${path.slice(1)}`),
);
const failed: string[] = [];
try {
  console.log(`Packing into ${project}`);
  buildPackages(members);
  const tarballs = packPackages(project, members).map(({ tarball }) => tarball);
  const peers = Object.fromEntries(
    members.flatMap(({ manifest }) =>
      Object.keys(manifest.peerDependencies ?? {}).map((name) => [name, manifest.devDependencies?.[name] ?? '*']),
    ),
  );
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, dependencies: peers }),
  );
  writeFileSync(join(project, 'entries.json'), JSON.stringify(entries));
  cpSync(fileURLToPath(new URL('compat', import.meta.url)), project, { recursive: true });
  must('npm', ['install', '--no-audit', '--no-fund', ...tarballs]);

  const types = declarationFaults(entries);
  console.log(`\n== declarations: ${types.length === 0 ? 'ok' : `FAILED\n${types.join('\n')}`}`);
  if (types.length > 0) failed.push('declarations');

  for (const [asked, expected] of versions) {
    const args = [
      '--yes',
      '-p',
      `node@${asked}`,
      'node',
      '--test',
      '--test-reporter=spec',
      'smoke.test.mjs',
      'smoke.test.cjs',
    ];
    const { ok, output } = capture('npx', args, { cwd: project, env: { ...outside, REMEDYKIT_NODE: expected } });
    console.log(`\n== Node ${asked}: ${ok ? 'ok' : 'FAILED'}\n${output.trim()}`);
    if (!ok) failed.push(`Node ${asked}`);
  }
} finally {
  rmSync(project, { recursive: true });
}
console.log(failed.length === 0 ? '\nWorks on every supported Node.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

// `pnpm test:mutation [--json] [file …]`: changes the decisions of core, guardduty and iam one place at a time and looks
// whether a test notices. Figures on stdout; progress, a table by file and the survivors on stderr. Takes half an hour and
// more. With files (`packages/core/src/safety/pause.ts`) only those are changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/workspace.ts';
import { type MutationReport, scoreOf, sumOf, survivorsOf, talliesOf } from './mutation/tally.ts';

const leastScore = 90;

/** What Stryker is run on; the first whose folder holds a file changes it. */
const runs = [
  { dir: 'packages/core/', holds: 'src/', config: 'stryker.config.json' },
  { dir: 'packages/guardduty/', holds: 'src/threats/', config: 'stryker.threats.config.json' },
  { dir: 'packages/guardduty/', holds: 'src/', config: 'stryker.config.json' },
  { dir: 'packages/iam/', holds: 'src/', config: 'stryker.config.json' },
] as const;
type Run = (typeof runs)[number];

const runOf = (file: string): Run | undefined => runs.find(({ dir, holds }) => file.startsWith(`${dir}${holds}`));

const args = process.argv.slice(2);
const json = args.includes('--json');
const files = args.filter((arg) => arg !== '--json');
const stray = files.find((file) => runOf(file) === undefined);
if (stray !== undefined) {
  console.error(
    `pnpm test:mutation [--json] [file …], files of packages/core/src, packages/guardduty/src and packages/iam/src: ${stray}`,
  );
  process.exit(1);
}

interface StrykerConfig {
  readonly jsonReporter: { readonly fileName: string };
}

/** Runs Stryker and reads its report. Its own standard output is progress, so it goes to ours for errors. */
const mutate = ({ dir, config }: Run, only: readonly string[]): MutationReport => {
  const { jsonReporter } = JSON.parse(readFileSync(join(root, dir, config), 'utf8')) as StrykerConfig;
  const report = join(root, dir, jsonReporter.fileName);
  rmSync(report, { force: true });
  const chosen = only.length === 0 ? [] : ['--mutate', only.map((file) => file.slice(dir.length)).join(',')];
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status, error } = spawnSync(process.execPath, [stryker, 'run', config, ...chosen], {
    cwd: join(root, dir),
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  if (status !== 0 || !existsSync(report)) throw new Error(`Stryker ended with ${status} on ${dir}${config}.`);
  return JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
};

const reports = runs.flatMap((run): [prefix: string, report: MutationReport][] => {
  const own = files.filter((file) => runOf(file) === run);
  return files.length > 0 && own.length === 0 ? [] : [[run.dir, mutate(run, own)]];
});
const tallies = reports.flatMap(([prefix, report]) => talliesOf(report, prefix));
const total = sumOf(tallies.map(([, tally]) => tally));
const figures = { files: tallies.length, ...total, score: scoreOf(total) };

const width = Math.max(...tallies.map(([file]) => file.length));
for (const [file, tally] of tallies) {
  const { killed, survived, timeout } = tally;
  const counts = [killed, survived, timeout].map((count) => String(count).padStart(6)).join('');
  console.error(`${file.padEnd(width)}${counts}  ${scoreOf(tally).toFixed(2).padStart(6)} %`);
}
for (const survivor of reports.flatMap(([prefix, report]) => survivorsOf(report, prefix))) console.error(survivor);
if (json) console.log(JSON.stringify(figures));
else console.table(figures);
if (figures.score < leastScore) {
  console.error(
    `The score is ${figures.score} %, at least ${leastScore} % is wanted. Write the tests that notice the survivors.`,
  );
  process.exitCode = 1;
}

// `pnpm test:mutation [--json] [file …]`: changes the decisions of core and guardduty one place at a time and looks whether a
// test notices. Figures on stdout; progress, a table by file and the survivors on stderr. Takes a quarter of an hour and more.
// With files (`packages/core/src/safety/pause.ts`) only those are changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/workspace.ts';
import { type MutationReport, scoreOf, sumOf, survivorsOf, talliesOf } from './mutation/tally.ts';

const leastScore = 90;
const packages = ['core', 'guardduty'];

const args = process.argv.slice(2);
const json = args.includes('--json');
const files = args.filter((arg) => arg !== '--json');
const stray = files.find((file) => !packages.some((id) => file.startsWith(`packages/${id}/`)));
if (stray !== undefined) {
  console.error(
    `pnpm test:mutation [--json] [file …], each file under ${packages.map((id) => `packages/${id}/`)}: ${stray}`,
  );
  process.exit(1);
}

/** Runs Stryker in a package and reads its report. Its own standard output is progress, so it goes to ours for errors. */
const mutate = (id: string, only: readonly string[]): MutationReport => {
  const dir = join(root, 'packages', id);
  const report = join(dir, 'reports/mutation.json');
  rmSync(report, { force: true });
  const chosen =
    only.length === 0 ? [] : ['--mutate', only.map((file) => file.slice(`packages/${id}/`.length)).join(',')];
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status, error } = spawnSync(process.execPath, [stryker, 'run', 'stryker.config.json', ...chosen], {
    cwd: dir,
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  if (status !== 0 || !existsSync(report)) throw new Error(`Stryker ended with ${status} in packages/${id}.`);
  return JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
};

const reports = packages.flatMap((id): [prefix: string, report: MutationReport][] => {
  const own = files.filter((file) => file.startsWith(`packages/${id}/`));
  return files.length > 0 && own.length === 0 ? [] : [[`packages/${id}/`, mutate(id, own)]];
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

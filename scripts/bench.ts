// `pnpm bench <name> [--json]`: one benchmark; figures on stdout, progress on stderr.
import { benchBlocker } from './bench/blocker.ts';
import { benchBundle } from './bench/bundle.ts';
import { benchGuardrails } from './bench/guardrails.ts';
import { benchIam } from './bench/iam/index.ts';
import { benchLedger } from './bench/ledger/index.ts';
import { benchNotify } from './bench/notify.ts';
import { benchParse } from './bench/parse.ts';

const benchmarks: Readonly<Record<string, (progress: (line: string) => void) => Promise<object>>> = {
  blocker: benchBlocker,
  parse: benchParse,
  bundle: benchBundle,
  ledger: benchLedger,
  iam: benchIam,
  guardrails: benchGuardrails,
  notify: benchNotify,
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
const unknown = flags.find((flag) => flag !== '--json');
if (bench === undefined || unknown !== undefined) {
  console.error(`pnpm bench <name> [--json], with a name of: ${Object.keys(benchmarks).join(', ')}`);
  process.exit(1);
}
try {
  const figures = await bench((line) => console.error(line));
  if (flags.includes('--json')) console.log(JSON.stringify(figures));
  else console.table('handlers' in figures ? figures.handlers : figures);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

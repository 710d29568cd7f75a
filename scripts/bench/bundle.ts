import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsup';
import { root } from '../lib/workspace.ts';

/** Size and start of one handler of the example, beside what its AWS clients cost alone. */
export interface HandlerFigures {
  readonly name: string;
  /** Of the handler, through the recipe: bundled as the floor, then shaken once more. */
  readonly bytes: number;
  /** ms to import it and to make its clients, in a fresh process. */
  readonly initMs: number;
  /** The floor makes the same clients and names the same commands, bundled as most people do. */
  readonly floorBytes: number;
  readonly floorInitMs: number;
  /** The same floor through the recipe. */
  readonly shakenFloorBytes: number;
  readonly shakenFloorInitMs: number;
  /** To the floor. */
  readonly bytesRatio: number;
  readonly initRatio: number;
  /** Beyond the shaken floor: the handler and the packages. */
  readonly ownBytes: number;
}

export interface BundleFigures {
  readonly handlers: readonly HandlerFigures[];
}

/** How long to measure. */
export interface BundleBenchOptions {
  /** Fresh processes for each bundle, in turn with those of the others; the medians count. */
  readonly rounds?: number;
  readonly handlers?: readonly string[];
}

const example = join(root, 'examples/block-malicious-ips');

const settings = `{
  AWS_REGION: 'eu-west-1',
  REMEDYKIT_MODE: 'dry-run',
  REMEDYKIT_ACCOUNTS: '111122223333',
  REMEDYKIT_ALLOW_LIST: '203.0.113.0/24',
  REMEDYKIT_BLOCK_FOR_HOURS: '24',
  REMEDYKIT_TABLE_NAME: 'remedykit',
  REMEDYKIT_SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/example',
}`;

/** The handler made at once, as its first call makes it: the floor's clients are made at once, too. */
const handlerSource = (name: string): string => `
import { createHandler, handler } from '${example}/src/${name}.ts';
import { createParts } from '${example}/src/parts.ts';
import { readSettings } from '${example}/src/settings.ts';
const settings = readSettings(${settings});
export const ready = createHandler(settings, createParts(settings));
export { handler };
`;

interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** Source files that went in. */
  readonly inputs: readonly string[];
}

/** What of esbuild's account of a bundle is read. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** Bundles everything. The recipe adds a pass: rollup finds the schemas of the SDK that nothing uses. */
const bundle = async (folder: string, name: string, source: string, recipe: boolean): Promise<Bundle> => {
  const entry = join(folder, `${name}.ts`);
  const outDir = join(folder, name);
  writeFileSync(entry, source);
  await build({
    entry: { index: entry },
    outDir,
    config: false,
    silent: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    noExternal: [/./],
    minify: true,
    splitting: false,
    metafile: true,
    treeshake: recipe ? { preset: 'smallest' } : false,
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions(options) {
      options.absWorkingDir = root;
      options.mainFields = ['module', 'main'];
      // What is left of CommonJS requires Node's own modules. A name that the minifier does not give: the banner is outside its sight.
      options.banner = {
        js: "import{createRequire as nodeCreateRequire}from'node:module';const require=nodeCreateRequire(import.meta.url);",
      };
    },
  });
  const file = join(outDir, 'index.mjs');
  const { outputs }: Metafile = JSON.parse(readFileSync(join(outDir, 'metafile-esm.json'), 'utf8'));
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
  );
  return { file, bytes: statSync(file).size, inputs };
};

const clients = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-ec2', '@aws-sdk/client-guardduty', '@aws-sdk/client-sts'];

/** The floor of a handler: what its sources and ours name of the SDK, and nothing else. */
const floorSource = async (inputs: readonly string[]): Promise<string> => {
  const ours = inputs.filter((input) => !input.includes('node_modules'));
  const codeOf = (input: string): string =>
    readFileSync(join(root, input), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const words = new Set(ours.flatMap((input) => codeOf(input).match(/\b[A-Z]\w*(?:Command|Client)\b/g) ?? []));
  let source = '';
  for (const client of clients) {
    const exported: object = await import(client);
    const names = [...words].filter((word) => Object.hasOwn(exported, word)).sort();
    const made = names.filter((name) => name.endsWith('Client'));
    if (made.length !== 1) throw new Error(`${client}: expected one client in use, found ${made.join(', ') || 'none'}`);
    source += `import { ${names.join(', ')} } from '${client}';\n`;
    source += `export const ${made[0]}Used = [new ${made[0]}(), ${names.filter((name) => name !== made[0]).join(', ')}];\n`;
  }
  return source;
};

const initMs = (file: string): number => {
  const script = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - start);`;
  const env = { PATH: process.env.PATH, AWS_REGION: 'eu-west-1' };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8' });
  return Number(printed);
};

const median = (values: readonly number[]): number => {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('Nothing was measured.');
  return middle;
};

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Bundles and starts each handler of the example. Throws where one cannot be built or started. */
export const benchBundle = async (
  progress: (line: string) => void,
  { rounds = 11, handlers = ['event-handler', 'queue-handler', 'upkeep-handler'] }: BundleBenchOptions = {},
): Promise<BundleFigures> => {
  // Below the example, so that its dependencies are found; git ignores it.
  const folder = mkdtempSync(join(example, 'node_modules/.bench-'));
  try {
    const figures: HandlerFigures[] = [];
    for (const name of handlers) {
      const own = await bundle(folder, name, handlerSource(name), true);
      const source = await floorSource(own.inputs);
      const floor = await bundle(folder, `${name}-floor`, source, false);
      const shakenFloor = await bundle(folder, `${name}-shaken-floor`, source, true);
      progress(`${name}: ${own.bytes} bytes, floor ${floor.bytes}, shaken floor ${shakenFloor.bytes}`);
      const bundles = [own, floor, shakenFloor];
      for (const { file } of bundles) initMs(file);
      const times = Array.from({ length: rounds }, () => bundles.map(({ file }) => initMs(file)));
      const [ownMs = 0, floorMs = 0, shakenFloorMs = 0] = bundles.map((_, index) =>
        median(times.map((round) => round[index] ?? Number.NaN)),
      );
      progress(
        `${name}: ${ownMs.toFixed(1)} ms, floor ${floorMs.toFixed(1)}, shaken floor ${shakenFloorMs.toFixed(1)}`,
      );
      figures.push({
        name,
        bytes: own.bytes,
        initMs: rounded(ownMs),
        floorBytes: floor.bytes,
        floorInitMs: rounded(floorMs),
        shakenFloorBytes: shakenFloor.bytes,
        shakenFloorInitMs: rounded(shakenFloorMs),
        bytesRatio: rounded(own.bytes / floor.bytes),
        initRatio: rounded(ownMs / floorMs),
        ownBytes: own.bytes - shakenFloor.bytes,
      });
    }
    for (const { name, ...numbers } of figures) {
      for (const [key, figure] of Object.entries(numbers)) {
        if (!(Number.isFinite(figure) && figure > 0))
          throw new Error(`${name}: ${key} could not be measured: ${figure}`);
      }
    }
    return { handlers: figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

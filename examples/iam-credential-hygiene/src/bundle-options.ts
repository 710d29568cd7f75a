import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** The files that are deployed, one function each. */
export const handlerNames = [
  'scheduled-handler',
  'mail-event-handler',
  'plan-handler',
  'restore-handler',
  'resolve-handler',
] as const;

const source = (name: string): string => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

/** One file per handler that needs nothing beside it; ESM, for which the SDK's tree shakes best. */
export const bundleOptions = {
  entryPoints: handlerNames.map(source),
  outdir: fileURLToPath(new URL('../dist', import.meta.url)),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
} as const satisfies BuildOptions;

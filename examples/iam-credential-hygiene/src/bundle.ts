// `pnpm --filter @remedykit/example-iam-credential-hygiene bundle`: writes dist/<handler>.mjs, what a function is made of.
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.ts';

await build({ ...bundleOptions, logLevel: 'info' });

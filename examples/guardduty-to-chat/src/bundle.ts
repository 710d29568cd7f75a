// `pnpm --filter @remedykit/example-guardduty-to-chat bundle`: writes dist/<handler>.mjs, what a function is made of.
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.ts';

await build({ ...bundleOptions, logLevel: 'info' });

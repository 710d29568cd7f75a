import { defineConfig } from 'vitest/config';

/** What `pnpm test:aws` runs: tests that talk to an AWS emulator over HTTP, at `AWS_ENDPOINT_URL`. */
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.aws.test.ts', 'examples/*/src/**/*.aws.test.ts', 'scripts/**/*.aws.test.ts'],
    // One after another, for all share one emulator.
    fileParallelism: false,
    setupFiles: ['scripts/lib/fresh-emulator.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

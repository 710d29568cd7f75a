import { defineConfig } from 'vitest/config';

// Tests that need an AWS emulator run through vitest.aws.config.ts at the root.
export default defineConfig({
  test: {
    name: 'iam',
    include: ['src/**/*.test.ts'],
    exclude: ['src/**/*.aws.test.ts'],
    setupFiles: ['../../scripts/lib/same-runs.ts'],
    // Property tests take their time on a small machine that is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'guardduty',
    // Property tests take their time on a small machine that is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts'],
    // Those need an AWS emulator: `pnpm test:aws`.
    exclude: [...configDefaults.exclude, '**/*.aws.test.ts'],
    setupFiles: ['src/testing/replay-every-record.ts', '../../scripts/lib/same-runs.ts'],
  },
});

import { defineConfig } from 'vitest/config';

// The tests that judge the files of stryker.config.json; each change to those runs some of them hundreds of times.
export default defineConfig({
  test: {
    name: 'core-mutation',
    include: ['src/safety/*.test.ts', 'src/run-plan*.test.ts', 'src/audit/replay.test.ts'],
    setupFiles: ['vitest.mutation.setup.ts'],
    env: { REMEDYKIT_RUNS: '20' },
    isolate: false,
  },
});

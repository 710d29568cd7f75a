import { defineConfig } from 'vitest/config';

// What judges the table of findings: as it is made when its module is loaded, each change to it runs all of these.
export default defineConfig({
  test: {
    name: 'guardduty-mutation-threats',
    include: ['src/threats/*.test.ts'],
    setupFiles: ['vitest.mutation.setup.ts'],
    env: { REMEDYKIT_RUNS: '20' },
    isolate: false,
  },
});

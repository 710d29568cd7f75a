import { defineConfig } from 'vitest/config';

const report = process.env.REMEDYKIT_TEST_REPORT;

export default defineConfig({
  test: {
    projects: ['packages/*', 'examples/*/vitest.config.ts', 'scripts/vitest.config.ts'],
    // One more report, as JSON, for whoever counts.
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

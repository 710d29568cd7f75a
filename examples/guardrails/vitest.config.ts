import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'example-guardrails',
    include: ['src/**/*.test.ts'],
    exclude: ['src/**/*.aws.test.ts'],
    // The CDK takes seconds to load on a small machine.
    testTimeout: 60_000,
  },
});

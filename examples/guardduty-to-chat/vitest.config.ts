import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'example-guardduty-to-chat',
    include: ['src/**/*.test.ts'],
    // Bundling takes seconds on a small machine.
    testTimeout: 60_000,
  },
});

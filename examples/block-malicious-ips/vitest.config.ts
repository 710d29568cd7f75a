import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'example-block-malicious-ips',
    include: ['src/**/*.test.ts'],
    // Replays every audit record that a test writes.
    setupFiles: ['../../packages/guardduty/src/testing/replay-every-record.ts'],
    // Bundling takes seconds on a small machine.
    testTimeout: 60_000,
  },
});

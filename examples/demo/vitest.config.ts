import { defineConfig } from 'vitest/config';

// What needs an emulator is scripts/demo.aws.test.ts.
export default defineConfig({
  test: {
    name: 'demo',
    include: ['src/**/*.test.ts'],
    // Replays every audit record that a test writes.
    setupFiles: ['../../packages/guardduty/src/testing/replay-every-record.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

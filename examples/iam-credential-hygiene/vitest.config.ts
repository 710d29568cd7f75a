import { defineConfig } from 'vitest/config';

// What needs an emulator is in src/*.aws.test.ts.
export default defineConfig({
  test: {
    name: 'example-iam-credential-hygiene',
    include: ['src/**/*.test.ts'],
    exclude: ['src/**/*.aws.test.ts'],
    // Bundling takes seconds on a small machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

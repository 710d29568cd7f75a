import { defineConfig } from 'vitest/config';

// Type-checking and packing take seconds on a small machine.
export default defineConfig({
  test: { name: 'scripts', include: ['**/*.test.ts'], exclude: ['**/*.aws.test.ts'], testTimeout: 120_000 },
});

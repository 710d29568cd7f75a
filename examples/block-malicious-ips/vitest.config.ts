import { defineConfig } from 'vitest/config';

// Bundling takes seconds on a small machine.
export default defineConfig({
  test: { name: 'example-block-malicious-ips', include: ['src/**/*.test.ts'], testTimeout: 60_000 },
});

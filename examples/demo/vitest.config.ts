import { defineConfig } from 'vitest/config';

// What needs an emulator is run by `pnpm test:aws`.
export default defineConfig({
  test: { name: 'demo', include: ['src/**/*.test.ts'], exclude: ['src/**/*.aws.test.ts'], testTimeout: 60_000 },
});

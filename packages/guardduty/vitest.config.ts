import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'guardduty', include: ['src/**/*.test.ts'] } });

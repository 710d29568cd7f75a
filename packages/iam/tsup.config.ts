import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    report: 'src/report/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node20.19',
  treeshake: true,
  dts: true,
  clean: true,
});

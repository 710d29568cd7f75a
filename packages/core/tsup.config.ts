import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    dynamodb: 'src/state/dynamodb.ts',
    html: 'src/html/html.ts',
    sts: 'src/credentials/sts.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node20.19',
  treeshake: true,
  dts: true,
  clean: true,
});

import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    actions: 'src/actions.ts',
    lint: 'src/lint.ts',
    replay: 'src/replay/index.ts',
    cli: 'src/cli.ts',
  },
  format: 'esm',
  target: 'node20.19',
  dts: true,
  clean: true,
});

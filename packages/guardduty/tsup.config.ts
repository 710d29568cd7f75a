import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'network-firewall': 'src/overflow/network-firewall/index.ts',
    preview: 'src/preview/index.ts',
    cli: 'src/cli/main.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node20.19',
  treeshake: true,
  dts: true,
  clean: true,
});

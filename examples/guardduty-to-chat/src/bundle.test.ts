import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { bundleOptions, handlerNames } from './bundle-options.ts';

it('what is deployed loads with nothing beside it, holds nothing for tests, and asks for its settings', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { metafile } = await build({ ...bundleOptions, outdir, metafile: true });
    expect(Object.keys(metafile.inputs).filter((name) => /\/testing\//.test(name))).toEqual([]);
    for (const name of handlerNames) {
      const url = JSON.stringify(pathToFileURL(join(outdir, `${name}.mjs`)).href);
      const code = `const { handler } = await import(${url}); await handler({}, { getRemainingTimeInMillis: () => 1000 }).catch((error) => console.log(error.code));`;
      const { PATH = '' } = process.env;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: outdir,
        env: { PATH },
        encoding: 'utf8',
      });
      expect(stdout.trim(), name).toBe('SETTING_MISSING');
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

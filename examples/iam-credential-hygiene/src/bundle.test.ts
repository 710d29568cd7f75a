import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleOptions, handlerNames } from './bundle-options.ts';

describe('what is deployed', () => {
  it('holds nothing for tests, loads with nothing beside it, and asks for its settings', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      const { metafile } = await build({ ...bundleOptions, outdir, metafile: true });
      const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
      expect(files.some((file) => file.includes('packages/iam/src/enforcer/'))).toBe(true);
      expect(files.filter((file) => /\/testing\//.test(file))).toEqual([]);
      const script = handlerNames.map((name) => {
        const url = pathToFileURL(join(outdir, `${name}.mjs`));
        return `{ const { handler } = await import('${url}'); await handler({}, {}).catch(({ code }) => console.log(code)); }`;
      });
      const args = ['--input-type=module', '--eval', script.join('\n')];
      const printed = execFileSync(process.execPath, args, { cwd: outdir, env: {}, encoding: 'utf8' });
      expect(printed.trim().split('\n')).toEqual(handlerNames.map(() => 'SETTING_MISSING'));
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { routableDocumentationRanges } from '@remedykit/guardduty/testing';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleOptions, handlerNames } from './bundle-options.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Files that were bundled, and the texts. */
const bundle = async (code: string) => {
  const { outputFiles, metafile } = await build({
    ...bundleOptions,
    entryPoints: [],
    stdin: { contents: code, resolveDir: folder, loader: 'ts' },
    write: false,
    metafile: true,
  });
  const text = outputFiles.map((file) => file.text).join('\n');
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).flatMap(([name, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [name] : [],
  );
  return { text, files };
};

/** The table as code holds it: the gate itself names these ranges as reserved, one by one and each for itself. */
const holdsRoutableTable = (text: string): boolean =>
  new RegExp(
    `routable:\\[${routableDocumentationRanges.routable.map((cidr) => `["'\`]${cidr}["'\`]`).join(',')}\\]`,
  ).test(text);

describe('what is deployed', () => {
  it.each(handlerNames)(
    '%s holds neither the routable documentation ranges nor anything else for tests',
    async (name) => {
      const { text, files } = await bundle(`export { handler } from './${name}.ts';`);
      expect(text).toContain('NetworkAclEntry');
      expect(holdsRoutableTable(text)).toBe(false);
      expect(files.filter((file) => /\/testing\//.test(file))).toEqual([]);
    },
  );

  it('would show: a handler that imports them holds them', async () => {
    const { text, files } = await bundle(`
      import { routableDocumentationRanges } from '@remedykit/guardduty/testing';
      import { createHandler } from './event-handler.ts';
      export const handler = (settings, parts) => createHandler(settings, { ...parts, addressRanges: routableDocumentationRanges });
    `);
    expect(holdsRoutableTable(text)).toBe(true);
    expect(files.filter((file) => /\/testing\//.test(file))).not.toEqual([]);
  });

  it('loads with nothing beside it, and asks for its settings', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      await build({ ...bundleOptions, outdir });
      const script = handlerNames.map((name) => {
        const url = pathToFileURL(join(outdir, `${name}.mjs`));
        return `const { handler } = await import('${url}'); await handler({}, {}).catch(({ code }) => console.log(code));`;
      });
      const args = ['--input-type=module', '--eval', script.map((line) => `{ ${line} }`).join('\n')];
      const printed = execFileSync(process.execPath, args, { cwd: outdir, env: {}, encoding: 'utf8' });
      expect(printed.trim().split('\n')).toEqual(handlerNames.map(() => 'SETTING_MISSING'));
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

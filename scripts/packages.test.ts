import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from './lib/workspace.ts';
import { packPackages, tarballFaults } from './packages.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
});

const manifest = {
  name: 'sound',
  version: '1.0.0',
  license: 'Apache-2.0',
  type: 'module',
  files: ['dist'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
};
const sound = {
  'README.md': '# sound',
  LICENSE: 'words',
  'dist/index.js': 'export const a = 1;\n',
  'dist/index.d.ts': 'export declare const a: number;\n',
};

const faultsOf = (files: Record<string, string>, changed: Record<string, unknown> = {}): string => {
  const dir = mkdtempSync(join(tmpdir(), 'sound-'));
  made.push(dir);
  const all = { ...files, 'package.json': JSON.stringify({ ...manifest, ...changed }) };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const into = join(dir, '.packed');
  mkdirSync(into);
  const member = { id: 'sound', dir, manifest: { ...manifest, ...changed } as unknown as Manifest };
  return packPackages(into, [member]).flatMap(tarballFaults).join('\n');
};

describe('package checks', () => {
  it('a sound package passes', () => {
    expect(faultsOf(sound)).toBe('');
  });

  it('fails without a licence', () => {
    const { LICENSE: _, ...rest } = sound;
    expect(faultsOf(rest)).toMatch(/lacks LICENSE/);
  });

  it('fails when tests ship', () => {
    expect(faultsOf({ ...sound, 'dist/a.test.js': 'export {};' })).toMatch(/ships package\/dist\/a\.test\.js/);
  });

  it('fails on what publint warns about', () => {
    expect(faultsOf(sound, { exports: { '.': { default: './dist/index.js', types: './dist/index.d.ts' } } })).toMatch(
      /publint/,
    );
  });

  it('fails when a sub-path has no types', () => {
    expect(
      faultsOf(
        { ...sound, 'dist/other.js': 'export const b = 1;' },
        { exports: { ...manifest.exports, './other': './dist/other.js' } },
      ),
    ).toMatch(/attw/);
  });
});

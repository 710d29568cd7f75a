import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiFaults } from './api.ts';
import { type Member, root } from './lib/workspace.ts';

let dir = '';
beforeEach(() => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  dir = mkdtempSync(join(root, 'node_modules/.cache/api-'));
  mkdirSync(join(dir, 'dist'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const packed = (declarations: string, subPaths: readonly string[] = ['.']): Member => {
  const manifest = {
    name: 'small',
    version: '1.0.0',
    publishConfig: { exports: Object.fromEntries(subPaths.map((path) => [path, { types: './dist/index.d.ts' }])) },
  };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(dir, 'dist/index.d.ts'), declarations);
  return { id: 'small', dir, manifest };
};
const faultsOf = (member: Member, write = false): string[] =>
  apiFaults({ members: [member], reports: join(dir, 'reports'), write });

describe('API snapshots', () => {
  it('fail when there is none, and pass once it is written', () => {
    const member = packed('export declare const a: number;');
    expect(faultsOf(member)).toEqual([expect.stringContaining('small/index.api.md')]);
    expect(faultsOf(member, true)).toEqual([]);
    expect(faultsOf(member)).toEqual([]);
    expect(readFileSync(join(dir, 'reports/small/index.api.md'), 'utf8')).toContain('const a: number');
  });

  it('fail when a type changes', () => {
    faultsOf(packed('export declare const a: number;'), true);
    expect(faultsOf(packed('export declare const a: string;'))).toHaveLength(1);
  });

  it('fail when an entry point is gone, until the snapshot is too', () => {
    faultsOf(packed('export declare const a: number;', ['.', './other']), true);
    const member = packed('export declare const a: number;');
    expect(faultsOf(member)).toEqual([expect.stringContaining('other.api.md')]);
    faultsOf(member, true);
    expect(faultsOf(member)).toEqual([]);
  });
});

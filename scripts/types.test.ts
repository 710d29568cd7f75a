import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from './lib/workspace.ts';
import { shippedTypeFaults } from './types.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
});

/** Inside the workspace, so that the types of Node are found. */
const faultsOf = (text: string, file = 'index.ts'): string[] => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const dir = mkdtempSync(join(root, 'node_modules/.cache/types-'));
  made.push(dir);
  mkdirSync(join(dir, 'src'));
  writeFileSync(
    join(dir, 'tsconfig.json'),
    JSON.stringify({ extends: `${root}/tsconfig.base.json`, include: ['src'] }),
  );
  writeFileSync(join(dir, 'src', file), text);
  writeFileSync(join(dir, 'src/other.ts'), 'export const other: number = 1;');
  return shippedTypeFaults(dir);
};

describe('types of what ships', () => {
  it('code for Node passes', () => {
    expect(faultsOf(`import { sep } from 'node:path'; export const a: string = sep;`)).toEqual([]);
  });

  it.each([
    ['a global of the browser', 'export const title: string = document.title;', /document/],
    ['the types of the browser', '/// <reference lib="dom" />\nexport const a: number = 1;', /DOM's types/],
    ['an export without its type', 'export const a = Math.max(1, 2);', /isolatedDeclarations/],
    ['an enum', 'export enum A { b }', /erasableSyntaxOnly/],
    [
      'undefined for an absent option',
      'export const a: { b?: number } = { b: undefined };',
      /exactOptionalPropertyTypes/,
    ],
  ])('fails on %s', (_title, text, fault) => {
    expect(faultsOf(text).join('\n')).toMatch(fault);
  });

  it('leaves tests out', () => {
    expect(faultsOf('document.title;', 'index.test.ts')).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { arrowFaults } from './arrows.ts';

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

const core = { name: '@remedykit/core', exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' } };
const guardduty = {
  name: '@remedykit/guardduty',
  exports: { '.': './src/index.ts' },
  dependencies: { '@remedykit/core': 'workspace:^', zod: '1.0.0' },
  peerDependencies: { '@aws-sdk/client-ec2': '^3' },
  devDependencies: { dynalite: '1.0.0' },
};
const notify = { name: '@remedykit/notify', exports: {}, dependencies: { '@remedykit/core': 'workspace:^' } };
const example = {
  name: 'example',
  dependencies: { '@remedykit/guardduty': 'workspace:^', '@remedykit/core': 'workspace:^' },
};

const clean = {
  'packages/core/package.json': JSON.stringify(core),
  'packages/core/src/index.ts': `export { a } from './a.ts';`,
  'packages/core/src/a.ts': `import { readFile } from 'node:fs/promises'; export const a = readFile;`,
  'packages/core/src/testing/index.ts': `export const fake = 1;`,
  'packages/core/src/a.test.ts': `import { it } from 'vitest'; import { fake } from './testing/index.ts'; it('', () => fake);`,
  'packages/guardduty/package.json': JSON.stringify(guardduty),
  'packages/guardduty/src/index.ts': `import type { EC2Client } from '@aws-sdk/client-ec2'; import * as z from 'zod/mini'; import { a } from '@remedykit/core';`,
  'packages/guardduty/src/index.test.ts': `import dynalite from 'dynalite'; import { fake } from '@remedykit/core/testing';`,
  'packages/notify/package.json': JSON.stringify(notify),
  'packages/notify/src/index.ts': `import type { Message } from '@remedykit/core';`,
  'examples/one/package.json': JSON.stringify(example),
  'examples/one/src/handler.ts': `import { b } from '@remedykit/guardduty'; import { a } from '@remedykit/core';`,
};

const faultsWith = (changed: Record<string, string>): string[] => {
  const tree = mkdtempSync(join(tmpdir(), 'arrows-'));
  trees.push(tree);
  for (const [path, text] of Object.entries({ ...clean, ...changed })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return arrowFaults(tree);
};

describe('arrows', () => {
  it('a clean tree passes', () => {
    expect(faultsWith({})).toEqual([]);
  });

  const forbidden: readonly (readonly [title: string, file: string, text: string, fault: RegExp])[] = [
    [
      'core imports another package',
      'packages/core/src/b.ts',
      `import { b } from '@remedykit/guardduty';`,
      /no other package/,
    ],
    [
      'a domain imports another domain',
      'packages/notify/src/b.ts',
      `import { b } from '@remedykit/guardduty';`,
      /notify may import core/,
    ],
    [
      'a domain imports another domain as a type',
      'packages/notify/src/b.ts',
      `import type { B } from '@remedykit/guardduty';`,
      /notify may import core/,
    ],
    [
      'a domain imports another domain on demand',
      'packages/notify/src/b.ts',
      `const b = await import('@remedykit/guardduty');`,
      /notify may import core/,
    ],
    [
      'a domain re-exports another domain',
      'packages/notify/src/b.ts',
      `export { b } from '@remedykit/guardduty';`,
      /notify may import core/,
    ],
    [
      'a domain re-exports another domain under a name',
      'packages/notify/src/b.ts',
      `export * as b from '@remedykit/guardduty';`,
      /notify may import core/,
    ],
    [
      'a domain requires another domain',
      'packages/notify/src/b.ts',
      `import b = require('@remedykit/guardduty');`,
      /notify may import core/,
    ],
    [
      'a type reaches another domain',
      'packages/notify/src/b.ts',
      `export type B = import('@remedykit/guardduty').B;`,
      /notify may import core/,
    ],
    [
      'a relative import leaves its package',
      'packages/notify/src/b.ts',
      `import { a } from '../../core/src/a.ts';`,
      /leaves its package/,
    ],
    [
      'a relative import of a test leaves its package',
      'packages/notify/src/b.test.ts',
      `import { a } from '../../core/src/a.ts';`,
      /leaves its package/,
    ],
    [
      'an example reaches into a package by path',
      'examples/one/src/b.ts',
      `import { a } from '../../../packages/core/src/a.ts';`,
      /leaves its package/,
    ],
    [
      'an example imports a sub-path that is not exported',
      'examples/one/src/b.ts',
      `import { a } from '@remedykit/core/src/a.ts';`,
      /does not export/,
    ],
    [
      'a package imports a sub-path that is not exported',
      'packages/notify/src/b.ts',
      `import { a } from '@remedykit/core/a';`,
      /does not export/,
    ],
    [
      'an import names a package that does not exist',
      'examples/one/src/b.ts',
      `import { a } from '@remedykit/none';`,
      /no package of this workspace/,
    ],
    [
      'source imports an undeclared package',
      'packages/notify/src/b.ts',
      `import z from 'zod';`,
      /does not declare as dependency or peer/,
    ],
    [
      'source imports a development dependency',
      'packages/guardduty/src/b.ts',
      `import d from 'dynalite';`,
      /does not declare as dependency or peer/,
    ],
    [
      'source imports the test runner',
      'packages/core/src/testing/index.ts',
      `import { it } from 'vitest';`,
      /does not declare as dependency or peer/,
    ],
    ['a built-in is named without node:', 'packages/core/src/b.ts', `import { readFile } from 'fs';`, /write node:fs/],
    [
      'source imports testing/ by path',
      'packages/core/src/b.ts',
      `import { fake } from './testing/index.ts';`,
      /only tests and testing/,
    ],
    [
      'source imports a testing sub-path',
      'packages/guardduty/src/b.ts',
      `import { fake } from '@remedykit/core/testing';`,
      /only tests and testing/,
    ],
    [
      'a handler of an example imports testing',
      'examples/one/src/b.ts',
      `import { fake } from '@remedykit/core/testing';`,
      /only tests and testing/,
    ],
    [
      'core imports an AWS client outside its adapters',
      'packages/core/src/b.ts',
      `import type { X } from '@aws-sdk/client-dynamodb';`,
      /core knows AWS clients only/,
    ],
    [
      'an example imports a package that it does not declare',
      'examples/one/src/b.ts',
      `import z from 'zod';`,
      /does not declare as dependency/,
    ],
  ];
  it.each(forbidden)('fails when %s', (_title, file, text, fault) => {
    const faults = faultsWith({ [file]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
    expect(faults[0]).toMatch(new RegExp(`^${file.replaceAll('.', '\\.')}: `));
  });

  it('the demo, and no other example, may play examples on test doubles', () => {
    const manifest = (name: string): string =>
      JSON.stringify({
        ...example,
        name,
        exports: { './handler': './src/handler.ts' },
        dependencies: { ...example.dependencies, '@remedykit/example-one': 'workspace:*' },
      });
    const play = `import { h } from '@remedykit/example-one/handler'; import { fake } from '@remedykit/core/testing';`;
    const one = { 'examples/one/package.json': manifest('@remedykit/example-one') };
    expect(
      faultsWith({ ...one, 'examples/demo/package.json': manifest('demo'), 'examples/demo/src/main.ts': play }),
    ).toEqual([]);
    expect(
      faultsWith({ ...one, 'examples/two/package.json': manifest('two'), 'examples/two/src/main.ts': play }),
    ).toHaveLength(2);
  });

  it('a helper of tests that no entry point reaches may import development dependencies', () => {
    const helper = { 'packages/core/src/testing/local.ts': `import { it } from 'vitest';` };
    expect(faultsWith(helper)).toEqual([]);
    const published = `export * as local from './local.ts';`;
    expect(faultsWith({ ...helper, 'packages/core/src/testing/index.ts': published })).toHaveLength(1);
  });

  it('the main entry may name an optional peer as a type or on demand, and not load it', () => {
    const optional = JSON.stringify({
      ...guardduty,
      peerDependenciesMeta: { '@aws-sdk/client-ec2': { optional: true } },
    });
    const withIndex = (text: string): string[] =>
      faultsWith({
        'packages/guardduty/package.json': optional,
        'packages/guardduty/src/index.ts': `export { b } from './b.ts';`,
        'packages/guardduty/src/b.ts': text,
      });
    expect(withIndex(`import type { EC2Client } from '@aws-sdk/client-ec2';`)).toEqual([]);
    expect(withIndex(`import { type EC2Client } from '@aws-sdk/client-ec2';`)).toEqual([]);
    expect(withIndex(`const b = () => import('@aws-sdk/client-ec2');`)).toEqual([]);
    expect(withIndex(`import { EC2Client, type A } from '@aws-sdk/client-ec2';`)).toEqual([
      expect.stringMatching(/^packages\/guardduty\/src\/b\.ts: the main entry loads @aws-sdk\/client-ec2/),
    ]);
  });

  it('the DynamoDB adapter of core may import its client', () => {
    const declared = JSON.stringify({ ...core, peerDependencies: { '@aws-sdk/client-dynamodb': '^3' } });
    expect(
      faultsWith({
        'packages/core/package.json': declared,
        'packages/core/src/state/dynamodb.ts': `import type { X } from '@aws-sdk/client-dynamodb';`,
      }),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { docstringSnippets, snippetFaults, snippetsIn } from './snippets.ts';

const page = (...lines: string[]): string => lines.join('\n');

describe('snippets', () => {
  it('finds the ts blocks of a page and leaves other languages out', () => {
    const text = page('# A', '```ts', 'const a = 1;', '```', '```sh', 'ls', '```', '```ts', 'const b = 2;', '```');
    expect(snippetsIn(text, 'A.md')).toEqual([
      { at: 'A.md:2', code: 'const a = 1;\n' },
      { at: 'A.md:8', code: 'const b = 2;\n' },
    ]);
  });

  it('a block that continues another sees its declarations', () => {
    const text = page('```ts', 'const a = 1;', '```', '<!-- continues -->', '```ts', 'export const b = a;', '```');
    expect(snippetFaults(snippetsIn(text, 'A.md'))).toEqual([]);
  });

  it('a block that does not continue another stands alone', () => {
    const text = page('```ts', 'const a = 1;', '```', '```ts', 'export const b = a;', '```');
    expect(snippetFaults(snippetsIn(text, 'A.md'))).toEqual([expect.stringMatching(/^A\.md:4: .*'a'/)]);
  });

  it('a block that does not end is an error', () => {
    expect(() => snippetsIn('```ts\nconst a = 1;', 'A.md')).toThrow('A.md:1');
  });

  it('finds the examples of docstrings at their line, and leaves out those that import nothing', () => {
    const example = (code: string): string[] => ['/**', ' * @example', ' * ```ts', ` * ${code}`, ' * ```', ' */'];
    const text = page('const x = 1;', ...example(`import 'node:fs';`), ...example('cut(a);'));
    expect(docstringSnippets(text, 'a.ts')).toEqual([{ at: 'a.ts:4', code: `import 'node:fs';\n` }]);
  });

  it.each([
    ['a name that a package does not export', `import { hour } from '@remedykit/core';`],
    ['a wrong argument', `import { hours } from '@remedykit/core';\nhours('24');`],
    ['a module that does not exist', `import '@remedykit/core/none';`],
    ['a name that nothing declares', 'console.log(finding);'],
  ])('fails on %s', (_title, code) => {
    expect(snippetFaults([{ at: 'A.md:1', code }])).toHaveLength(1);
  });

  it('sound code against the packages passes', () => {
    const code = `import { hours } from '@remedykit/core';\nconsole.log(hours(24));`;
    expect(snippetFaults([{ at: 'A.md:1', code }])).toEqual([]);
  });
});

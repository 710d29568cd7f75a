import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.startsWith('testing'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n');
const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

const found = (pattern: RegExp, text: string): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** The names in the first column of the table under a heading. */
const documented = (heading: string): string[] => {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return found(/^\| `([\w-]+)`/gm, section);
};

describe('README', () => {
  it('documents every error code and no other', () => {
    // What summarizeError says of a thrown value that is no error is no code of ours to branch on.
    const used = found(/code: '([A-Z_]+)'/g, source).filter((code) => code !== 'UNKNOWN');
    expect(used).toContain('INCOMPLETE');
    expect(documented('Errors')).toEqual(used);
  });

  it('gives every error a code that can be read in the source', () => {
    const errors = source.match(/new RemediationError\(/g) ?? [];
    const literal = source.match(/new RemediationError\(\{\s*code: '[A-Z_]+'/g) ?? [];
    expect(literal).toHaveLength(errors.length);
  });

  it('documents every reason and no other', () => {
    const used = found(/reason: '([a-z-]+)'/g, source);
    expect(used).toContain('paused');
    expect(documented('Reasons')).toEqual(used);
  });

  it('documents every observed event and no other', () => {
    const used = found(/event: '([a-z-]+)'/g, source);
    expect(used).toContain('step');
    expect(documented('Observed events')).toEqual(used);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.startsWith('testing'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n');
const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

const found = (pattern: RegExp, text: string): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** The names in the first column of the table under a heading. */
const documented = (heading: string): string[] => {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return found(/^\| `([\w-]+)`/gm, section);
};

describe('README', () => {
  it('documents every error code and no other', () => {
    const used = [...found(/code: '([A-Z_]+)'/g, source), ...found(/failure\(\s*'(SES_[A-Z_]+)'/g, source)].sort();
    expect(used).toContain('SECRET_UNAVAILABLE');
    expect(documented('Errors')).toEqual(used);
  });

  it('gives every error a code that can be read in the source', () => {
    const errors = source.match(/new RemediationError\(/g) ?? [];
    const literal = source.match(/new RemediationError\(\{\s*(?:code: '[A-Z_]+'|code, )/g) ?? [];
    expect(literal).toHaveLength(errors.length);
  });

  it('documents every reason of a step and no other', () => {
    const drain = readFileSync(join(import.meta.dirname, 'outbox', 'drain.ts'), 'utf8');
    const used = [
      ...found(/'(?:applied|failed|skipped)', '([a-z-]+)'/g, drain),
      ...found(/reason: '([a-z-]+)'/g, drain),
      // Those of a message that waits on are the delivery's own words.
      'deferred',
    ];
    expect(documented('Reasons')).toEqual([...new Set(used)].sort());
  });

  it('documents every observed event and no other', () => {
    const used = found(/event: '([a-z-]+)'/g, source);
    expect(used).toContain('live-failed');
    expect(documented('Observed events')).toEqual(used);
  });

  it('names every sub-path', () => {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: object };
    const paths = Object.keys(exports).map((path) => `@remedykit/notify${path.slice(1)}`);
    expect(found(/^\| `(@remedykit\/notify[\w/]*)` \|/gm, readme)).toEqual(paths.sort());
  });
});

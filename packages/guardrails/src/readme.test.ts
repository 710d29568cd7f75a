import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintRules } from './lint/finding.ts';

const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.startsWith('testing'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n');
const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

const found = (pattern: RegExp, text: string): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

const section = (heading: string): string => readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

describe('README', () => {
  it('documents every error code and no other', () => {
    const used = found(/code: '([A-Z_]+)'/g, source);
    expect(used).toContain('CLI_MISUSE');
    expect(found(/^\| `([A-Z_]+)`/gm, section('Errors'))).toEqual(used);
  });
  it('documents every lint rule, in the words of the code', () => {
    const rows = [...section('Lint').matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, code, why]) => [code, why]);
    expect(Object.fromEntries(rows)).toEqual(lintRules);
  });
});

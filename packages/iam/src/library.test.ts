import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { library } from './library.ts';

it('names in audit records the version that is published', () => {
  const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  expect(library).toBe(`${name}@${version}`);
});

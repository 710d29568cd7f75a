import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitsGlob } from './glob.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const characters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });

it('fits what a regular expression of the same meaning fits', () => {
  fc.assert(
    fc.property(pattern, characters, (glob, text) => {
      const source = [...glob].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c === '.' ? '\\.' : c)).join('');
      expect(fitsGlob(glob, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: numRuns * 10 },
  );
});

it('comes to an end for a pattern that would keep a backtracking matcher busy for ages', () => {
  expect(fitsGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(2_000))).toBe(false);
});

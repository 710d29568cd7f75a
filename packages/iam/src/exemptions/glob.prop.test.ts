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

it('takes no longer than the product of the lengths for a pattern that is made to take long', () => {
  let compared = 0;
  const text = new Proxy(Object('a'.repeat(2_000)) as string, {
    get: (target, key) => {
      compared += 1;
      return Reflect.get(target, key);
    },
  });
  expect(fitsGlob(`${'*a'.repeat(50)}b`, text)).toBe(false);
  expect(compared).toBeLessThan(2_000 * 102 * 4);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coverTypes, type TextMatch } from './event-pattern-cover.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const takes = (matches: readonly TextMatch[], type: string): boolean =>
  matches.some((match) => (typeof match === 'string' ? match === type : type.startsWith(match.prefix)));

it('takes a type by its name where a longer one must not be taken', () => {
  expect(coverTypes(['A:B/Drop'], ['A:B/Drop!DNS'])).toEqual(['A:B/Drop']);
  expect(coverTypes(['A:B/Drop', 'A:B/Drop!DNS'], ['A:B/Other'])).toEqual([{ prefix: 'A:B/D' }]);
  expect(coverTypes(['A:B/Drop', 'A:B/Drop!DNS'], ['A:B/Other'], 'A:B/Dr')).toEqual([{ prefix: 'A:B/Dr' }]);
  expect(coverTypes([], ['A'])).toEqual([]);
});

it('takes every wanted type and no other, whatever the names', () => {
  // Few letters, so that many names share a beginning.
  const name = fc.string({ unit: fc.constantFrom('A', 'b', ':', '/'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 20 }), fc.array(fc.boolean(), { minLength: 20 }), (names, picks) => {
      const wanted = names.filter((_, index) => picks[index]);
      const unwanted = names.filter((_, index) => !picks[index]);
      const matches = coverTypes(wanted, unwanted);
      expect(names.filter((each) => takes(matches, each))).toEqual(wanted);
      // None could be left out.
      for (const match of matches) {
        const others = matches.filter((each) => each !== match);
        expect(wanted.every((each) => takes(others, each))).toBe(false);
      }
    }),
    { numRuns },
  );
});

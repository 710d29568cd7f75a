import { describe, expect, it } from 'vitest';
import { differences } from './json-differences.ts';

describe('differences', () => {
  it.each([
    ['equal trees', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['key order', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['an undefined key', { a: 1, b: undefined }, { a: 1 }, []],
    ['null and absent', { a: null }, {}, ['$.a']],
    ['a list and an object', { a: [] }, { a: {} }, ['$.a']],
    ['lengths', [1, 2], [1], ['$[1]']],
    ['list order', [1, 2], [2, 1], ['$[0]', '$[1]']],
    ['a key that is no name', { 'a-b': { '': 1 } }, { 'a-b': { '': 2 } }, ['$["a-b"][""]']],
    ['a key that every object inherits', {}, { constructor: 1 }, ['$.constructor']],
    ['text and number', '1', 1, ['$']],
  ])('%s', (_, left, right, paths) => {
    expect(differences(left, right)).toEqual(paths);
    expect(differences(right, left)).toEqual(paths);
  });
});

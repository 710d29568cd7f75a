import { describe, expect, it } from 'vitest';
import { policyVariable } from '../policy/variable.ts';
import { patternMatches, toPattern } from './pattern.ts';

const name = policyVariable('aws:username');
const star = policyVariable('*');

const like = (pattern: string, text: string, values: Record<string, string> = {}): boolean => {
  const made = toPattern(pattern, { wildcards: true, lookup: (key) => values[key] });
  return made !== undefined && patternMatches(made, text);
};

describe('wildcards', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['?', 'a', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abbcd', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*ab', 'aab', true],
    ['*a?b', 'aaab', true],
    ['a**b', 'ab', true],
    ['a.c', 'abc', false],
    ['Sub*', 'subnet', false],
  ])('%s against %s: %s', (pattern, text, expected) => expect(like(pattern, text)).toBe(expected));

  it('takes polynomial time over a pattern that is made to take long', () => {
    expect(like(`${'a*'.repeat(50)}b`, 'a'.repeat(5_000))).toBe(false);
  });
});

describe('policy variables', () => {
  it('stand for the value in the request, where a star is a star', () => {
    expect(like(`home/${name}/*`, 'home/ann/x', { 'aws:username': 'ann' })).toBe(true);
    expect(like(`home/${name}`, 'home/ann', { 'aws:username': '*' })).toBe(false);
    expect(like(`home/${name}`, 'home/*', { 'aws:username': '*' })).toBe(true);
  });
  it('without a value equal nothing, unless they name a default', () => {
    expect(toPattern(name, { wildcards: true, lookup: () => undefined })).toBeUndefined();
    expect(like(`team/${policyVariable('aws:PrincipalTag/team', 'company-wide')}`, 'team/company-wide')).toBe(true);
    expect(like(policyVariable('a', 'b'), 'c', { a: 'c' })).toBe(true);
  });
  it('name the three characters that are else special', () => {
    expect(like(`a${star}`, 'a*')).toBe(true);
    expect(like(`a${star}`, 'ab')).toBe(false);
    expect(like(`a${policyVariable('?')}${policyVariable('$')}`, 'a?$')).toBe(true);
  });
  it('stand for themselves where they are not supported', () => {
    expect(toPattern(name, { wildcards: true })).toEqual([name]);
  });
});

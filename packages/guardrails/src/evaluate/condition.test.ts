import { describe, expect, it } from 'vitest';
import type { OneOrMany } from '../policy/document.ts';
import { policyVariable } from '../policy/variable.ts';
import { conditionResults, parseOperator } from './condition.ts';

type Value = string | readonly string[];

const holds = (operator: string, written: OneOrMany<string>, asked?: Value, others: Record<string, Value> = {}) => {
  const keys = new Map(Object.entries({ ...others, ...(asked === undefined ? {} : { 'aws:key': asked }) }));
  return conditionResults({ [operator]: { 'AWS:Key': written } }, keys).every((result) => result.holds);
};

describe('one value of a policy against one value of a request', () => {
  it.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', '*', 'a', false],
    ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
    ['StringEqualsIgnoreCase', 'a*', 'ab', false],
    ['StringLike', 'a?c*', 'abcd', true],
    ['StringLike', 'A*', 'ab', false],
    ['NumericEquals', '2', '2.0', true],
    ['NumericEquals', '2', 'two', false],
    ['NumericEquals', '0', '', false],
    ['NumericLessThan', '2', '1.9', true],
    ['NumericLessThan', '2', '2', false],
    ['NumericLessThanEquals', '2', '2', true],
    ['NumericGreaterThan', '10', '9', false],
    ['NumericGreaterThan', '-1', '0', true],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['DateEquals', '2026-11-24T10:00:00Z', '2026-11-24T12:00:00+02:00', true],
    ['DateEquals', '1795514400', '2026-11-24T10:00:00Z', true],
    ['DateEquals', '2026-11-24', '2026-11-24T00:00:00Z', true],
    ['DateLessThan', '2026-11-24T10:00:00Z', '2026-11-24T09:59:59.999Z', true],
    ['DateLessThan', '2026-11-24T10:00:00Z', '2026-11-24T10:00:00Z', false],
    ['DateLessThanEquals', '2026-11-24T10:00:00Z', '2026-11-24T10:00:00Z', true],
    ['DateGreaterThan', '2026', '2026-01-01T00:00:01Z', true],
    ['DateGreaterThan', 'yesterday', '2026-01-01T00:00:01Z', false],
    ['DateGreaterThanEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
    ['Bool', 'true', 'True', true],
    ['Bool', 'true', 'false', false],
    ['Bool', 'yes', 'yes', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', false],
    ['IpAddress', '192.0.2.0/24', '192.0.2.255', true],
    ['IpAddress', '192.0.2.0/25', '192.0.2.128', false],
    ['IpAddress', '192.0.2.7', '192.0.2.7', true],
    ['IpAddress', '192.0.2.7', '192.0.2.8', false],
    ['IpAddress', '0.0.0.0/0', '192.0.2.8', true],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['IpAddress', '2001:db8::/32', '2001:0DB8:ffff:0:0:0:0:1', true],
    ['IpAddress', '2001:db8::/33', '2001:db8:8000::', false],
    ['IpAddress', '2001:db8::1', '2001:db8:0:0:0:0:0:1', true],
    ['IpAddress', '::/0', '2001:db8::1', true],
    ['IpAddress', '::ffff:192.0.2.0/120', '::ffff:192.0.2.9', true],
    ['IpAddress', '192.0.2.0/33', '192.0.2.0', false],
    ['IpAddress', '192.0.2.0/24/8', '192.0.2.0', false],
    ['IpAddress', '192.0.2.0/x', '192.0.2.0', false],
    ['IpAddress', '192.0.02.0/24', '192.0.2.0', false],
    ['IpAddress', '192.0.2.0/24', '192.0.2.256', false],
    ['IpAddress', '192.0.2.0/24', '192.0.2', false],
    ['IpAddress', '2001:db8::/32', '2001:db8::1::', false],
    ['IpAddress', '2001:db8::/32', '2001:db8:1', false],
    ['IpAddress', '2001:db8::/32', '2001:db8:1:2:3:4:5:6::', false],
    ['IpAddress', '2001:db8::/32', '2001:db8::g', false],
    ['ArnLike', 'arn:aws:iam::*:role/*', 'arn:aws:iam::111122223333:role/a/b', true],
    ['ArnLike', 'arn:aws:iam:*:role/*', 'arn:aws:iam::111122223333:role/a', false],
    ['ArnLike', 'arn:aws:iam::*:role/a', 'arn:aws:iam::111122223333:role/A', false],
    ['ArnLike', '*', 'arn:aws:iam::111122223333:role/a', false],
    ['ArnEquals', 'arn:*:iam::1111????3333:role/a', 'arn:aws:iam::111122223333:role/a', true],
  ])('%s %s, %s: %s, and its negation the other way round', (operator, written, asked, expected) => {
    expect(holds(operator, written, asked)).toBe(expected);
    const negated = operator
      .replace(/^(String|Numeric|Date|Arn)(Equals|Like)/, '$1Not$2')
      .replace(/^IpAddress/, 'NotIpAddress');
    if (negated !== operator) expect(holds(negated, written, asked)).toBe(!expected);
  });
});

describe('several values', () => {
  it('of a policy: one fits; under a negation, none may', () => {
    expect(holds('StringEquals', ['a', 'b'], 'b')).toBe(true);
    expect(holds('StringNotEquals', ['a', 'b'], 'b')).toBe(false);
    expect(holds('StringNotEquals', ['a', 'b'], 'c')).toBe(true);
    expect(holds('StringEquals', [], 'c')).toBe(false);
  });
  it('of a request: nothing holds without a set operator', () => {
    expect(holds('StringEquals', 'a', ['a'])).toBe(false);
    expect(holds('StringNotEquals', 'a', ['b'])).toBe(false);
    expect(holds('StringEqualsIfExists', 'a', ['a'])).toBe(false);
  });
  it('ForAllValues: each value must', () => {
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'])).toBe(true);
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'])).toBe(false);
    expect(holds('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'])).toBe(false);
    expect(holds('ForAllValues:StringEquals', 'a', 'a')).toBe(true);
  });
  it('ForAnyValue: one value must', () => {
    expect(holds('ForAnyValue:StringLike', 'a*', ['b', 'ab'])).toBe(true);
    expect(holds('ForAnyValue:StringLike', 'a*', ['b'])).toBe(false);
    expect(holds('ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'])).toBe(true);
    expect(holds('ForAnyValue:StringNotEquals', ['a', 'b'], ['a'])).toBe(false);
  });
});

describe('a key that is not there', () => {
  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['Bool', false],
    ['BoolIfExists', true],
    ['NotIpAddress', true],
    ['ForAllValues:StringEquals', true],
    ['ForAllValues:StringNotEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', false],
  ])('%s: %s', (operator, expected) => expect(holds(operator, 'true')).toBe(expected));

  it('Null asks for just that', () => {
    expect([holds('Null', 'true'), holds('Null', 'false'), holds('Null', ['true', 'false'])]).toEqual([
      true,
      false,
      true,
    ]);
    expect([holds('Null', 'true', 'x'), holds('Null', 'FALSE', 'x'), holds('Null', 'false', ['x'])]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('policy variables', () => {
  const name = policyVariable('aws:username');
  it('are filled in for text, ARNs and booleans, and in no other type', () => {
    const ann = { 'aws:username': 'ann', 'aws:flag': 'true' };
    expect(holds('StringEquals', name, 'ann', ann)).toBe(true);
    expect(holds('StringEqualsIgnoreCase', `${name}-x`, 'ANN-X', ann)).toBe(true);
    expect(holds('ArnLike', `arn:aws:iam::*:user/${name}`, 'arn:aws:iam::111122223333:user/ann', ann)).toBe(true);
    expect(holds('Bool', policyVariable('aws:flag'), 'true', ann)).toBe(true);
    expect(holds('NumericEquals', policyVariable('n'), '5', { n: '5' })).toBe(false);
  });
  it('without a value, nothing equals them; a list is no value of one', () => {
    expect(holds('StringEquals', name, name)).toBe(false);
    expect(holds('StringNotEquals', name, 'ann')).toBe(true);
    expect(holds('StringEquals', name, 'ann', { 'aws:username': ['ann'] })).toBe(false);
    expect(holds('StringEquals', policyVariable('aws:username', 'ann'), 'ann', { 'aws:username': '' })).toBe(true);
  });
});

it('several operators and several keys must all hold', () => {
  const keys = new Map([
    ['a', '1'],
    ['b', '2'],
  ]);
  const both = { StringEquals: { a: '1', b: '2' }, Null: { c: 'true' } };
  expect(conditionResults(both, keys).map((result) => [result.key, result.requestValue, result.holds])).toEqual([
    ['a', '1', true],
    ['b', '2', true],
    ['c', undefined, true],
  ]);
  expect(conditionResults(undefined, keys)).toEqual([]);
  expect(conditionResults({ StringEquals: { a: '1', b: '3' } }, keys).map((result) => result.holds)).toEqual([
    true,
    false,
  ]);
});

describe('parseOperator', () => {
  it.each([
    ['StringLike', { base: 'StringLike', ifExists: false }],
    ['stringlikeifexists', { base: 'StringLike', ifExists: true }],
    ['FORANYVALUE:ArnLike', { base: 'ArnLike', ifExists: false, set: 'ForAnyValue' }],
    ['ForAllValues:BoolIfExists', { base: 'Bool', ifExists: true, set: 'ForAllValues' }],
    ['Null', { base: 'Null', ifExists: false }],
  ])('%s', (text, expected) => expect(parseOperator(text)).toEqual(expected));
  it.each([
    'StringEquls',
    'ForEachValue:StringLike',
    'IfExists',
    '',
    'ForAnyValue:',
    'StringLikeIfExistsIfExists',
    'constructor',
  ])('knows no %s, and what it does not know never holds', (text) => {
    expect(parseOperator(text)).toBeUndefined();
    expect(holds(text, 'a', 'a')).toBe(false);
  });
});

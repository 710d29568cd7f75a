import { describe, expect, it } from 'vitest';
import { stringifyJson, toJson } from './json.ts';

interface Typed {
  readonly at: Date;
  readonly note?: string | undefined;
}

describe('toJson', () => {
  it('makes plain data of typed data', () => {
    const typed: Typed = { at: new Date('2026-11-24T10:00:00Z'), note: undefined };
    expect(toJson(typed)).toEqual({ at: '2026-11-24T10:00:00.000Z' });
  });

  it.each([
    ['NaN', { a: { b: Number.NaN } }],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a function', { a: () => 1 }],
    ['a bigint', { a: 1n }],
    ['a symbol', { a: Symbol('x') }],
    ['a Map', { a: new Map() }],
    ['a Set', { a: new Set() }],
    ['undefined', undefined],
    ['undefined in a list', [1, undefined]],
    ['an invalid Date', { at: new Date('never') }],
  ])('refuses %s instead of changing it in silence', (_, value) => {
    expect(() => stringifyJson(value)).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }));
  });

  it('says where', () => {
    expect(() => toJson({ outer: { inner: Number.NaN } })).toThrow('"inner" is NaN');
  });
});

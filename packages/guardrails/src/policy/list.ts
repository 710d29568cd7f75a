import type { OneOrMany } from './document.ts';

/** The values of an element that takes one or several. */
export const listOf = <T extends string>(values: OneOrMany<T> | undefined): readonly T[] =>
  values === undefined ? [] : typeof values === 'string' ? [values] : values;

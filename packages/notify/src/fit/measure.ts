import type { Measure } from './cut.ts';

/** Bytes in UTF-8. */
export const byteLength: Measure = (text) => Buffer.byteLength(text);

/** Characters as JSON, without the quotes: counts at least as much as the text itself. */
export const jsonLength: Measure = (text) => JSON.stringify(text).length - 2;

/** Bytes in UTF-8 of a value as JSON. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

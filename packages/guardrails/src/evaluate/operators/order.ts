import type { Compare } from './operator.ts';

type Check = (value: number, policyValue: number) => boolean;

const compared =
  (read: (text: string) => number, check: Check): Compare =>
  (policyValue, value) => {
    const [wanted, actual] = [read(policyValue), read(value)];
    return !Number.isNaN(wanted) && !Number.isNaN(actual) && check(actual, wanted);
  };

/** A decimal number; NaN for what is none. */
export const readNumber = (text: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;

/** Epoch seconds, or the ISO 8601 forms of the W3C's note: a year, a month, a day, or an instant with its zone. */
const iso = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/** Epoch ms of a date as IAM takes it; NaN for what is none. */
export const readInstant = (text: string): number => {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1_000;
  return iso.test(text) ? Date.parse(text) : Number.NaN;
};

const equal: Check = (a, b) => a === b;
const less: Check = (a, b) => a < b;
const lessOrEqual: Check = (a, b) => a <= b;

export const numericEquals: Compare = compared(readNumber, equal);
export const numericLessThan: Compare = compared(readNumber, less);
export const numericLessThanEquals: Compare = compared(readNumber, lessOrEqual);
export const numericGreaterThan: Compare = compared(readNumber, (a, b) => less(b, a));
export const numericGreaterThanEquals: Compare = compared(readNumber, (a, b) => lessOrEqual(b, a));
export const dateEquals: Compare = compared(readInstant, equal);
export const dateLessThan: Compare = compared(readInstant, less);
export const dateLessThanEquals: Compare = compared(readInstant, lessOrEqual);
export const dateGreaterThan: Compare = compared(readInstant, (a, b) => less(b, a));
export const dateGreaterThanEquals: Compare = compared(readInstant, (a, b) => lessOrEqual(b, a));

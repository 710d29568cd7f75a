import { RemediationError } from './errors.ts';

/** An option that cannot be meant: `where` is the function, `what` says the option, what it must be and what it was. */
export const invalidOption = (where: string, what: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'OPTION_INVALID', message: `${where}: ${what}`, cause });

/** Passes a whole number of at least 1 through; zero is none, never unlimited, so it is refused like any other misuse. */
export const positiveInteger = (where: string, name: string, value: number): number => {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw invalidOption(where, `${name} must be a whole number of at least 1, it is ${value}.`);
};

/** Passes a finite number of at least 0 through. */
export const nonNegative = (where: string, name: string, value: number): number => {
  if (Number.isFinite(value) && value >= 0) return value;
  throw invalidOption(where, `${name} must be a number of at least 0, it is ${value}.`);
};

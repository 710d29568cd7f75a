import { days, RemediationError } from '@remedykit/core';

/** Longer, and the end of a block would have no date that can be stored. */
const longestBlock: number = days(3_650);

/** An option that cannot be: which, and what it must be. */
export const invalid = (option: string, what: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'BLOCKER_OPTION_INVALID', message: `createNaclBlocker: "${option}" ${what}.`, cause });

/** A client of the SDK, a fake of it, or the function from target to client. */
export const isClient = (client: unknown): boolean =>
  typeof client === 'function' ||
  (typeof client === 'object' && client !== null && 'send' in client && typeof client.send === 'function');

/** A time between two bounds, ms. */
export const milliseconds = (option: string, value: number, least = 1, most: number = longestBlock): number => {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw invalid(option, `must be from ${least} to ${most} milliseconds (write hours(24)); it is ${value}`);
};

/** A whole number between two bounds. */
export const whole = (option: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(option, `must be a whole number from ${least} to ${most}; it is ${value}`);
};

/** True or false; false where nothing is said. */
export const readFlag = (option: string, value: boolean | undefined): boolean => {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw invalid(option, `must be true or false; it is ${String(value)}`);
};

import { invalidOption, nonNegative } from '../options.ts';

/** A limit by count and, where it is given, by share. */
export interface Limit {
  /** At most so many; 0 means none. */
  readonly max: number;
  /** At most this percentage of `of`, rounded up; 0 means none. */
  readonly maxPercent?: number;
  /** How many there are in all. Required with `maxPercent`. */
  readonly of?: number;
}

/**
 * How many a limit allows: the smaller of count and percentage. The percentage rounds up, so that a small share of a
 * small number is one and not none.
 * @throws RemediationError `OPTION_INVALID`
 */
export const allowance = ({ max, maxPercent, of }: Limit): number => {
  nonNegative('allowance', 'max', max);
  if (maxPercent === undefined) return Math.floor(max);
  nonNegative('allowance', 'maxPercent', maxPercent);
  if (of === undefined) throw invalidOption('allowance', 'maxPercent needs `of`, the number of which it is a share.');
  nonNegative('allowance', 'of', of);
  return Math.min(Math.floor(max), Math.ceil((of * maxPercent) / 100));
};

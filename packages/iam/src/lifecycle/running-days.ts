import { days } from '@remedykit/core';
import { addDays, type Day } from '../days.ts';
import type { StoppedClock } from '../model/case.ts';

/** The day after `count` days in which no clock stood still, the first of them `day` itself. One that is open lasts until now. */
export const addRunningDays = (day: Day, count: number, stopped: readonly StoppedClock[], now: Date): Day => {
  const stops = stopped.map(({ from, until }) => ({
    from: Date.parse(from),
    until: until === undefined ? now.getTime() + 1 : Date.parse(until),
  }));
  const stood = (start: number): boolean => stops.some(({ from, until }) => from < start + days(1) && until > start);
  let current = day;
  for (let left = count; left > 0; current = addDays(current, 1)) if (!stood(Date.parse(current))) left -= 1;
  return current;
};

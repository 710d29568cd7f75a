import type { Instant } from '@remedykit/core';

// Written out, not formatted by the runtime: its commas differ from version to version.
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A day in UTC, `Friday, 4 December 2026`; `an unknown day` for what is no instant. */
export const dayText = (instant: Instant): string => {
  const date = new Date(instant);
  const weekday = weekdays[date.getUTCDay()];
  const month = months[date.getUTCMonth()];
  if (weekday === undefined || month === undefined) return 'an unknown day';
  return `${weekday}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
};

/** A moment in UTC, `Friday, 4 December 2026, 00:00 UTC`. */
export const momentText = (instant: Instant): string => {
  const date = new Date(instant);
  return Number.isNaN(date.getTime())
    ? dayText(instant)
    : `${dayText(instant)}, ${date.toISOString().slice(11, 16)} UTC`;
};

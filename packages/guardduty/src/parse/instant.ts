import type { Instant } from '@remedykit/core';

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/** Numbers below are seconds, from here on milliseconds: 1e11 is the year 5138 in seconds and 1973 in milliseconds. */
const firstMilliseconds = 1e11;

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined || zone === 'Z') return 0;
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
};

const fromIso = (text: string): number => {
  const parts = isoText.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const date = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds),
  );
  // Date.UTC carries over, 30 February to 1 March, and adds 1900 to the years of one and two digits; what does not come back as written is no time.
  const asWritten =
    date.getUTCFullYear() === Number(year) &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute) &&
    date.getUTCSeconds() === Number(second);
  return asWritten ? date.getTime() - offsetMs(zone) : Number.NaN;
};

const fromNumber = (value: number): number => (value < firstMilliseconds ? value * 1000 : value);

/**
 * As `Date` writes it and GuardDuty does, on a day that every month has: such a time exists and needs no reading, which is
 * most of what reading a finding's four times costs.
 */
const canonical =
  /^(?:19[7-9]|[2-9]\d\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const timeOf = (value: unknown): number => {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value > 0 ? fromNumber(value) : Number.NaN;
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  return /^\d{9,16}(\.\d+)?$/.test(text) ? fromNumber(Number(text)) : fromIso(text);
};

/**
 * A time of a finding as ISO 8601 in UTC: from ISO text with or without zone (none: UTC) or with a space between date and
 * time, and from epoch seconds or milliseconds. Undefined where it cannot be read: a finding without a readable time is
 * stale, which is the gate's to say.
 */
export const readInstant = (value: unknown): Instant | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && canonical.test(value)) return value;
  const date = new Date(Math.trunc(timeOf(value)));
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date.toISOString() : undefined;
};

import { addTo, days, type Instant, toInstant } from '@remedykit/core';

/** A UTC day, as the instant of its midnight: `2026-11-24T00:00:00.000Z`. Days compare as texts do. */
export type Day = Instant;

/** The UTC day in which an instant falls. */
export const utcDay = (instant: Instant | Date): Day => `${toInstant(new Date(instant)).slice(0, 10)}T00:00:00.000Z`;

/** The first midnight UTC that is not before an instant. */
export const midnightFrom = (instant: Instant | Date): Day => {
  const day = utcDay(instant);
  return Date.parse(day) === new Date(instant).getTime() ? day : addDays(day, 1);
};

/** The day `count` days later; earlier for a negative count. */
export const addDays = (day: Day, count: number): Day => addTo(day, days(count));

/** Whole UTC days from one instant to the other: midnights that lie between, so 23:59 to 00:01 is one. */
export const ageInDays = (since: Instant | Date, now: Instant | Date): number =>
  (Date.parse(utcDay(now)) - Date.parse(utcDay(since))) / days(1);

/** The latest of some days. */
export const latestDay = (first: Day, ...others: readonly (Day | undefined)[]): Day =>
  others.reduce<Day>((latest, day) => (day !== undefined && day > latest ? day : latest), first);

/** The latest of some instants, however they are written. */
export const latestInstant = (first: Instant, ...others: readonly (Instant | undefined)[]): Instant =>
  others.reduce<Instant>(
    (latest, instant) => (instant !== undefined && Date.parse(instant) > Date.parse(latest) ? instant : latest),
    first,
  );

/** A length of time in milliseconds. Write it in words: `hours(24)`. */
export type Duration = number;

/** The current instant. Injected wherever time matters, so that a decision can be made again for any instant. */
export type Clock = () => Date;

/** An instant as stored: ISO 8601 in UTC, `2026-11-24T10:00:00.000Z`. */
export type Instant = string;

/** `count` seconds, in milliseconds. */
export const seconds = (count: number): Duration => count * 1000;

/** `count` minutes, in milliseconds. */
export const minutes = (count: number): Duration => seconds(count * 60);

/**
 * `count` hours, in milliseconds.
 * @example
 * ```ts
 * import { hours } from '@remedykit/core';
 * const blockFor = hours(24);
 * ```
 */
export const hours = (count: number): Duration => minutes(count * 60);

/** `count` days of 24 hours, in milliseconds. */
export const days = (count: number): Duration => hours(count * 24);

/** The clock of the machine. */
export const systemClock: Clock = () => new Date();

/** A `Date` as it is stored. */
export const toInstant = (date: Date): Instant => date.toISOString();

/** `instant` moved by `duration` milliseconds. */
export const addTo = (instant: Instant | Date, duration: Duration): Instant =>
  new Date(new Date(instant).getTime() + duration).toISOString();

/** How many characters of a reason or a name are kept with what a person asks for. */
export const longestText = 256;

/** True for what a person must say: some words, and not too many. */
export const isRequestText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longestText;

/** True for an end that is still to come. */
export const isFuture = (value: unknown, now: Date): value is Date =>
  value instanceof Date && value.getTime() > now.getTime();

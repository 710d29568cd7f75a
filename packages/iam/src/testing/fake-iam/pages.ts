import { awsError } from '../aws-error.ts';
import { validationError } from './errors.ts';

/** What a paged operation was asked for. */
export interface PageRequest {
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

/** Makes pages smaller than asked for, as IAM may; by operation where it is a function. 0 gives an empty page. */
export type PageSize = number | ((operation: string) => number);

/** The part of an answer that pages. */
export interface PageEnd {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** Cuts pages off lists, which must be in ascending order of `keyOf`. */
export type Pager = <T>(
  operation: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
) => { readonly page: readonly T[]; readonly end: PageEnd };

/** The key of the last item that was given, so that nobody is left out or given twice when others come or go. */
const lastKeyIn = (operation: string, marker: string): string => {
  const [named, last] = Buffer.from(marker, 'base64url').toString().split('\n');
  if (named !== operation || last === undefined) throw awsError('ValidationError', `Invalid Marker: ${marker}`);
  return last;
};

/** A pager: 1 to 1,000 items at a time, 100 where nothing is said. */
export const createPager =
  (forced: PageSize | undefined): Pager =>
  (operation, items, keyOf, { MaxItems, Marker }) => {
    if (MaxItems !== undefined && !(Number.isInteger(MaxItems) && MaxItems >= 1 && MaxItems <= 1_000)) {
      const rule = MaxItems < 1 ? 'greater than or equal to 1' : 'less than or equal to 1000';
      throw validationError(MaxItems, 'maxItems', `Member must have value ${rule}`);
    }
    const limit = typeof forced === 'function' ? forced(operation) : (forced ?? Number.POSITIVE_INFINITY);
    const after = Marker === undefined ? undefined : lastKeyIn(operation, Marker);
    const next = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
    const start = next < 0 ? items.length : next;
    const stop = start + Math.min(MaxItems ?? 100, limit);
    const page = items.slice(start, stop);
    if (stop >= items.length) return { page, end: { IsTruncated: false } };
    const last = page.at(-1);
    const text = `${operation}\n${last === undefined ? (after ?? '') : keyOf(last)}`;
    return { page, end: { IsTruncated: true, Marker: Buffer.from(text).toString('base64url') } };
  };

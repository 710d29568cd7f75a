import type { Filter } from '@aws-sdk/client-ec2';
import { awsError } from '../aws-error.ts';
import { invalidCombination, invalidParameterValue, missingParameter } from './errors.ts';

/** The values of an item that each filter of an operation looks at. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

const asPattern = (value: string): RegExp => {
  const body = value
    .split('')
    .map((letter) => (letter === '*' ? '.*' : letter === '?' ? '.' : letter.replace(/[\\^$.|+()[\]{}]/, '\\$&')))
    .join('');
  return new RegExp(`^${body}$`, 's');
};

/** The items that pass all filters; one filter passes when any of its values fits, `*` and `?` as wildcards. */
export const applyFilters = <T>(
  operation: string,
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
): readonly T[] => {
  const tests = (filters ?? []).map((filter) => {
    const name = filter.Name ?? '';
    const read = fields[name];
    if (read === undefined) {
      throw new Error(
        `The fake ec2 does not know the filter "${name}" of ${operation}. It knows: ${Object.keys(fields).join(', ')}.`,
      );
    }
    const values = filter.Values ?? [];
    if (values.length === 0) throw missingParameter('filter.1.value');
    if (values.length > 200) {
      throw awsError('FilterLimitExceeded', 'The maximum number of filter values specified on a single call is 200');
    }
    const patterns = values.map(asPattern);
    return (item: T): boolean =>
      read(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
  });
  return items.filter((item) => tests.every((passes) => passes(item)));
};

/** The items with these ids, in the order of the items; an unknown id is an error, as in EC2. */
export const pickByIds = <T>(
  items: readonly T[],
  ids: readonly string[] | undefined,
  idOf: (item: T) => string,
  notFound: (id: string) => Error,
): readonly T[] => {
  if (ids === undefined || ids.length === 0) return items;
  const known = new Set(items.map(idOf));
  for (const id of ids) if (!known.has(id)) throw notFound(id);
  return items.filter((item) => ids.includes(idOf(item)));
};

/** What a paged describe was asked for. */
export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

interface PageRules {
  readonly forced: number | undefined;
  readonly hasIds: boolean;
  readonly least?: number;
  readonly most?: number;
}

/**
 * One page. EC2 takes 5 to 1,000 as MaxResults where nothing else is said, and not together with ids; `forced` makes pages
 * smaller than asked.
 */
export const pageOf = <T>(
  operation: string,
  items: readonly T[],
  { MaxResults, NextToken }: PageRequest,
  { forced, hasIds, least = 5, most = 1_000 }: PageRules,
): { readonly page: readonly T[]; readonly NextToken?: string } => {
  if (MaxResults !== undefined) {
    if (hasIds) throw invalidCombination('The parameter maxResults cannot be used together with a list of ids.');
    if (MaxResults < least) {
      throw invalidParameterValue('maxResults', MaxResults, `Expecting a value greater than or equal to ${least}.`);
    }
    if (MaxResults > most) {
      throw invalidParameterValue('maxResults', MaxResults, `Expecting a value less than or equal to ${most}.`);
    }
  }
  const size = Math.min(MaxResults ?? Number.POSITIVE_INFINITY, forced ?? Number.POSITIVE_INFINITY);
  const prefix = `${operation}-page-`;
  const start =
    NextToken === undefined ? 0 : Number(NextToken.startsWith(prefix) ? NextToken.slice(prefix.length) : -1);
  if (!(start >= 0)) throw awsError('InvalidNextToken', 'The token is not valid.');
  const end = start + size;
  return end < items.length
    ? { page: items.slice(start, end), NextToken: `${prefix}${end}` }
    : { page: items.slice(start) };
};

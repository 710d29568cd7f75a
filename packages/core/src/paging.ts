import { RemediationError } from './errors.ts';
import { positiveInteger } from './options.ts';

/** One page of an answer. An absent or empty token ends it, as AWS's APIs have it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

/**
 * All items of a paged answer. Never a part of it in silence: an answer that goes round in circles or does not end within
 * `maxPages` is an error.
 * @throws RemediationError `PAGING_LOOP` (a token came twice), `PAGING_TOO_LONG` (more than `maxPages`), `OPTION_INVALID`
 * @example
 * ```ts
 * import { collectPages } from '@remedykit/core';
 * const list = async (token?: string) => ({ items: [1, 2], nextToken: token === undefined ? 'second' : undefined });
 * const all = await collectPages(list, { maxPages: 10 });
 * ```
 */
export const collectPages = async <T>(
  fetchPage: (token?: string) => Promise<Page<T>>,
  { maxPages }: { readonly maxPages: number },
): Promise<T[]> => {
  positiveInteger('collectPages', 'maxPages', maxPages);
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const { items: more, nextToken } = await fetchPage(token);
    for (const item of more) items.push(item);
    if (!nextToken) return items;
    if (seen.has(nextToken))
      throw new RemediationError({
        code: 'PAGING_LOOP',
        message: `The answer goes round in circles: page ${page} gave a token that an earlier page had given.`,
        retryable: true,
      });
    seen.add(nextToken);
    token = nextToken;
  }
  throw new RemediationError({
    code: 'PAGING_TOO_LONG',
    message: `The answer has more than ${maxPages} pages (${items.length} items read so far). Narrow the request or raise maxPages.`,
  });
};

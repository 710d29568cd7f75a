import { describe, expect, it } from 'vitest';
import { collectPages, type Page } from './paging.ts';

const pages =
  (...tokens: (string | undefined)[]): ((token?: string) => Promise<Page<string>>) =>
  async (token) => {
    const index = token === undefined ? 0 : tokens.indexOf(token) + 1;
    return { items: [`item ${index}`], nextToken: tokens[index] };
  };

describe('collectPages', () => {
  it('follows the tokens to the end', async () => {
    await expect(collectPages(pages('a', 'b', undefined), { maxPages: 3 })).resolves.toEqual([
      'item 0',
      'item 1',
      'item 2',
    ]);
  });

  it('takes an empty token for the end', async () => {
    await expect(collectPages(pages(''), { maxPages: 2 })).resolves.toEqual(['item 0']);
  });

  it('gives no partial answer when a token repeats', async () => {
    await expect(collectPages(pages('a', 'b', 'a'), { maxPages: 99 })).rejects.toMatchObject({ code: 'PAGING_LOOP' });
  });

  it('gives no partial answer when there are too many pages', async () => {
    await expect(collectPages(pages('a', 'b', undefined), { maxPages: 2 })).rejects.toMatchObject({
      code: 'PAGING_TOO_LONG',
    });
  });

  it('hands on the error of a page', async () => {
    const fetchPage = async (): Promise<Page<string>> => Promise.reject(new Error('throttled'));
    await expect(collectPages(fetchPage, { maxPages: 1 })).rejects.toThrow('throttled');
  });

  it('refuses zero pages: zero is none, not unlimited', async () => {
    await expect(collectPages(pages(undefined), { maxPages: 0 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});

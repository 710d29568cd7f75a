import { isRemediationError, RemediationError } from '@remedykit/core';
import { canonicalCidr } from '../gate/cidr.ts';

/**
 * The addresses and CIDRs of an allow-list file: one a line; `#` begins a comment, empty lines count for nothing.
 * @throws RemediationError `ALLOW_LIST_INVALID`, naming file and line: an entry that cannot be read protects nobody
 */
export const parseAllowList = (text: string, file: string): string[] =>
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => {
      const entry = line.replace(/#.*$/, '').trim();
      if (entry === '') return [];
      try {
        return [canonicalCidr(entry)];
      } catch (cause) {
        throw new RemediationError({
          code: 'ALLOW_LIST_INVALID',
          message: `${file}, line ${index + 1}: ${isRemediationError(cause) ? cause.message : 'it cannot be read.'}`,
          cause,
        });
      }
    });

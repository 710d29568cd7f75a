import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { extractThreats } from '../threats/extract.ts';
import { parseFindings, parseRecords } from './index.ts';

// About 1 MB each, made to exhaust a stack, a regular expression or patience; what they cost is in `pnpm bench parse`.
const size = 1_048_576;

const finding = (changes: object = {}): string =>
  JSON.stringify({
    id: 'f1',
    type: 'Recon:EC2/Portscan',
    accountId: '111122223333',
    region: 'eu-west-1',
    severity: 2,
    ...changes,
  });

/** A finding with this JSON text in place of a field, as `JSON.stringify` could not make it. */
const withJson = (field: string, json: string): string => finding({ [field]: '@' }).replace('"@"', () => json);
const keys = (name: (index: number) => string): string =>
  Array.from({ length: size / 16 }, (_, index) => `"${name(index)}":1`).join();

const hostile: readonly (readonly [string, string, string | undefined])[] = [
  ['lists in lists', '['.repeat(size / 2) + ']'.repeat(size / 2), 'FINDING_FORM_UNSUPPORTED'],
  ['lists that never end', '['.repeat(size), 'FINDING_NOT_JSON'],
  ['objects that never end', '{"a":'.repeat(size / 5), 'FINDING_NOT_JSON'],
  ['a deep field', withJson('other', '{"a":'.repeat(size / 6) + 1 + '}'.repeat(size / 6)), undefined],
  ['a deep service', withJson('service', '{"service":'.repeat(size / 12) + 1 + '}'.repeat(size / 12)), undefined],
  ['many keys', withJson('service', `{${keys((index) => `k${index}`)}}`), undefined],
  ['__proto__ over and over', withJson('service', `{${keys(() => '__proto__')}}`), undefined],
  ['a huge number', withJson('severity', '9'.repeat(size)), 'FINDING_MALFORMED'],
  ['a huge number as text', finding({ severity: '9'.repeat(size) }), 'FINDING_MALFORMED'],
  ['a long id', finding({ id: 'x'.repeat(size) }), 'FINDING_MALFORMED'],
  ['a long Region', finding({ region: 'a-'.repeat(size / 2) }), 'FINDING_MALFORMED'],
  ['a long title', finding({ title: ' '.repeat(size) }), undefined],
  ['long times', finding({ createdAt: '1'.repeat(size), updatedAt: `${' '.repeat(size)}x` }), undefined],
  ['lone surrogates', finding({ title: '@' }).replace('@', '\\ud800'.repeat(size / 6)), undefined],
  [
    'a long address',
    finding({ service: { action: { remoteIpDetails: { ipAddressV6: ':'.repeat(size) } } } }),
    'FINDING_MALFORMED',
  ],
  ['nothing but separators', ','.repeat(size), 'FINDING_NOT_JSON'],
  ['nothing but quotes', '"'.repeat(size), 'FINDING_NOT_JSON'],
  ['nothing but backslashes', `"${'\\'.repeat(size)}`, 'FINDING_NOT_JSON'],
  ['nothing but blanks', ' '.repeat(size), 'FINDING_NOT_JSON'],
  ['lines of nothing', '{}\n'.repeat(size / 3), 'NOT_A_FINDING'],
  ['a list of nothing', `[${'{},'.repeat(size / 3)}{}]`, 'NOT_A_FINDING'],
  ['records of nothing', `{"Records":[{"eventSource":"aws:sqs"}${',{}'.repeat(size / 3)}]}`, 'RECORDS_MALFORMED'],
];

const codeOf = (read: () => unknown): string | undefined => {
  try {
    read();
  } catch (error) {
    if (isRemediationError(error)) return error.code;
    throw error;
  }
  return undefined;
};

describe('hostile documents', () => {
  it.each(hostile)('%s: a finding or a coded error', (_, text, code) => {
    expect(codeOf(() => parseFindings(text).flatMap(extractThreats))).toBe(code);
    const record = { eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q', body: text };
    const [{ finding: read, error } = {}] = parseRecords({ Records: [record] });
    expect([read === undefined, error === undefined].toSorted()).toEqual([false, true]);
    expect({}).not.toHaveProperty('a');
  });
});

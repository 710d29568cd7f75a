import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from './json-text.ts';

const messageFor = (text: string): string => {
  try {
    parseJsonText(text, 'The text');
  } catch (error) {
    if (isRemediationError(error)) return error.message;
    throw error;
  }
  return 'no error';
};

describe('parseJsonText', () => {
  it.each([
    ['', 'the text ends too early at position 0 of 0'],
    ['{"a":1', 'the text ends too early at position 6 of 6'],
    ['{"a":tru}', 'a character that is not JSON at position 5 of 9'],
    ['{"a":1}}', 'a character that is not JSON at position 7 of 8'],
    ['[1,]', 'a character that is not JSON at position 3 of 4'],
    ['{"a" 1}', 'a character that is not JSON at position 5 of 7'],
    ['{"a":1,}', 'a character that is not JSON at position 7 of 8'],
    ['[}', 'a character that is not JSON at position 1 of 2'],
    ['["\\x"]', 'a character that is not JSON at position 2 of 6'],
    ['{"a":"b\u0001c"}', 'a character that is not JSON at position 7 of 11'],
  ])('names the position in %j', (text, expected) => {
    expect(messageFor(text)).toContain(expected);
  });

  it('looks for the fault in the first 16,384 characters', () => {
    const spaces = ' '.repeat(16_383);
    expect(messageFor(`${spaces}x`)).toContain('a character that is not JSON at position 16383 of 16384');
    expect(messageFor(`${spaces} x`)).toContain('the fault is at or after position 16384 of 16385');
    expect(messageFor(`${spaces} `)).toContain('the text ends too early at position 16384 of 16384');
  });

  it('does not quote the text', () => {
    expect(messageFor('{"secret":hunter2}')).not.toMatch(/hunter2|secret/);
  });
});

import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = new Date('2026-11-24T10:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['1', 1000],
    ['0', 0],
    ['2.5', 2500],
    ['Tue, 24 Nov 2026 10:00:07 GMT', 7000],
    ['Tue, 24 Nov 2026 09:59:00 GMT', 0],
    ['9'.repeat(400), 86_400_000],
  ])('reads %s', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it.each([null, undefined, '', '  ', 'soon', '-5 minutes'])('knows nothing from %s', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { parseFinding, parseFindings, parseRecords } from './index.ts';

const stackOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? '') : '';
  }
  return '';
};

describe('the stack of a parse error', () => {
  it.each([
    ['parseFinding', () => parseFinding('{')],
    ['parseFindings', () => parseFindings({ Findings: [{}] })],
    ['parseRecords', () => parseRecords([])],
  ])('%s: begins at its caller, who can mend it', (_, read) => {
    expect(stackOf(read).split('\n')[1]).toContain('parse-error.test.ts');
  });

  it('is left out where thousands of records may be broken, and the limit is as it was', () => {
    const before = Error.stackTraceLimit;
    const [{ error } = {}] = parseRecords({ Records: [{ eventSource: 'aws:sqs', body: '{' }] });
    expect(error?.stack).not.toContain('\n    at ');
    expect(Error.stackTraceLimit).toBe(before);
  });
});

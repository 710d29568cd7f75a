import { describe, expect, it } from 'vitest';
import { readRequest } from './request.ts';

const names = ['until', 'reason', 'only', 'decision'];
const read = (event: unknown) => readRequest(event, names);
const invalid = (what: string) =>
  expect.objectContaining({ code: 'REQUEST_INVALID', message: expect.stringContaining(what) });

describe('readRequest', () => {
  it('reads texts, choices, lists, days and instants', () => {
    const fields = read({ reason: 'INC-12', decision: 'act', only: ['dana'], until: '2027-01-31' });
    expect(fields.text('reason')).toBe('INC-12');
    expect(fields.oneOf('decision', ['confirm', 'act'])).toBe('act');
    expect(fields.optionalTexts('only')).toEqual(['dana']);
    expect(read({}).optionalTexts('only')).toBeUndefined();
    expect(fields.instant('until')).toEqual(new Date('2027-01-31T00:00:00.000Z'));
    expect(read({ until: '2027-01-31T10:30Z' }).instant('until')).toEqual(new Date('2027-01-31T10:30:00.000Z'));
  });

  it.each([[undefined], [null], ['{}'], [[]], [5]])('refuses %j', (event) => {
    expect(() => read(event)).toThrow(invalid('must be a JSON object of until, reason'));
  });

  it('refuses a field that nobody reads', () => {
    expect(() => read({ ony: ['dana'] })).toThrow(invalid('has a field "ony"'));
  });

  it.each([[undefined], [''], [' '], [5], [null]])('a text is not %j', (reason) => {
    expect(() => read({ reason }).text('reason')).toThrow(invalid('"reason"'));
  });

  it.each([['dana'], [[]], [['dana', 5]], [null]])('a list is not %j', (only) => {
    expect(() => read({ only }).optionalTexts('only')).toThrow(invalid('"only"'));
  });

  it.each([['2027-02-30'], ['31.01.2027'], ['tomorrow'], ['2027-01-31T10:00:00+01:00'], ['2027-01-31T25:00Z'], [5]])(
    'an instant is not %j',
    (until) => {
      expect(() => read({ until }).instant('until')).toThrow(invalid('"until"'));
    },
  );

  it('a choice is one of its values', () => {
    expect(() => read({ decision: 'Act' }).oneOf('decision', ['confirm', 'act'])).toThrow(invalid('confirm or act'));
  });
});

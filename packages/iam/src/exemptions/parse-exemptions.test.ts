import { describe, expect, it } from 'vitest';
import type { Exemption, TagExemption } from './exemption.ts';
import { parseExemptions, parseTagExemption } from './parse-exemptions.ts';

const terms = { reason: 'legacy bridge', expires: new Date('2027-03-31') };
/** What plain JavaScript can pass. */
const untyped = (input: unknown): readonly Exemption[] => JSON.parse(JSON.stringify([input])) as readonly Exemption[];
const invalid = (what: string) =>
  expect.objectContaining({ code: 'EXEMPTION_INVALID', message: expect.stringContaining(what) });

describe('parseExemptions', () => {
  it('keeps what is expired, for it is reported', () => {
    expect(parseExemptions([{ path: '/mainframe/', reason: 'over', expires: new Date('2020-01-01') }])).toEqual([
      { kind: 'path', value: '/mainframe/', reason: 'over', expires: '2020-01-01T00:00:00.000Z' },
    ]);
  });

  it.each([
    ['everybody by pattern', { pattern: '*' }, 'everybody'],
    ['everybody by another pattern', { pattern: '?*' }, 'everybody'],
    ['an empty pattern', { pattern: '' }, 'pattern'],
    ['a pattern that no name can fit', { pattern: 'a b*' }, 'pattern'],
    ['everybody by path', { path: '/' }, 'everybody'],
    ['a path without its end', { path: '/mainframe' }, 'path'],
    ['a path without its beginning', { path: 'mainframe/' }, 'path'],
    ['a path with a wildcard', { path: '/main*/' }, 'path'],
    ['an empty path', { path: '' }, 'path'],
    ['an empty group', { group: '' }, 'group'],
    ['a group with a wildcard', { group: '*' }, 'group'],
    ['an empty user', { user: '' }, 'user'],
    ['a user with a wildcard', { user: 'svc-*' }, 'user'],
    ['the ARN of a role', { user: 'arn:aws:iam::111122223333:role/x' }, 'user'],
    ['an ARN with a wildcard', { user: 'arn:aws:iam::111122223333:user/*' }, 'user'],
    ['the id of a role', { userId: 'AROAALICE0000000001' }, 'AIDA'],
  ])('refuses %s', (_, selector, what) => {
    expect(() => parseExemptions([{ ...selector, ...terms }])).toThrow(invalid(what));
  });

  it('refuses an exemption without reason or end, and one with an end that is no date', () => {
    expect(() => parseExemptions([{ user: 'alice', ...terms, reason: ' ' }])).toThrow(invalid('reason'));
    expect(() => parseExemptions([{ user: 'alice', ...terms, reason: 'x'.repeat(257) }])).toThrow(invalid('reason'));
    expect(() => parseExemptions([{ user: 'alice', ...terms, expires: new Date('soon') }])).toThrow(invalid('expires'));
    expect(() => parseExemptions(untyped({ user: 'alice', reason: 'x' }))).toThrow(invalid('expires'));
    expect(() => parseExemptions(untyped({ user: 'alice', reason: 'x', expires: '2027-03-31' }))).toThrow(
      invalid('expires'),
    );
  });

  it('refuses two selectors, none, and a field that it does not know', () => {
    expect(() => parseExemptions([{ user: 'alice', path: '/x/', ...terms }])).toThrow(invalid('exactly one'));
    expect(() => parseExemptions(untyped(terms))).toThrow(invalid('exactly one'));
    expect(() => parseExemptions(untyped({ users: 'alice', ...terms }))).toThrow(invalid('"users"'));
    expect(() => parseExemptions(untyped({ user: 7, ...terms }))).toThrow(invalid('user'));
    expect(() => parseExemptions(untyped(null))).toThrow(invalid('exemptions[0]'));
  });

  it('names the one that is wrong', () => {
    expect(() =>
      parseExemptions([
        { user: 'alice', ...terms },
        { pattern: '*', ...terms },
      ]),
    ).toThrow(invalid('exemptions[1]'));
  });
});

describe('parseTagExemption', () => {
  const acknowledge = 'whoever-may-tag-users-may-exempt-them';

  it('passes a key with the words that say what it means', () => {
    expect(parseTagExemption({ key: 'remedykit:exempt', acknowledge })).toEqual({
      key: 'remedykit:exempt',
      acknowledge,
    });
  });

  it('refuses an empty key, and a switch without the words', () => {
    expect(() => parseTagExemption({ key: ' ', acknowledge })).toThrow(invalid('key'));
    expect(() => parseTagExemption(JSON.parse('{"key":"exempt","acknowledge":true}') as TagExemption)).toThrow(
      invalid('whoever-may-tag-users'),
    );
  });
});
